"""What ``ping`` prints, read: replies and the ICMP errors that it reports, of either family.

The words are iputils' (ping.c, pr_icmph; ping6_common.c), in English because it runs with LC_ALL=C;
busybox prints replies alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPLY = re.compile(
    r"\d+ bytes from (?P<who>\S+?):? (?:icmp_)?seq=\d+ ttl=(?P<ttl>\d+)(?: time=(?P<ms>[\d.]+) ms)?"
)
_ERROR = re.compile(r"From (?P<who>\S+?):? icmp_seq=\d+ (?P<words>.+)")
_MTU = re.compile(r"mtu ?= ?(\d+)")
_BARRED = re.compile(
    r"socket: Operation not permitted|permission denied|[Ll]acking privilege|are you root"
)

_MEANINGS: dict[int, tuple[tuple[str, int, int], ...]] = {
    4: (
        ("Time to live exceeded", 11, 0),
        ("Frag reassembly time exceeded", 11, 1),
        ("Destination Net Unreachable for Type of Service", 3, 11),
        ("Destination Host Unreachable for Type of Service", 3, 12),
        ("Destination Net Unreachable", 3, 0),
        ("Destination Host Unreachable", 3, 1),
        ("Destination Protocol Unreachable", 3, 2),
        ("Destination Port Unreachable", 3, 3),
        ("Frag needed and DF set", 3, 4),
        ("Source Route Failed", 3, 5),
        ("Destination Net Unknown", 3, 6),
        ("Destination Host Unknown", 3, 7),
        ("Source Host Isolated", 3, 8),
        ("Destination Net Prohibited", 3, 9),
        ("Destination Host Prohibited", 3, 10),
        ("Packet filtered", 3, 13),
        ("Precedence Violation", 3, 14),
        ("Precedence Cutoff", 3, 15),
    ),
    6: (
        ("Time exceeded: Hop limit", 3, 0),
        ("Time exceeded: Defragmentation failure", 3, 1),
        ("Packet too big", 2, 0),
        ("Destination unreachable: No route", 1, 0),
        ("Destination unreachable: Administratively prohibited", 1, 1),
        ("Destination unreachable: Beyond scope of source address", 1, 2),
        ("Destination unreachable: Address unreachable", 1, 3),
        ("Destination unreachable: Port unreachable", 1, 4),
        ("Destination unreachable: Source address failed ingress/egress policy", 1, 5),
        ("Destination unreachable: Reject route to destination", 1, 6),
    ),
}


@dataclass(frozen=True)
class Reply:
    """An echo reply; ``rtt_s`` is ping's own measurement, ``None`` where it made none."""

    who: str
    ttl: int
    rtt_s: float | None


@dataclass(frozen=True)
class Complaint:
    """An ICMP error, back in its type and code; ``mtu`` is 0 where none is told."""

    who: str
    icmp_type: int
    icmp_code: int
    mtu: int = 0


def read_line(line: str, version: int) -> Reply | Complaint | None:
    """Read one line; whatever says nothing of an answer is ``None``."""
    reply = _REPLY.match(line)
    if reply:
        rtt_s = float(reply["ms"]) / 1000 if reply["ms"] else None
        return Reply(reply["who"].partition("%")[0], int(reply["ttl"]), rtt_s)
    error = _ERROR.match(line)
    if not error:
        return None
    for words, icmp_type, icmp_code in _MEANINGS[version]:
        if error["words"].startswith(words):
            told = _MTU.search(error["words"])
            who = error["who"].partition("%")[0]
            return Complaint(who, icmp_type, icmp_code, int(told[1]) if told else 0)
    return None


def is_barred(line: str) -> bool:
    """Whether ping says that this user may not send echo requests."""
    return _BARRED.search(line) is not None
