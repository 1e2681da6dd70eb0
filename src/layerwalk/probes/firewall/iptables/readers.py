"""How each option of iptables' matches (iptables-extensions(8)) is put into nft's words. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from layerwalk.probes.firewall.iptables.connections import address_types, states
from layerwalk.probes.firewall.iptables.shapes import (
    UNREAD,
    Statement,
    ct,
    field,
    match,
    meta,
    number,
    span,
)


@dataclass(frozen=True)
class Option:
    """An option as it stands in a rule: of a module, with its values, perhaps negated.

    A module may be there more than once; ``turn`` tells which of them the option belongs to.
    """

    turn: int
    module: str
    name: str
    values: tuple[str, ...]
    operator: str
    family: str

    @property
    def value(self) -> str:
        """Its value where it has one."""
        return self.values[0] if self.values else ""


def _address(name: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        address, _, length = option.value.partition("/")
        left: Any = field(option.family, name)
        if length.isdecimal():
            right: Any = {"prefix": {"addr": address, "len": int(length)}}
        else:
            left, right = ({"&": [left, length]} if length else left), address
        return [match(left, option.operator, right)]

    return read


def _device(key: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        name = f"{option.value[:-1]}*" if option.value.endswith("+") else option.value
        return [match(meta(key), option.operator, name)]

    return read


def _protocol(option: Option) -> list[Statement]:
    if option.value in {"all", "0"}:
        return []
    word = option.value
    return [match(meta("l4proto"), option.operator, int(word) if word.isdecimal() else word)]


def _ports(name: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        ports = {"set": [span(it) for it in option.value.split(",")]}
        return [match(field("th", name), option.operator, ports)]

    return read


def _either_port(option: Option) -> list[Statement]:
    ports = {"set": [span(it) for it in option.value.split(",")]}
    sides = [match(field("th", name), "==", ports)["match"] for name in ("sport", "dport")]
    return [{"any of": {"matches": sides, "op": option.operator}}]


def _flags(option: Option) -> list[Statement]:
    if len(option.values) != 2:  # mask, set flags
        return [UNREAD]
    mask, flags = (_flag_words(it) for it in option.values)
    return [match({"&": [field("tcp", "flags"), mask]}, option.operator, {"|": flags})]


def _flag_words(word: str) -> list[str]:
    everything = ["fin", "syn", "rst", "psh", "ack", "urg"]
    if word in {"ALL", "NONE"}:
        return everything if word == "ALL" else []
    return word.lower().split(",")


def _tcp_option(option: Option) -> list[Statement]:
    known = {"2": "maxseg", "3": "window", "4": "sack-perm", "8": "timestamp"}
    if option.value not in known:
        return [UNREAD]
    left = {"tcp option": {"name": known[option.value]}}
    return [match(left, "==", option.operator == "==")]


def _mark(left: Any) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        value, _, mask = option.value.partition("/")
        masked = {"&": [left, number(mask)]} if mask else left
        return [match(masked, option.operator, number(value))]

    return read


def _address_range(name: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        bounds = {"range": option.value.split("-")}
        return [match(field(option.family, name), option.operator, bounds)]

    return read


def _compared(left: Any, operator: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        order = operator if operator != "==" else option.operator
        return [match(left, order, number(option.value))]

    return read


def _named_set(option: Option) -> list[Statement]:
    if len(option.values) != 2:  # name, directions
        return [UNREAD]
    name, ways = option.values
    return [{"ipset": {"name": name, "ways": ways.split(","), "op": option.operator}}]


def _packet_type(option: Option) -> list[Statement]:
    return [match(meta("pkttype"), option.operator, option.value)]


def reverse_path(option: Option) -> list[Statement]:
    """Take what comes by the way back, or with ``--invert`` what does not."""
    left = {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}
    return [match(left, "==", option.name != "--invert")]


def _never(option: Option) -> list[Statement]:
    """Our packets are no fragments."""
    return [] if option.operator == "!=" else [match(meta("l4proto"), "==", 17)]


def _direction(option: Option) -> list[Statement]:
    return [match(ct("direction"), option.operator, option.value.lower())]


def _ct_address(end: str, way: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        left = {"ct": {"key": f"{option.family} {end}", "dir": way}}
        address, _, length = option.value.partition("/")
        if not length:
            return [match(left, option.operator, address)]
        if not length.isdecimal():
            return [match({"&": [left, length]}, option.operator, address)]
        right = {"prefix": {"addr": address, "len": int(length)}}
        return [match(left, option.operator, right)]

    return read


def _ct_port(end: str, way: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        left = {"ct": {"key": f"proto-{end}", "dir": way}}
        return [match(left, option.operator, span(option.value))]

    return read


def _ct_status(option: Option) -> list[Statement]:
    words = {"none": None, "seen_reply": "seen-reply"}
    wanted = [words.get(it, it) for it in option.value.lower().split(",")]
    if None in wanted:
        return [UNREAD]
    return [match(ct("status"), "in" if option.operator == "==" else "!", wanted)]


def _states(option: Option) -> list[Statement]:
    return [states(option.value.lower().split(","), option.operator)]


def _address_types(end: str) -> Callable[[Option], list[Statement]]:
    def read(option: Option) -> list[Statement]:
        return address_types(end, option.value, option.operator, option.family)

    return read


READERS: dict[str, Callable[[Option], list[Statement]]] = {
    "-s": _address("saddr"),
    "-d": _address("daddr"),
    "-i": _device("iifname"),
    "-o": _device("oifname"),
    "-p": _protocol,
    "-f": _never,
    "--comment": lambda _: [],
    "--sport": _ports("sport"),
    "--dport": _ports("dport"),
    "--sports": _ports("sport"),
    "--dports": _ports("dport"),
    "--ports": _either_port,
    "--tcp-flags": _flags,
    "--tcp-option": _tcp_option,
    "mark --mark": _mark(meta("mark")),
    "connmark --mark": _mark(ct("mark")),
    "--src-range": _address_range("saddr"),
    "--dst-range": _address_range("daddr"),
    "--match-set": _named_set,
    "--pkt-type": _packet_type,
    "rpfilter --invert": reverse_path,
    "rpfilter --validmark": lambda _: [],
    "--src-type": _address_types("saddr"),
    "--dst-type": _address_types("daddr"),
    "--state": _states,
    "--ctstate": _states,
    "--ctdir": _direction,
    "--ctstatus": _ct_status,
    "--ctorigsrc": _ct_address("saddr", "original"),
    "--ctorigdst": _ct_address("daddr", "original"),
    "--ctorigsrcport": _ct_port("src", "original"),
    "--ctorigdstport": _ct_port("dst", "original"),
    "--ttl-eq": _compared(field("ip", "ttl"), "=="),
    "--ttl-lt": _compared(field("ip", "ttl"), "<"),
    "--ttl-gt": _compared(field("ip", "ttl"), ">"),
    "--hl-eq": _compared(field("ip6", "hoplimit"), "=="),
    "--hl-lt": _compared(field("ip6", "hoplimit"), "<"),
    "--hl-gt": _compared(field("ip6", "hoplimit"), ">"),
    "--dscp": lambda it: _compared(field(it.family, "dscp"), "==")(it),
}
"""By the option's name, or with its module's where others have the same name."""
