"""What the system's own resolver says: getaddrinfo(3), with all that nsswitch.conf names.

It can hang for as long as it likes and can't be told to stop, so it runs in a thread that nobody
waits for to end.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from layerwalk.probes.facts import Family

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6, None: socket.AF_UNSPEC}
_SYMBOLS = {getattr(socket, name): name for name in dir(socket) if name.startswith("EAI_")}


@dataclass(frozen=True, kw_only=True)
class SystemAnswer:
    """Addresses in the order that programs try them, or the error in words."""

    addresses: tuple[str, ...] = ()
    error: str = ""

    @property
    def final(self) -> bool:
        """Whether it would say the same again: EAI_AGAIN is a failure to find out."""
        return not self.error.startswith("EAI_AGAIN")


def system_lookup(name: str, family: Family | None) -> SystemAnswer:
    """Ask the system for a name's addresses. It may take very long."""
    try:
        found = socket.getaddrinfo(name, None, _FAMILIES[family], socket.SOCK_STREAM)
    except socket.gaierror as error:
        number = error.errno or 0
        return SystemAnswer(error=f"{_SYMBOLS.get(number, f'EAI {number}')}: {error.strerror}")
    except (OSError, UnicodeError, ValueError) as error:
        return SystemAnswer(error=str(error))
    return SystemAnswer(addresses=tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))
