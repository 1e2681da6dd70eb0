"""Kinds of values, and the words that nft has for them (nft(8), "Data types"). Pure."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of value: how its words become numbers.

    ``flags`` are sets of bits, each with a word of its own; ``named`` ones are text, not numbers.
    """

    symbols: Mapping[str, int] = field(default_factory=dict)
    parse: Callable[[str], int | None] | None = None
    flags: bool = False
    named: bool = False

    def number(self, word: Any) -> int | None:
        """Give the number that a word or a list of flags stands for; ``None`` where unknown."""
        if isinstance(word, int):
            return int(word)
        if isinstance(word, str):
            return self._of_word(word)
        if isinstance(word, dict) and len(word) == 1:
            word = word.get("|")
        return self._united(word) if isinstance(word, list) else None

    def _of_word(self, word: str) -> int | None:
        if word in self.symbols:
            return self.symbols[word]
        if self.parse is not None and (found := self.parse(word)) is not None:
            return found
        try:
            return int(word, 0)
        except ValueError:
            return None

    def _united(self, words: list[Any]) -> int | None:
        united = 0
        for word in words:
            number = self.number(word)
            if number is None:
                return None
            united |= number
        return united


def _address4(word: str) -> int | None:
    try:
        return int.from_bytes(socket.inet_aton(word)) if word.count(".") == 3 else None
    except (OSError, ValueError):
        return None


def _address6(word: str) -> int | None:
    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET6, word))
    except (OSError, ValueError):
        return None


def _service(word: str) -> int | None:
    try:
        return socket.getservbyname(word, "tcp")
    except (OSError, ValueError):
        return None


def _numbered(words: str, start: int = 0) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), start)}


def _bit_by_bit(words: str) -> dict[str, int]:
    return {word: 1 << place for place, word in enumerate(words.split())}


NUMBER = Kind()
NAME = Kind(named=True)
ADDRESS4 = Kind(parse=_address4)
ADDRESS6 = Kind(parse=_address6)
PORT = Kind(parse=_service)
PROTOCOL = Kind(
    {"icmp": 1, "igmp": 2, "ipip": 4, "tcp": 6, "udp": 17, "dccp": 33, "ipv6": 41, "gre": 47}
    | {"esp": 50, "ah": 51, "icmpv6": 58, "ipv6-icmp": 58, "comp": 108, "sctp": 132}
    | {"udplite": 136, "mh": 135}
)
FAMILY = Kind({"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6})
ETHER = Kind({"ip": 0x0800, "arp": 0x0806, "ip6": 0x86DD, "vlan": 0x8100, "8021q": 0x8100})
STATE = Kind({**_bit_by_bit("invalid established related new"), "untracked": 64}, flags=True)
STATUS = Kind(
    _bit_by_bit("expected seen-reply assured confirmed snat dnat seq-adjust")
    | {"src-nat-done": 128, "dst-nat-done": 256, "dying": 512},
    flags=True,
)
TCP_FLAGS = Kind(
    {**_bit_by_bit("fin syn rst psh ack urg ecn cwr"), "ece": 64, "NONE": 0}, flags=True
)
DIRECTION = Kind(_numbered("original reply"))
PACKET_TYPE = Kind({**_numbered("host broadcast multicast other"), "unicast": 0})
ADDRESS_TYPE = Kind(
    _numbered("unspec unicast local broadcast anycast multicast blackhole unreachable prohibit")
)
DSCP = Kind(
    {f"cs{n}": 8 * n for n in range(8)}
    | {f"af{n}{m}": 8 * n + 2 * m for n in range(1, 5) for m in range(1, 4)}
    | {"ef": 46, "be": 0, "df": 0, "lephb": 1, "va": 44}
)
GROUP = Kind({"default": 0})

KINDS: Mapping[str, Kind] = {
    **{f"ip {name}": ADDRESS4 for name in ("saddr", "daddr")},
    **{f"ip6 {name}": ADDRESS6 for name in ("saddr", "daddr")},
    **{f"{way} ip {name}": ADDRESS4 for way in DIRECTION.symbols for name in ("saddr", "daddr")},
    **{f"{way} ip6 {name}": ADDRESS6 for way in DIRECTION.symbols for name in ("saddr", "daddr")},
    **{f"{way} proto-{name}": PORT for way in DIRECTION.symbols for name in ("src", "dst")},
    **dict.fromkeys(("tcp sport", "tcp dport", "th sport", "th dport"), PORT),
    **dict.fromkeys(("ip protocol", "ip6 nexthdr", "meta l4proto", "ct protocol"), PROTOCOL),
    **dict.fromkeys(("meta nfproto", "ct l3proto"), FAMILY),
    **dict.fromkeys(("meta protocol", "ether type"), ETHER),
    **dict.fromkeys(("ip dscp", "ip6 dscp"), DSCP),
    **{f"meta {side}{key}": NAME for side in ("iif", "oif") for key in ("", "name", "kind")},
    **dict.fromkeys(("meta iifgroup", "meta oifgroup"), GROUP),
    **dict.fromkeys(("meta ibrname", "meta obrname", "meta sdifname", "ct helper"), NAME),
    "tcp flags": TCP_FLAGS,
    "ct state": STATE,
    "ct status": STATUS,
    "ct direction": DIRECTION,
    "meta pkttype": PACKET_TYPE,
}
"""The kinds of fields that are not plain numbers; those of a connection's ends without ``ct``."""
