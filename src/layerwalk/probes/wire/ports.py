"""Source ports that are ours alone while the walk lasts."""

from __future__ import annotations

import socket


class Ports:
    """Reserved local ports: bound, never listening, so the kernel resets what comes in there.

    That reset is wanted: it takes a half-open connection back at the target at once.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], socket.socket] = {}

    def reserve(self, source: str, purpose: str) -> int:
        """Reserve a port on this source address; the same purpose gets the same port.

        Raises:
            OSError: no port is free, or the address is not this machine's.
        """
        key = (source, purpose)
        if key not in self._held:
            family = socket.AF_INET6 if ":" in source else socket.AF_INET
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.bind(_local(source))
            except OSError:
                sock.close()
                raise
            self._held[key] = sock
        return int(self._held[key].getsockname()[1])

    def close(self) -> None:
        """Give all ports back."""
        for sock in self._held.values():
            sock.close()


def _local(source: str) -> tuple[str, int] | tuple[str, int, int, int]:
    address, _, scope = source.partition("%")
    if ":" not in address:
        return address, 0
    return address, 0, 0, socket.if_nametoindex(scope) if scope else 0
