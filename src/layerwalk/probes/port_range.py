"""The ports that the kernel gives to connections by itself, and how many sockets there are.

Sources: the kernel's ip-sysctl (ip_local_port_range, ip_local_reserved_ports) and, for the counts,
/proc/net/sockstat. Both answer for the network namespace of the calling thread, whoever asks; IPv6
uses the same range.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SETTINGS = Path("/proc/sys/net/ipv4")
COUNTS = Path("/proc/thread-self/net")


@dataclass(frozen=True)
class PortRange:
    """The first and the last port; ``reserved`` are those between that are never given away."""

    low: int
    high: int
    reserved: tuple[tuple[int, int], ...] = ()

    def __contains__(self, port: int) -> bool:
        """Whether a connection may get this port."""
        return self.low <= port <= self.high and not self.is_reserved(port)

    def is_reserved(self, port: int) -> bool:
        """Whether a port is set aside for somebody who asks for it by its number."""
        return any(low <= port <= high for low, high in self.reserved)

    @property
    def count(self) -> int:
        """How many ports connections may get."""
        held = {
            port
            for low, high in self.reserved
            for port in range(max(low, self.low), min(high, self.high) + 1)
        }
        return max(0, self.high - self.low + 1 - len(held))


def port_range(settings: Path = SETTINGS) -> PortRange:
    """Read the range.

    Raises:
        OSError: it can't be read.
        ValueError: it is no range.
    """
    low, high = (settings / "ip_local_port_range").read_text(encoding="ascii").split()
    reserved = ""
    with suppress(FileNotFoundError):
        reserved = (settings / "ip_local_reserved_ports").read_text(encoding="ascii").strip()
    return PortRange(int(low), int(high), tuple(_spans(reserved)))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Read what the kernel writes as ``8080,9000-9010``."""
    for part in text.split(","):
        if part:
            low, _, high = part.partition("-")
            yield int(low), int(high or low)


def tcp_sockets(counts: Path = COUNTS) -> int:
    """How many TCP sockets are listening or connected, or in TIME_WAIT, of both families.

    Raises:
        OSError: it can't be read.
        ValueError: it is not as the kernel writes it.
    """
    named = _line(counts / "sockstat", "TCP:")
    return named["inuse"] + named["tw"] + _of_ipv6(counts)


def _of_ipv6(counts: Path) -> int:
    with suppress(FileNotFoundError):  # a kernel without IPv6
        return _line(counts / "sockstat6", "TCP6:")["inuse"]
    return 0


def _line(path: Path, wanted: str) -> dict[str, int]:
    """Read the line of a protocol: names, each with its number behind it."""
    for line in path.read_text(encoding="ascii").splitlines():
        protocol, *words = line.split()
        if protocol == wanted:
            return {name: int(it) for name, it in zip(words[::2], words[1::2], strict=True)}
    message = f"{path} has no line {wanted}"
    raise ValueError(message)
