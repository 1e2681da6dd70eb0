"""What this user may not see on this machine, and the cause that it would have told of."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator

from layerwalk.diagnosis.model import Open
from layerwalk.diagnosis.unlocks import Lack, unlock_of
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    DropReasonsFact,
    EnvironmentFact,
    Fact,
    FirewallFact,
    Outcome,
    OwnSocketsFact,
    RuleTraceFact,
    ServiceFact,
)

_DROP, _REJECT = "firewall-drop", "firewall-reject"
_LIMITS = "connect-timeout-too-short"
_PROXY = "proxy-misrouted"
_SERVICE = "service-not-running"
_RULES = "sudo nft -a list ruleset"
_LOG = "sudo journalctl -u {unit} -n 20 --no-pager"


def hidden(view: WalkView, named: Collection[str], ruled_out: Collection[str]) -> Iterator[Open]:
    """Tell what would have mattered: what a person asked for, and what a named cause rests on."""
    for evidence in view.evidence:
        fact = evidence.fact
        for one in (*_of_the_process(fact, view), *_of_the_rules(fact, view)):
            if one.id not in ruled_out:
                yield one
        for one in (*_of_a_refusal(fact, view), *_of_a_service(fact)):
            if one.id in named:
                yield one


def _of_the_process(fact: Fact, view: WalkView) -> Iterator[Open]:
    """The environment and the sockets of the process that ``--pid`` names."""
    barred, again = fact.outcome is Outcome.NOT_PERMITTED, unlock_of(Lack.RAW, view)
    if isinstance(fact, EnvironmentFact) and barred:
        yield Open(id=_PROXY, why=fact.detail, unlock=again)
    if isinstance(fact, OwnSocketsFact) and fact.pid is not None and (barred or fact.barred):
        yield Open(id=_LIMITS, why=fact.detail or fact.unseen, unlock=again)


def _of_the_rules(fact: Fact, view: WalkView) -> Iterator[Open]:
    """The kernel's own trace, which runs only where a person asks for it."""
    if isinstance(fact, RuleTraceFact) and fact.outcome is Outcome.NOT_PERMITTED:
        why = f"the kernel's own trace of the rules did not run: {fact.detail}"
        yield Open(id=_DROP, why=why, unlock=unlock_of(Lack.TRACE, view))


def _of_a_refusal(fact: Fact, view: WalkView) -> Iterator[Open]:
    if fact.outcome is not Outcome.NOT_PERMITTED:
        return
    for name in (_DROP, _REJECT):
        if isinstance(fact, FirewallFact):
            why = "whether a rule of this machine does it, and which: this user may not read them"
            yield Open(id=name, why=why, unlock=_RULES)
        if isinstance(fact, DropReasonsFact):
            yield Open(id=name, why=fact.detail, unlock=unlock_of(Lack.RAW, view))


def _of_a_service(fact: Fact) -> Iterator[Open]:
    """A unit that fails leaves a word in the log, and be it systemd's own."""
    unit = fact.unit if isinstance(fact, ServiceFact) else None
    if unit and not unit.runs and not unit.log:
        why = f"why {unit.name} does not run: nothing that it logged could be read"
        yield Open(id=_SERVICE, why=why, unlock=_LOG.format(unit=shlex.quote(unit.name)))
