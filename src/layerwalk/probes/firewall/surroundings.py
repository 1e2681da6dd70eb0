"""What this machine's settings add to a packet: ports, addresses, the way back."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome
from layerwalk.probes.firewall.packet import SYN, address_of, perhaps_with_ecn
from layerwalk.probes.firewall.values import Missing, Span, Value
from layerwalk.probes.route import route

CLIENT_PORTS = Span(1024, 65535)
"""A client's system may take any port that is not reserved."""

_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TTL4 = Path("/proc/sys/net/ipv4/ip_default_ttl")
_ECN = Path("/proc/sys/net/ipv4/tcp_ecn")
_ASKED_FOR = frozenset({1, 3, 4})  # ip-sysctl: with these a SYN asks for it
_TTL6 = Path("/proc/sys/net/ipv6/conf")
# Of the thread, not of the process: threads may be in other namespaces.
_TRIE4 = Path("/proc/thread-self/net/fib_trie")
_ADDRESSES6 = Path("/proc/thread-self/net/if_inet6")
_LOCAL4 = re.compile(r"\|-- (\S+)\n\s+/32 host LOCAL")
_DEFAULT_RANGE = Span(32768, 60999)


def local_ports() -> Span:
    """Read the range that the kernel takes source ports from (ip(7))."""
    try:
        low, high = _PORT_RANGE.read_text(encoding="ascii").split()
        return Span(int(low), int(high))
    except (OSError, ValueError):
        return _DEFAULT_RANGE


def own_traits(interface: str) -> dict[str, Value]:
    """Read what the headers of this machine's connections have besides their ends."""
    found: dict[str, Value] = {"ip dscp": 0, "ip6 dscp": 0}
    limits = {"ip ttl": _TTL4, "ip6 hoplimit": _TTL6 / interface / "hop_limit"}
    for name, path in limits.items():
        try:
            found[name] = int(path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
    with suppress(OSError, ValueError):
        if int(_ECN.read_text(encoding="ascii")) in _ASKED_FOR:
            found["tcp flags"] = perhaps_with_ecn(SYN)
    return found


def own_addresses(version: int) -> frozenset[int]:
    """List this machine's addresses as numbers, as the kernel's tables have them (proc(5))."""
    try:
        if version == 6:
            lines = _ADDRESSES6.read_text(encoding="ascii").splitlines()
            return frozenset(int(line.split()[0], 16) for line in lines)
        texts = _LOCAL4.findall(_TRIE4.read_text(encoding="ascii"))
    except (OSError, ValueError, IndexError):
        return frozenset()
    numbers = (address_of(text, version) for text in texts)
    return frozenset(number for number in numbers if isinstance(number, int))


def way_back(client: str, interface: str, ctx: ProbeContext) -> Value:
    """Tell the interface by which a client would be answered: all there is to a path filter.

    Any outside client comes in as it should.
    """
    if not client:
        return interface
    found = route(client, ctx)
    if found.outcome is not Outcome.ANSWERED:
        return Missing.UNKNOWN
    return found.interface if found.interface == interface else ""
