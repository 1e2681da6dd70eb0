"""Rules of iptables, read from iptables-save(8), as statements of nft. Pure.

What has no counterpart here becomes an ``xt`` statement, which nobody decides.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from layerwalk.probes.firewall.ruleset import Chain, Place, Rule, Ruleset

_HOOKS = frozenset({"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"})
_PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
_NAT_PRIORITIES = {"PREROUTING": -100, "OUTPUT": -100, "INPUT": 100, "POSTROUTING": 100}

_KNOWN_MODULES = frozenset(
    {"addrtype", "tcp", "multiport", "conntrack", "state", "comment", "mark"}
)
_WITHOUT_EFFECT = frozenset(
    {"LOG", "NFLOG", "TCPMSS", "CHECKSUM", "DSCP", "TOS", "TTL", "HL", "TRACE", "CLASSIFY", "AUDIT"}
)
_UNREAD: dict[str, Any] = {"xt": {"type": "match"}}
_TARGETS: dict[str, dict[str, Any]] = {
    "ACCEPT": {"accept": None},
    "DROP": {"drop": None},
    "RETURN": {"return": None},
    "MASQUERADE": {"masquerade": None},
    "SNAT": {"snat": None},
    "DNAT": {"dnat": None},
    "REDIRECT": {"redirect": None},
    "QUEUE": {"queue": None},
    "NFQUEUE": {"queue": None},
    "MARK": {"mangle": {"key": {"meta": {"key": "mark"}}}},
    "CONNMARK": {"mangle": {"key": {"meta": {"key": "mark"}}}},
}
_OPTION_NAMES = {
    "-s": ("ip", "saddr"),
    "-d": ("ip", "daddr"),
    "-i": ("meta", "iifname"),
    "-o": ("meta", "oifname"),
    "-p": ("meta", "l4proto"),
    "--dport": ("th", "dport"),
    "--dports": ("th", "dport"),
    "--sport": ("th", "sport"),
    "--sports": ("th", "sport"),
    "--dst-type": ("fib", "daddr"),
    "--src-type": ("fib", "saddr"),
    "--ctstate": ("ct", "state"),
    "--state": ("ct", "state"),
}
_PORT_MOST = 65535


def ruleset_of_save(text: str, family: str, *, suffix: str = "") -> Ruleset:
    """Read what iptables-save prints for a family (``ip``, ``ip6``); a suffix marks its tables."""
    chains: dict[Place, Chain] = {}
    rules: dict[Place, list[Rule]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":"):
            name, policy, *_ = [*line[1:].split(), "-", "-"]
            place = (family, table + suffix, name)
            chains[place] = _chain(place, table, policy)
        elif line.startswith("-A "):
            rule = _rule(line, family, table + suffix)
            rules.setdefault(rule.place, []).append(rule)
    return Ruleset(
        chains={
            place: Chain(**{**vars(chain), "rules": tuple(rules.get(place, ()))})
            for place, chain in chains.items()
        }
    )


def _chain(place: Place, table: str, policy: str) -> Chain:
    name = place[2]
    if name not in _HOOKS:
        return Chain(place=place)
    nat = table == "nat"
    return Chain(
        place=place,
        hook=name.lower(),
        kind="nat" if nat else "filter",
        priority=_NAT_PRIORITIES.get(name, 0) if nat else _PRIORITIES.get(table, 0),
        policy=policy.lower(),
    )


def _rule(line: str, family: str, table: str) -> Rule:
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    name = words[1] if len(words) > 1 else ""
    statements = tuple(_statements(words[2:], family))
    return Rule(place=(family, table, name), handle=None, statements=statements, text=line)


def _statements(words: list[str], family: str) -> Iterator[dict[str, Any]]:
    """Turn options into matches, and the target with its options into a verdict."""
    position, operator = 0, "=="
    while position < len(words):
        option, rest = words[position], words[position + 1 :]
        if option == "!":
            position, operator = position + 1, "!="
            continue
        if option in {"-j", "-g"}:
            yield _target(option, rest)
            return
        values = _values(rest)
        yield from _option(option, values, operator, family)
        position, operator = position + 1 + len(values), "=="


def _values(words: list[str]) -> list[str]:
    """Take the values that stand behind an option, up to the next option."""
    count = next((n for n, word in enumerate(words) if word == "!" or _is_option(word)), None)
    return words[:count]


def _is_option(word: str) -> bool:
    return word.startswith("-") and not word[1:2].isdigit()


def _option(option: str, values: list[str], operator: str, family: str) -> Iterator[dict[str, Any]]:
    if option == "--comment" or (option == "-m" and values[:1] and values[0] in _KNOWN_MODULES):
        return
    value = values[0] if len(values) == 1 else ""
    if option == "--tcp-flags" and len(values) == 2:  # mask, set flags
        yield _flags(values[0], values[1], operator)
    elif option == "--mark" and value:
        yield _mark(value, operator)
    elif option in _OPTION_NAMES and value:
        header, name = _OPTION_NAMES[option]
        right = _right(option, value)
        header = family if header == "ip" else header
        kind = "payload" if header in {"ip", "ip6", "th"} else header
        left: Any = {kind: {"protocol": header, "field": name, "key": name}}
        if kind == "fib":
            left = {kind: {"result": "type", "flags": [name]}}
        yield _match(left, operator, right) if right is not None else _UNREAD
    else:
        yield _UNREAD


def _match(left: Any, operator: str, right: Any) -> dict[str, Any]:
    return {"match": {"op": operator, "left": left, "right": right}}


def _right(option: str, value: str) -> Any:
    if option in {"-i", "-o"}:
        return f"{value[:-1]}*" if value.endswith("+") else value
    if option in {"-s", "-d"}:
        address, _, length = value.partition("/")
        return {"prefix": {"addr": address, "len": length}} if length else address
    if option == "-p":
        return int(value) if value.isdecimal() else value.replace("ipv6-icmp", "icmpv6")
    if option in {"--dst-type", "--src-type"}:
        return value.lower().split(",")
    if option in {"--ctstate", "--state"}:
        states = [state.lower() for state in value.split(",")]
        return None if {"snat", "dnat"} & set(states) else states
    ports = [_ports(it) for it in value.split(",")]
    return None if None in ports else ports


def _ports(word: str) -> Any:
    low, colon, high = word.partition(":")
    if not colon:
        return int(low) if low.isdecimal() else None
    bounds = [low or "0", high or str(_PORT_MOST)]
    return {"range": [int(it) for it in bounds]} if all(it.isdecimal() for it in bounds) else None


def _flags(mask: str, flags: str, operator: str) -> dict[str, Any]:
    payload = {"payload": {"protocol": "tcp", "field": "flags"}}
    wanted = [] if flags == "NONE" else flags.lower().split(",")
    return _match({"&": [payload, mask.lower().split(",")]}, operator, wanted)


def _mark(value: str, operator: str) -> dict[str, Any]:
    number, _, mask = value.partition("/")
    try:
        left: Any = {"meta": {"key": "mark"}}
        left = {"&": [left, int(mask, 0)]} if mask else left
        return _match(left, operator, int(number, 0))
    except ValueError:
        return _UNREAD


def _target(option: str, words: list[str]) -> dict[str, Any]:
    name = words[0] if words else ""
    if option == "-g":
        return {"goto": {"target": name}}
    if name == "REJECT":
        told = words[2] if words[1:2] == ["--reject-with"] and len(words) > 2 else ""
        return {"reject": {"type": told.replace("tcp-reset", "tcp reset")} if told else None}
    if name in _WITHOUT_EFFECT:
        return {"log": None}
    if name == "CT":
        return {"notrack": None} if "--notrack" in words else {"log": None}
    return _TARGETS.get(name) or _own_chain(name)


def _own_chain(name: str) -> dict[str, Any]:
    """Jump to a chain; a target that is none of iptables' own can't be told from one, by name."""
    return {"jump": {"target": name}}
