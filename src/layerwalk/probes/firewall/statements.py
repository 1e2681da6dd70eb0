"""What one statement of a rule does to a packet: match, change, or decide. Pure.

The statements are those of libnftables-json(5). One that is not known leaves every way open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from layerwalk.probes.firewall.matching import is_absent, matched, value_of
from layerwalk.probes.firewall.membership import Elements, Tri, member
from layerwalk.probes.firewall.packet import Packet


class Action(Enum):
    """What a verdict does; ``ANY`` stands for one that can't be read."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    RETURN = "return"
    JUMP = "jump"
    GOTO = "goto"
    ANY = "any"


@dataclass(frozen=True)
class Verdict:
    """A verdict; ``target`` is a chain, ``words`` how a refusal is told."""

    action: Action
    target: str = ""
    words: str = ""


@dataclass(frozen=True)
class Effect:
    """Whether the packet goes on through the rule, changed perhaps, or meets verdicts here."""

    answer: Tri = True
    changed: Packet | None = None
    verdicts: tuple[tuple[Tri, Verdict], ...] | None = None


_NEUTRAL = frozenset(
    {"counter", "log", "last", "secmark", "flow", "continue", "ct helper", "ct timeout", "dup"}
)
_MAYBE = frozenset({"limit", "quota", "ct count", "meter", "set", "ct expectation"})
_REWRITTEN = {
    "snat": ("ip saddr", "ip6 saddr", "tcp sport"),
    "masquerade": ("ip saddr", "ip6 saddr", "tcp sport"),
    "dnat": ("ip daddr", "ip6 daddr", "tcp dport"),
    "redirect": ("ip daddr", "ip6 daddr", "tcp dport"),
}
_UNREADABLE = Effect(verdicts=((None, Verdict(Action.ANY)),))


def effect_of(statement: Any, packet: Packet, elements: Elements) -> Effect:
    """Work out what a statement does to a packet."""
    kind, body = _parted(statement)
    if kind == "match":
        return Effect(matched(body, packet, elements))
    if kind in _NEUTRAL:
        return Effect()
    if kind in _MAYBE or (kind == "xt" and not _is_target(body)):
        return Effect(None)
    if kind in {"mangle", "notrack"}:
        return Effect(changed=_changed(kind, body, packet))
    return _ending(kind, body, packet, elements)


def _ending(kind: str, body: Any, packet: Packet, elements: Elements) -> Effect:
    if kind in _REWRITTEN:
        rewritten = packet.forget(*_REWRITTEN[kind])
        return Effect(changed=rewritten, verdicts=((True, Verdict(Action.ACCEPT)),))
    if kind == "vmap":
        return Effect(verdicts=_looked_up(body, packet, elements))
    verdict = _verdict(kind, body)
    return Effect(verdicts=((True, verdict),)) if verdict else _UNREADABLE


def _parted(statement: Any) -> tuple[str, Any]:
    if isinstance(statement, dict) and len(statement) == 1:
        kind, body = next(iter(statement.items()))
        return str(kind), body
    return (statement, None) if isinstance(statement, str) else ("", None)


def _is_target(body: Any) -> bool:
    return isinstance(body, dict) and body.get("type") == "target"


def _changed(kind: str, body: Any, packet: Packet) -> Packet:
    """Forget the field that is set anew: its value may be computed in many ways."""
    if kind == "notrack":
        return packet.forget("ct state", "ct notrack")
    key = body.get("key") if isinstance(body, dict) else None
    words, inner = _parted(key)
    if not isinstance(inner, dict) or words not in {"meta", "ct", "payload"}:
        return packet
    header = inner.get("protocol") if words == "payload" else words
    return packet.forget(f"{header} {inner.get('field') or inner.get('key')}")


def _looked_up(body: Any, packet: Packet, elements: Elements) -> tuple[tuple[Tri, Verdict], ...]:
    """Go through a verdict map; the wildcard counts where nothing else is sure to."""
    if not isinstance(body, dict):
        return ((None, Verdict(Action.ANY)),)
    key = value_of(body.get("key"), packet)
    if is_absent(key):
        return ()
    pairs = _pairs(body.get("data"), elements)
    if pairs is None:
        return ((None, Verdict(Action.ANY)),)
    found: list[tuple[Tri, Verdict]] = []
    for left, right in sorted(pairs, key=lambda pair: pair[0] == "*"):
        answer = member(key, left, elements)
        verdict = _verdict(*_parted(right)) or Verdict(Action.ANY)
        if answer is not False:
            found.append((None if found else answer, verdict))
        if answer is True:
            break
    return tuple(found)


def _pairs(data: Any, elements: Elements) -> list[tuple[Any, Any]] | None:
    if isinstance(data, str):
        listed = elements(data.removeprefix("@"))
    else:
        listed = data.get("set") if isinstance(data, dict) else None
    if not isinstance(listed, list | tuple):
        return None
    return [(it[0], it[1]) for it in listed if isinstance(it, list) and len(it) == 2]


def _verdict(kind: str, body: Any) -> Verdict | None:
    if kind in {"accept", "drop", "return"}:
        return Verdict(Action(kind), words=kind)
    if kind in {"jump", "goto"}:
        target = body.get("target") if isinstance(body, dict) else ""
        return Verdict(Action(kind), target=str(target))
    if kind == "reject":
        given = body if isinstance(body, dict) else {}
        told = [str(given[key]) for key in ("type", "expr") if key in given]
        return Verdict(
            Action.REJECT, words=" ".join(["reject", *(["with"] if told else []), *told])
        )
    return None
