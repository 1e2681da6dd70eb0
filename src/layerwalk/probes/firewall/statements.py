"""What one statement of a rule does to a packet: match, change, or decide. Pure.

The statements are those of libnftables-json(5), and a few of our own for what iptables has beyond
them: ``any of`` several matches, matches ``where tracked``, a look-up in an ``ipset``, and one that
is ``filled``. One that is not known leaves every way open.
"""

from __future__ import annotations

from typing import Any

from layerwalk.probes.firewall.changes import changed, retracked, translated
from layerwalk.probes.firewall.effects import ANSWERS, UNREADABLE, Action, Effect, Verdict
from layerwalk.probes.firewall.elements import meets
from layerwalk.probes.firewall.expressions import Scene, is_absent, pairs_of, terms_of
from layerwalk.probes.firewall.ipsets import in_ipset
from layerwalk.probes.firewall.matching import matched
from layerwalk.probes.firewall.packet import Tracking
from layerwalk.probes.firewall.values import Tri, any_of, negated

_NEUTRAL = frozenset(
    {"counter", "log", "last", "secmark", "flow", "continue", "ct helper", "ct timeout", "dup"}
)
_MAYBE = frozenset(
    {"limit", "quota", "ct count", "meter", "ct expectation", "tproxy", "unread", "connlimit"}
)
_TRANSLATING = frozenset({"snat", "masquerade", "dnat", "redirect"})
_REJECTING = {"icmp": 4, "icmpv6": 6}


def effect_of(statement: Any, scene: Scene) -> Effect:
    """Work out what a statement does to a packet."""
    kind, body = _parted(statement)
    if kind == "match":
        return ANSWERS[matched(body, scene)]
    if kind in _NEUTRAL:
        return ANSWERS[True]
    if kind in _MAYBE or (kind == "xt" and not _is_target(body)):
        return ANSWERS[None]
    if kind == "set":
        return _added(body)
    if kind == "mangle":
        return changed(body, scene)
    return _special(kind, body, scene)


def _special(kind: str, body: Any, scene: Scene) -> Effect:
    if kind == "notrack":
        return retracked(scene.packet)
    if kind == "any of":
        answer = any_of(matched(it, scene) for it in body["matches"])
        return Effect(negated(answer) if body["op"] == "!=" else answer)
    if kind == "ipset":
        touched = f"ipset {body['name']}" in scene.touched
        return Effect(None if touched else in_ipset(body, scene.packet, scene.ruleset.ipsets))
    if kind == "filled":
        return Effect(touched=str(body))
    if kind == "where tracked":
        untracked = scene.packet.tracking not in {Tracking.TRACKED, Tracking.UNSURE}
        return Effect(True if untracked else matched(body, scene))
    return _ending(kind, body, scene)


def _ending(kind: str, body: Any, scene: Scene) -> Effect:
    if kind in _TRANSLATING:
        return translated(kind, body, scene)
    if kind == "vmap":
        return Effect(verdicts=_looked_up(body, scene))
    if kind == "queue":  # whoever listens decides; nobody: a drop
        return Effect(verdicts=((None, Verdict(Action.QUEUE)),))
    verdict = _verdict(kind, body)
    if verdict and _REJECTING.get(_type(body), scene.packet.version) != scene.packet.version:
        return Effect(False)
    return Effect(verdicts=((True, verdict),)) if verdict else UNREADABLE


def _parted(statement: Any) -> tuple[str, Any]:
    if isinstance(statement, dict) and len(statement) == 1:
        kind, body = next(iter(statement.items()))
        return str(kind), body
    return (statement, None) if isinstance(statement, str) else ("", None)


def _is_target(body: Any) -> bool:
    return not isinstance(body, dict) or body.get("type") == "target"


def _type(body: Any) -> str:
    return str(body.get("type", "")) if isinstance(body, dict) else ""


def _added(body: Any) -> Effect:
    """Take what adds to a set, or takes from it: it fails where that is full, or at its limit."""
    name = str(body.get("set", "")) if isinstance(body, dict) else ""
    return Effect(None, touched=name.removeprefix("@"))


def _looked_up(body: Any, scene: Scene) -> tuple[tuple[Tri, Verdict], ...]:
    """Go through a verdict map; the wildcard counts where nothing else is sure to."""
    unreadable = ((None, Verdict(Action.ANY)),)
    if not isinstance(body, dict):
        return unreadable
    terms = terms_of(body.get("key"), scene)
    if is_absent(terms):
        return ()
    pairs = pairs_of(body.get("data"), scene)
    if pairs is None:
        return unreadable
    found: list[tuple[Tri, Verdict]] = []
    for key, datum in pairs:
        answer = meets(terms, key)
        if answer is not False:
            verdict = _verdict(*_parted(datum)) or Verdict(Action.ANY)
            found.append((None if found else answer, verdict))
        if answer:
            break
    return tuple(found)


def _verdict(kind: str, body: Any) -> Verdict | None:
    if kind == "continue":
        return Verdict(Action.CONTINUE)
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
