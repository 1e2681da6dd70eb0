"""The kernel's counters of this network namespace, which anyone may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path("/proc/thread-self/net")
_LAST_USED = 9
_FORWARDED = {4: ("IpForwDatagrams",), 6: ("Ip6OutForwDatagrams",)}


@dataclass(frozen=True)
class NetworkCounters:
    """One look at them: packets, since the machine started.

    ``transmitted`` counts behind this machine's output rules, ``interface`` what the interface has
    sent; ``lost`` is what came in and was neither delivered nor forwarded.
    """

    transmitted: int
    interface: int
    lost: int
    reversed: int


def network_counters(version: int, interface: str) -> NetworkCounters:
    """Look at the counters of one family and one interface.

    From Linux 6.7 on OutRequests counts in front of the output rules and OutTransmits behind them;
    before that there is only OutRequests, and it counts behind.
    """
    prefix = "Ip6" if version == 6 else "Ip"
    found = numbers("snmp6") if version == 6 else pairs("snmp")
    sent = found.get(f"{prefix}OutTransmits", found.get(f"{prefix}OutRequests", 0))
    handed_on = sum(found.get(name, 0) for name in _FORWARDED[version])
    came_in = found.get(f"{prefix}InReceives", 0)
    return NetworkCounters(
        transmitted=sent,
        interface=_sent_by(interface),
        lost=came_in - found.get(f"{prefix}InDelivers", 0) - handed_on,
        reversed=reverse_path_drops(),
    )


def reverse_path_drops() -> int:
    """How many packets the reverse path filter has dropped (kernel's snmp_counter)."""
    return pairs("netstat").get("TcpExtIPReversePathFilter", 0)


def listen_losses() -> tuple[int, int]:
    """How often a listener's queue was full, and how many connections listeners have lost at all.

    ListenOverflows and ListenDrops (kernel's snmp_counter), of all listeners of the namespace.
    """
    found = pairs("netstat")
    return found.get("TcpExtListenOverflows", 0), found.get("TcpExtListenDrops", 0)


def received_by_interface() -> dict[str, int]:
    """How many packets each interface but loopback has received."""
    return {name: columns[1] for name, columns in devices() if name != "lo"}


def unreachable_reports(version: int) -> int:
    """How many "destination unreachable" messages of one family have come in (RFC 4293)."""
    if version == 6:
        return numbers("snmp6").get("Icmp6InDestUnreachs", 0)
    return pairs("snmp").get("IcmpInDestUnreachs", 0)


def pairs(name: str) -> dict[str, int]:
    """Read a file of two lines each: names, and their numbers below them."""
    found: dict[str, int] = {}
    with suppress(OSError, ValueError):
        lines = (_FOLDER / name).read_text(encoding="ascii").splitlines()
        for names, figures in zip(lines[::2], lines[1::2], strict=False):
            group, *words = names.split()
            values = figures.split()[1:]
            found |= {
                f"{group[:-1]}{word}": int(value)
                for word, value in zip(words, values, strict=False)
            }
    return found


def numbers(name: str) -> dict[str, int]:
    """Read a file of a name and a number a line."""
    found: dict[str, int] = {}
    with suppress(OSError, ValueError):
        for line in (_FOLDER / name).read_text(encoding="ascii").splitlines():
            word, value = line.split()
            found[word] = int(value)
    return found


def _sent_by(interface: str) -> int:
    """How many packets an interface has sent."""
    return next((columns[9] for name, columns in devices() if name == interface), 0)


def devices() -> Iterator[tuple[str, list[int]]]:
    """Read /proc/net/dev: each interface with its sixteen columns."""
    with suppress(OSError, ValueError):
        for line in (_FOLDER / "dev").read_text(encoding="ascii").splitlines():
            name, colon, rest = line.partition(":")
            columns = [int(word) for word in rest.split()]
            if colon and len(columns) > _LAST_USED:
                yield name.strip(), columns
