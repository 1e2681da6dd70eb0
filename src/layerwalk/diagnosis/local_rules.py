"""This machine's own rules: whether they refuse the connection, and by which rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Judgement, Refusal, Status
from layerwalk.diagnosis.rule_advice import allowing, looking
from layerwalk.diagnosis.tracking import full_table_drops
from layerwalk.probes.facts import (
    Certainty,
    ConnectFact,
    CountersFact,
    DropReasonsFact,
    FirewallFact,
    Outcome,
    PortState,
    RuleMatch,
    RuleTraceFact,
    SynFact,
)

_FURTHER_ON = (
    "gateway-unreachable",
    "host-down",
    "path-blackhole",
    "route-missing-on-path",
    "routing-loop",
)
"""What a SYN that never leaves does not get to meet."""


_SHOWN = (SynFact, ConnectFact, FirewallFact, RuleTraceFact, CountersFact, DropReasonsFact)
_BY_RULES, _BY_ROUTES = "NETFILTER_DROP", "IP_RPFILTER"


def local_refusal(host: AddressView, verdict: str) -> Judgement | None:
    """Judge a local ``drop`` or ``reject``; ``None`` where nothing speaks for one.

    The kernel refuses a raw SYN with EPERM where an output rule drops or rejects it; the real
    connection then tells which: a reject fails it at once, a drop leaves it waiting. A SYN-ACK
    that came in and left the connection waiting was dropped on its way up. Without raw sockets a
    reject still shows, by the kernel's own answer; a drop does not.
    """
    if host.connect is None or host.connects or full_table_drops(host):
        return None
    traced = _refusing(host.rule_trace)
    if traced:
        return _by_the_trace(host, traced, verdict)
    found = "drop" if host.connect.outcome is Outcome.SILENT else "reject"
    return _by_what_shows(host, verdict) if found == verdict else None


def _by_what_shows(host: AddressView, verdict: str) -> Judgement | None:
    unsent = any(fact.refused_locally for fact in host.syns)
    answered = host.refused_by_us and verdict == "reject"
    if answered or (unsent and host.syn_state is not PortState.OPEN):
        return _outbound(host, verdict)
    if host.syn_state is PortState.OPEN and verdict == "drop":
        return _inbound(host)
    if not host.syns:
        return _by_the_rules(host, verdict)
    return _by_the_counters(host, verdict) or _by_the_rules(host, verdict)


def _refusing(fact: RuleTraceFact | None) -> tuple[RuleMatch, ...]:
    """The rules that a trace saw refuse; one that hands packets to a program may let them go."""
    matches = fact.matches if fact else ()
    return tuple(match for match in matches if match.verdict in {"drop", "reject"})


def _by_the_trace(
    host: AddressView, matches: tuple[RuleMatch, ...], verdict: str
) -> Judgement | None:
    """The kernel has said which rule it was; what the connection looks like matters no more."""
    rule = next((match for match in matches if match.verdict == verdict), None)
    if rule is None:
        return None
    does = "drops" if verdict == "drop" else "rejects"
    what = "the outgoing SYN" if rule.direction == "out" else "what answers the SYN"
    sure = rule.certainty is Certainty.EXACT
    text = f"this machine's own firewall {does} {what}"
    whose = replace(rule, owner=_owner(host, rule))
    found = _judged(host, Status.CONFIRMED if sure else Status.LIKELY, text, whose)
    return replace(found, before=_FURTHER_ON)


def _owner(host: AddressView, rule: RuleMatch) -> str:
    """Who keeps a rule that was traced, as the reading of its chain told."""
    read = host.firewall.matches if host.firewall else ()
    same = (it.owner for it in read if (it.table, it.chain) == (rule.table, rule.chain))
    return next(same, rule.owner)


def _by_the_counters(host: AddressView, verdict: str) -> Judgement | None:
    """What gets lost on this machine itself, where only its counters tell."""
    if host.counters is None or verdict != "drop":
        return None
    if host.keeps_back:
        text = "SYNs never leave this machine: its own firewall drops them"
        found = _judged(host, Status.LIKELY, text, _rule(host, "out", verdict))
        return replace(found, before=_FURTHER_ON)
    if host.counters.loses_answers:
        text = "answers come in and reach nobody: this machine's own firewall drops them"
        found = _judged(host, Status.LIKELY, text, _rule(host, "in", verdict))
        return replace(found, before=("path-blackhole",))
    return None


def _rule(host: AddressView, direction: str, verdict: str) -> RuleMatch | None:
    matches = host.firewall.matches if host.firewall else ()
    mine = [m for m in matches if m.direction == direction and m.verdict.startswith(verdict)]
    return _sure(host, direction, verdict) or next(iter(mine), None)


def _sure(host: AddressView, direction: str, verdict: str) -> RuleMatch | None:
    return host.firewall.decisive(direction, verdict) if host.firewall else None


def _judged(host: AddressView, status: Status, text: str, rule: RuleMatch | None) -> Judgement:
    return Judgement(
        status=status,
        evidence=host.ids(*_SHOWN),
        explanation=f"{text}{named(rule)}.",
        where=where_of(rule),
        refusal=Refusal(rule=rule, address=host.address, port=host.port or 0) if rule else None,
    )


def where_of(rule: RuleMatch | None) -> dict[str, str]:
    """Say that it is here, by which rule, and whose that is, as far as known."""
    known = {"rule": rule.text, "owner": rule.owner} if rule else {}
    return {"kind": "local", **{name: text for name, text in known.items() if text}}


def named(rule: RuleMatch | None) -> str:
    """Tell a rule behind a colon, and whose it is; nothing where it is not known."""
    if rule is None:
        return ""
    return f": {rule.text} (kept by {rule.owner})" if rule.owner else f": {rule.text}"


def _outbound(host: AddressView, verdict: str) -> Judgement:
    does = "drops" if verdict == "drop" else "rejects"
    text = f"this machine's own firewall {does} the outgoing SYN"
    found = _judged(host, Status.CONFIRMED, text, _rule(host, "out", verdict))
    return replace(found, before=_FURTHER_ON)


def own_reset(host: AddressView) -> Judgement:
    """Judge a reset that is there before the SYN could pass the first hop."""
    if host.keeps_back:
        text = "this machine's own firewall resets the connection: the SYN never leaves"
        return _judged(host, Status.CONFIRMED, text, _rule(host, "out", "reject"))
    text = "the SYN is reset before the first hop passes it on: most likely by a rule here"
    found = _judged(host, Status.LIKELY, text, _rule(host, "out", "reject"))
    return replace(found, decide_by="Does a rule of this machine reject it (nft list ruleset)?")


def _inbound(host: AddressView) -> Judgement | None:
    """The answer arrived and was thrown away: by a rule, unless the reverse path filter did it."""
    text = "the SYN-ACK arrives, and this machine's own firewall drops it"
    rule = _rule(host, "in", "drop")
    if rule is not None:
        sure = _sure(host, "in", "drop") is rule
        return _judged(host, Status.CONFIRMED if sure else Status.LIKELY, text, rule)
    readable = host.firewall is not None and host.firewall.outcome is Outcome.ANSWERED
    if readable and host.firewall and not host.firewall.undecided:
        return None
    others = _BY_ROUTES in host.drop_reasons and _BY_RULES not in host.drop_reasons
    if others or _by_another_way(host) or _may_not_have_come(host):
        return None
    return _judged(host, Status.LIKELY, text, None)


def _may_not_have_come(host: AddressView) -> bool:
    """Whether the connection's own SYN may have gone unanswered, though others did not.

    Without raw sockets those others were connections of this machine's, too, and no rule of it
    dropped what came for them.
    """
    lossy = host.loss is not None and host.loss.matters
    decided = host.fit is not None and bool(host.fit.decided_by)
    silenced = host.pace is not None and host.pace.good is None
    return lossy or decided or silenced or host.differs_by_flow or not host.half_open


def _by_another_way(host: AddressView) -> bool:
    """Whether answers come in by another interface than the route out."""
    own = host.route.interface if host.route else ""
    return any(answer.interface not in {"", own} for answer in host.syn_answers)


def _by_the_rules(host: AddressView, verdict: str) -> Judgement | None:
    """Without raw sockets, and of hooks on a device, only the rules themselves can tell."""
    for direction in ("out", "in"):
        rule = _sure(host, direction, verdict)
        if rule is not None:
            text = "this machine's own firewall refuses the connection"
            found = _judged(host, Status.CONFIRMED, text, rule)
            return replace(found, before=_FURTHER_ON if direction == "out" else ())
    return None


def local_advice(judgement: Judgement) -> tuple[Advice, ...]:
    """Look at this machine's own rules, then allow the connection in front of the refusing one."""
    refusal = judgement.refusal
    on: Literal["client", "server"] = "server" if "client" in judgement.where else "client"
    if refusal is None:
        rule = judgement.where.get("rule", "not identified")
        look = Advice(
            on=on,
            action=f"See this machine's own rules; the one that refuses: {rule}",
            command="nft -a list ruleset",
        )
        trace = () if "rule" in judgement.where else (_TRACE,)
        return *trace, look, Advice(on=on, action=_ALLOW, changes_state=True)
    owner, text = refusal.rule.owner, refusal.rule.text
    whose = f". It is kept by {owner}: change it there." if owner else ""
    return (
        Advice(
            on=on,
            action=f"See this machine's own rules; the one that refuses: {text}{whose}",
            command=looking(refusal),
        ),
        Advice(on=on, action=_ALLOW, command=allowing(refusal), changes_state=True),
    )


_ALLOW = "Allow the connection before that rule, once its owner agrees."
_TRACE = Advice(
    on="client",
    action="Walk again with --trace-firewall as root: the kernel itself then names the rule. It "
    "adds a table of its own meanwhile, and takes it away.",
    changes_state=True,
)
