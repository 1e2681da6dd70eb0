"""Two faults at one address: both are named, first what a program meets first."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.forged import forged_at
from layerwalk.diagnosis.path_view import follows_syns
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import (
    AnswerKind,
    Fact,
    Outcome,
    Refusal,
    TraceFact,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.sayings import RESET, SILENT, START, UNSENT, T, tried
from tests.unit.diagnosis.views import address, walk

LAST = samples.ROUTERS[2]
GONE = samples.refusal(Refusal.HOST, LAST, rtt_s=3.07)
NO_ROUTE = samples.refusal(Refusal.NO_ROUTE, samples.ROUTERS[1])
LOOKS = (samples.syn(last_look=False), samples.syn())


def asked_again(*hops: int) -> list[Try]:
    return [Try(hop=hop, kind=TraceKind.SYN, answer=None, again=True) for hop in hops]


def dropped_after(hop: int, *, icmp: int = 3) -> TraceFact:
    """SYNs that end after a hop, asked for twice behind it; echoes that get further."""
    syns = samples.tries(TraceKind.SYN, hop, asked=3)
    return samples.trace(samples.tries(TraceKind.ICMP, icmp, asked=3), syns, asked_again(hop + 1))


def named(*facts: Fact) -> list[tuple[str, str]]:
    told = conclude(walk((*START, *facts)))
    return [(one.cause.id, one.relation) for one in told.named]


def test_what_drops_the_syn_on_the_way_explains_before_a_host_that_is_off() -> None:
    facts = (samples.echo(GONE), *LOOKS, SILENT, dropped_after(1))
    assert named(*facts) == [("firewall-drop", "explains"), ("host-down", "also")]


def test_once_asked_the_syns_silence_shows_no_drop_on_the_way() -> None:
    once = samples.trace(
        samples.tries(TraceKind.ICMP, 3, asked=3), samples.tries(TraceKind.SYN, 1, asked=2)
    )
    assert named(samples.echo(GONE), *LOOKS, SILENT, once)[0] == ("host-down", "explains")


def test_a_router_without_a_route_behind_the_drop_comes_second() -> None:
    expired = samples.answer(AnswerKind.TIME_EXCEEDED, samples.ROUTERS[0])
    refused = tried(TraceKind.ICMP, h1=expired, h2=NO_ROUTE)
    syns = tried(TraceKind.SYN, h1=expired, h2=None)
    trace = samples.trace(refused, syns, asked_again(2))
    facts = (samples.echo(NO_ROUTE), *LOOKS, SILENT, trace)
    assert named(*facts) == [("firewall-drop", "explains"), ("route-missing-on-path", "also")]


@pytest.mark.parametrize(
    ("facts", "second"),
    [
        ((samples.echo(GONE),), "host-down"),
        ((samples.neighbour(Outcome.SILENT),), "gateway-unreachable"),
    ],
)
def test_a_syn_that_never_leaves_meets_nothing_further_on(
    facts: tuple[Fact, ...], second: str
) -> None:
    assert named(*facts, UNSENT, SILENT) == [("firewall-drop", "explains"), (second, "also")]


def test_behind_a_dead_gateway_an_own_rule_is_still_looked_for() -> None:
    view = walk((*START, samples.neighbour(Outcome.SILENT), UNSENT))
    assert Measure(Step.FIREWALL, T) in set(wanted(view))
    vain = {it.step for it in needless(view)}
    assert Step.CONNECT not in vain
    assert Step.ECHO in vain
    silent = walk((*START, samples.neighbour(Outcome.SILENT), LOOKS[0]))
    assert Measure(Step.CONNECT, T) in set(needless(silent))


def test_what_a_router_says_of_others_does_not_stop_syns_that_end_before_it() -> None:
    facts = (*START, samples.echo(GONE), LOOKS[0], dropped_after(1))
    vain = {it.step for it in needless(walk(facts))}
    assert vain == {Step.ECHO, Step.CONTROL}
    told = (*facts, samples.syn(GONE, last_look=False))
    assert Step.SYN_AGAIN in {it.step for it in needless(walk(told))}


def test_syns_lag_only_where_others_were_answered_and_they_were_asked_twice() -> None:
    def lags(trace: TraceFact) -> bool:
        return address(*START, trace).path.syn_lags

    assert lags(dropped_after(1))
    assert not lags(dropped_after(3))
    once = replace(dropped_after(1), tries=dropped_after(1).tries[:-1])
    assert not lags(once)
    unseen = replace(dropped_after(1), tries=(*dropped_after(1).tries, *asked_again(3)))
    without_second = tuple(it for it in unseen.tries if it.hop != 2 or it.answer is None)
    assert lags(replace(unseen, tries=without_second))
    assert not lags(replace(unseen, tries=without_second[:-1]))
    answered = replace(once, tries=(*once.tries, Try(hop=2, kind=TraceKind.SYN, answer=GONE)))
    assert not lags(answered)
    assert not lags(samples.trace())


def test_a_reset_from_before_a_router_that_lets_probes_expire_is_forged() -> None:
    trace = samples.trace(
        samples.tries(TraceKind.ICMP, 3, asked=3), tried(TraceKind.SYN, h1=None, h2=RESET)
    )
    near = samples.syn(samples.answer(AnswerKind.RST, ttl=63))
    assert forged_at(address(*START, near, trace)) == 2
    behind = samples.trace(
        samples.tries(TraceKind.ICMP, 3, asked=3), tried(TraceKind.SYN, h3=None, h4=RESET)
    )
    assert forged_at(address(*START, samples.syn(RESET), behind)) is None


def test_what_was_not_asked_tells_nothing_of_where_syns_end() -> None:
    """Where a hop's allowance is used up by others, SYNs are not asked for there."""
    unasked = samples.trace(samples.tries(TraceKind.ICMP, 3, asked=3))
    path = address(*START, unasked).path
    assert not path.others_get_further
    assert not follows_syns(path)
    asked = address(*START, dropped_after(1)).path
    assert asked.others_get_further
    assert follows_syns(asked)
    facts = (samples.alive(), *LOOKS, SILENT, unasked)
    told = conclude(walk((*START, *facts)))
    assert told.named[0].cause.id == "firewall-drop"
    assert "how far they get was not seen" in told.summary
