"""This machine's own rules as a client's connection to it meets them, where it is the server."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.local_rules import named, where_of
from layerwalk.diagnosis.model import Judgement, Refusal, Status, ruled_out, unknown
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.probes.facts import (
    FirewallFact,
    IntakeFact,
    ListenersFact,
    Outcome,
    RuleMatch,
    RuleTraceFact,
)

_LOOK = "sudo nft -a list ruleset"
_DOES = {"drop": "drops", "reject": "rejects"}
_WHAT = {"in": "the client's SYN", "out": "the answer to the client's SYN"}
_ACK = "the ACK that would make the client's connection"


def refusal_here(host: AddressView, verdict: str) -> Judgement:
    """Judge a local ``drop`` or ``reject`` of what a client sends, or of the answer to it.

    Nothing but the rules themselves can tell, or the kernel's trace of a client's SYN: a connection
    of this machine's own does not meet them. So a rule counts that refuses for certain whoever is
    meant; one that may is left open.
    """
    traced = (
        [it for it in host.rule_trace.matches if it.verdict == verdict] if host.rule_trace else []
    )
    if traced:
        return _refused(host, verdict, traced[0], host.ids(RuleTraceFact, FirewallFact))
    fact = host.firewall
    if fact is None or not fact.outcome.measured:
        return unknown("the local rules were not read", unlock=_LOOK)
    evidence = host.ids(FirewallFact)
    decisive = (fact.decisive(direction, verdict) for direction in ("in", "out"))
    rule = next((it for it in decisive if it), None)
    if rule:
        return _refused(host, verdict, rule, evidence)
    return _open(host, verdict, fact, evidence)


def _open(
    host: AddressView, verdict: str, fact: FirewallFact, evidence: tuple[str, ...]
) -> Judgement:
    """No rule refuses for certain; one that may do so counts where it stops us, too."""
    mine = [it for it in fact.matches if it.verdict.startswith(verdict)]
    both = next((it for it in mine if it.own), None)
    if both and _keeps_us_out(host, verdict):
        return _by_its_own(host, verdict, both)
    if mine:
        return unknown(_may_refuse(host, mine[0]), unlock=_unlock(host))
    if fact.undecided:
        return unknown(f"the rule {fact.undecided[0]} can't be decided on paper", unlock=_LOOK)
    return ruled_out(evidence, f"no local rule {_DOES[verdict]} the client's packets")


def _refused(
    host: AddressView, verdict: str, rule: RuleMatch, evidence: tuple[str, ...]
) -> Judgement:
    client = host.standpoint.client
    whose = f"from {client}" if client else "from any outside address"
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"this machine's own firewall {_DOES[verdict]} {_what(rule)} {whose}"
        f"{named(rule)}.",
        where={**where_of(rule), "client": client or "any"},
        refusal=_refusal(host, rule),
    )


def _keeps_us_out(host: AddressView, verdict: str) -> bool:
    """Whether nothing but rules can have stopped the machine's own connection, in that way."""
    here, fact = ServerView(host), ServerView(host).intake
    if fact is None or fact.made or here.unheard or not here.taking:
        return False
    return (fact.outcome is Outcome.SILENT) is (verdict == "drop")


def _by_its_own(host: AddressView, verdict: str, rule: RuleMatch) -> Judgement:
    """Judge by the machine's own connection, which met a rule that can't be decided on paper."""
    who = ServerView(host).owner or "a process"
    return Judgement(
        status=Status.LIKELY,
        evidence=host.ids(IntakeFact, ListenersFact, FirewallFact),
        explanation=f"{who} listens and has room, and a connection of this machine's own fails: by "
        f"all appearances a rule of its own firewall {_DOES[verdict]} it{named(rule)}.",
        where={**where_of(rule), "client": host.standpoint.client or "any"},
        decide_by="Does the rule's counter rise when a client tries (nft -a list ruleset)?",
        refusal=_refusal(host, rule),
    )


def _refusal(host: AddressView, rule: RuleMatch) -> Refusal:
    port, client = host.port or 0, host.standpoint.client
    return Refusal(rule=rule, address=host.address, port=port, serves=True, client=client)


def _what(rule: RuleMatch) -> str:
    return _ACK if rule.stage else _WHAT[rule.direction]


def _may_refuse(host: AddressView, rule: RuleMatch) -> str:
    if host.standpoint.client:
        return f"whether this rule meets the client can't be told on paper: {rule.text}"
    return f"a rule refuses some clients, and none was named: {rule.text}"


def _unlock(host: AddressView) -> str:
    if host.standpoint.client:
        return _LOOK
    bare = f"[{host.address}]" if ":" in host.address else host.address
    return f"sudo layerwalk diagnose --role server --client ADDRESS {bare}:{host.port}"
