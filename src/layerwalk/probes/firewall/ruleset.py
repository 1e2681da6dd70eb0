"""A rule set as data, read from ``nft -j list ruleset`` (libnftables-json(5)). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from layerwalk.probes.firewall.elements import NamedSet, is_gated
from layerwalk.probes.firewall.ipsets import IpSet

Place = tuple[str, str, str]
"""Family, table, and name of a chain or set."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule: its statements as nft's JSON has them, and how many packets it has counted."""

    place: Place
    handle: int | None
    statements: tuple[Any, ...]
    text: str = ""
    counted: int | None = None

    @property
    def table(self) -> str:
        """Family and table in one, as nft's commands take them (``inet filter``)."""
        return " ".join(self.place[:2])

    @property
    def packets(self) -> int | None:
        """How many packets its own counter has seen; ``None`` where it has none."""
        counters = (it.get("counter") for it in self.statements if isinstance(it, dict))
        counts = [it.get("packets") for it in counters if isinstance(it, dict)]
        own = counts[0] if counts and isinstance(counts[0], int) else None
        return own if self.counted is None else self.counted


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A chain; a base chain has a hook. ``devices`` are named at hooks of devices, mostly."""

    place: Place
    hook: str = ""
    kind: str = ""
    priority: int = 0
    policy: str = "accept"
    devices: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ruleset:
    """All chains by their place, all named sets and maps, and those of ipset.

    ``flagged`` are the tables that have flags, families and names.
    """

    chains: Mapping[Place, Chain] = field(default_factory=dict)
    sets: Mapping[Place, NamedSet] = field(default_factory=dict)
    ipsets: Mapping[str, IpSet] = field(default_factory=dict)
    flagged: frozenset[tuple[str, str]] = frozenset()

    @property
    def rules(self) -> Iterator[Rule]:
        """Every rule of every chain."""
        return (rule for chain in self.chains.values() for rule in chain.rules)

    def at(self, hook: str, families: frozenset[str]) -> list[Chain]:
        """The base chains of a hook, in the order that they were made."""
        return [
            chain
            for chain in self.chains.values()
            if chain.hook == hook and chain.place[0] in families
        ]


def ruleset_of(document: Any) -> Ruleset:
    """Read nft's JSON; what has not the expected shape is left out."""
    chains: dict[Place, dict[str, Any]] = {}
    rules: dict[Place, list[Rule]] = {}
    sets: dict[Place, NamedSet] = {}
    flagged: set[tuple[str, str]] = set()
    for kind, body in _objects(document):
        if kind == "table" and body.get("flags"):
            flagged.add(_place(body, "", table="name")[:2])
        elif kind == "chain":
            chains[_place(body, "name")] = body
        elif kind == "rule":
            rules.setdefault(_place(body, "chain"), []).append(_rule(body))
        elif kind in {"set", "map"}:
            sets[_place(body, "name")] = _set(body)
    return Ruleset(
        chains={
            place: _chain(place, body, tuple(rules.get(place, ())))
            for place, body in chains.items()
        },
        sets=sets,
        flagged=frozenset(flagged),
    )


def _objects(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    entries = document.get("nftables") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            for kind, body in entry.items():
                if isinstance(body, dict):
                    yield str(kind), body


def _place(body: dict[str, Any], key: str, *, table: str = "table") -> Place:
    return str(body.get("family", "")), str(body.get(table, "")), str(body.get(key, ""))


def _set(body: dict[str, Any]) -> NamedSet:
    elements = body.get("elem")
    listed = tuple(elements) if isinstance(elements, list) else ()
    return NamedSet(listed, gated=is_gated(body.get("stmt")))


def _chain(place: Place, body: dict[str, Any], rules: tuple[Rule, ...]) -> Chain:
    named = body.get("dev") or []
    return Chain(
        place=place,
        hook=str(body.get("hook") or ""),
        kind=str(body.get("type") or ""),
        priority=_number(body.get("prio")) or 0,
        policy=str(body.get("policy") or "accept"),
        devices=tuple(str(it) for it in (named if isinstance(named, list) else [named])),
        rules=rules,
    )


def _rule(body: dict[str, Any]) -> Rule:
    statements = body.get("expr")
    return Rule(
        place=_place(body, "chain"),
        handle=_number(body.get("handle")),
        statements=tuple(statements) if isinstance(statements, list) else (),
    )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None
