"""Sets of ipset(8), which rules of iptables look addresses and ports up in. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from layerwalk.probes.firewall.elements import NamedSet, Term
from layerwalk.probes.firewall.kinds import ADDRESS4, ADDRESS6, NAME, NUMBER, PORT, PROTOCOL
from layerwalk.probes.firewall.packet import Packet
from layerwalk.probes.firewall.values import Missing, Tri, any_of, negated

_MULTIPLE = "set"
_MOST_NESTED = 4


@dataclass(frozen=True)
class IpSet:
    """A set: what its elements are made of, those elements, and the exceptions from them."""

    parts: tuple[str, ...]
    version: int
    members: NamedSet
    excepted: NamedSet


def ipsets_of(text: str) -> Mapping[str, IpSet]:
    """Read what ``ipset save`` prints."""
    made: dict[str, tuple[tuple[str, ...], int]] = {}
    elements: dict[tuple[str, bool], list[Any]] = {}
    for line in text.splitlines():
        words = _words(line)
        if words[:1] == ["create"] and len(words) > 2:  # create, name, type
            parts = tuple(words[2].partition(":")[2].split(","))
            made[words[1]] = parts, 6 if "inet6" in words else 4
        elif words[:1] == ["add"] and len(words) > 2 and words[1] in made:
            element = _element(words[2], made[words[1]][0])
            elements.setdefault((words[1], "nomatch" in words), []).append(element)
    return {
        name: IpSet(
            parts,
            version,
            NamedSet(tuple(elements.get((name, False), ()))),
            NamedSet(tuple(elements.get((name, True), ()))),
        )
        for name, (parts, version) in made.items()
    }


def _words(line: str) -> list[str]:
    """Take a line apart; a comment, in quotes, is one word."""
    try:
        return shlex.split(line) if '"' in line else line.split()
    except ValueError:
        return line.split()


def in_ipset(body: Any, packet: Packet, ipsets: Mapping[str, IpSet]) -> Tri:
    """Tell whether a rule's look-up in a set takes a packet."""
    found = _in(body["name"], tuple(body["ways"]), packet, ipsets, 0)
    return negated(found) if body["op"] == "!=" else found


def _in(
    name: str, ways: tuple[str, ...], packet: Packet, ipsets: Mapping[str, IpSet], depth: int
) -> Tri:
    found = ipsets.get(name)
    if found is None or depth > _MOST_NESTED:
        return None
    if found.parts == (_MULTIPLE,):
        names = (it for it in found.members.elements if isinstance(it, str))
        return any_of(_in(it, ways, packet, ipsets, depth + 1) for it in names)
    if len(found.parts) > len(ways):
        return None
    if found.version != packet.version and {"ip", "net"} & set(found.parts):
        return False
    terms = tuple(
        term
        for part, way in zip(found.parts, ways, strict=False)
        for term in _terms(part, way, packet)
    )
    inside = found.members.has(terms)
    return None if inside and found.excepted.has(terms) is not False else inside


def _terms(part: str, way: str, packet: Packet) -> list[Term]:
    """Read what a part of an element is compared with, at the side that the rule names."""
    if part in {"ip", "net"}:
        kind = ADDRESS4 if packet.version == 4 else ADDRESS6
        return [(packet.get(packet.header, "saddr" if way == "src" else "daddr"), kind)]
    if part == "port":
        port = packet.get("tcp", "sport" if way == "src" else "dport")
        return [(packet.get("meta", "l4proto"), PROTOCOL), (port, PORT)]
    if part == "iface":
        return [(packet.get("meta", "iifname" if way == "src" else "oifname"), NAME)]
    if part == "mark":
        return [(packet.get("meta", "mark"), NUMBER)]
    return [(Missing.UNKNOWN, NUMBER)]


def _element(word: str, parts: tuple[str, ...]) -> Any:
    if parts == (_MULTIPLE,):
        return word
    read = [
        it for part, given in zip(parts, word.split(","), strict=False) for it in _of(part, given)
    ]
    return read[0] if len(read) == 1 else {"concat": read}


def _of(part: str, word: str) -> list[Any]:
    if part == "port":
        protocol, _, ports = word.rpartition(":")
        low, _, high = ports.partition("-")
        numbers = {"range": [PORT.number(low), PORT.number(high or low)]}
        return [protocol or {"range": [0, 255]}, numbers]
    if part in {"ip", "net"} and "-" in word:
        return [{"range": word.split("-")}]
    if part in {"ip", "net"} and "/" in word:
        return [_prefix(word)]
    return [word.removeprefix("physdev:")]


def _prefix(word: str) -> Any:
    try:
        network = ip_network(word, strict=False)
    except ValueError:
        return None
    return {"prefix": {"addr": str(network.network_address), "len": network.prefixlen}}
