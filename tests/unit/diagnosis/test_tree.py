"""The tree: it asks for what the facts call for, once, and comes to an end whatever they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Fact,
    Outcome,
    Refusal,
    RouteKind,
    SynFact,
    TraceKind,
)
from tests.unit.diagnosis.facts import (
    KINDS,
    NAME,
    POOL,
    SECOND,
    crashed,
    firewall,
    fitting,
    resolved,
)
from tests.unit.diagnosis.views import walk

T = samples.TARGET
LINKS, ROUTE, ON_LINK = samples.links(), samples.route(), samples.neighbour(Outcome.ANSWERED)
START = (Measure(Step.LINKS), Measure(Step.TIMERS))
READY = (LINKS, ROUTE)
LOCAL = samples.route(kind=RouteKind.LOCAL, interface="lo", gateway="")
FIRST = samples.syn(last_look=False)
GONE = samples.trace(samples.tries(TraceKind.ICMP, 2), samples.tries(TraceKind.SYN, 2))


def asked(*facts: Fact, host: str = T, port: int | None = samples.PORT) -> set[str]:
    return {str(measure.step) for measure in wanted(walk(facts, host, port))}


def test_a_walk_begins_with_what_costs_nothing() -> None:
    assert list(wanted(walk(()))) == [*START, Measure(Step.ROUTE, T), Measure(Step.MACHINE)]
    assert asked(host=NAME) == {"links", "timers", "resolve", "machine"}


def test_each_address_of_a_name_is_walked_in_its_order() -> None:
    found = list(wanted(walk((LINKS, resolved(T, SECOND)), NAME)))
    assert found[3:-1] == [Measure(Step.ROUTE, T), Measure(Step.ROUTE, SECOND)]


MANY = tuple(f"198.51.100.{number}" for number in range(1, 21))
WAYS = tuple(samples.route(destination=address) for address in MANY)
PATHS = tuple(replace(samples.trace(), address=address) for address in MANY[:4])
"""The paths to the first ones, which are followed before the port is known to be silent."""


def steps(address: str, *facts: Fact, port: int | None = samples.PORT) -> set[str]:
    view = walk((LINKS, resolved(*MANY), *WAYS, *facts), NAME, port)
    return {str(it.step) for it in wanted(view) if it.address == address}


def test_of_many_addresses_sixteen_are_tried() -> None:
    found = [it.address for it in wanted(walk((LINKS, resolved(*MANY)), NAME)) if it.address]
    assert tuple(found) == MANY[:16]


def test_beyond_the_fourth_address_a_glance_is_enough() -> None:
    assert steps(MANY[3]) >= {"route", "neighbour", "echo", "syn", "connect"}
    assert steps(MANY[4]) == {"route", "syn", "connect"}
    assert steps(MANY[4], port=None) == {"route", "echo"}
    assert steps(MANY[16]) == set()


def test_an_address_that_falls_short_at_a_glance_is_walked_in_full() -> None:
    silent = [samples.syn(address=address, last_look=False) for address in MANY]
    assert steps(MANY[9], silent[9], *PATHS) >= {"echo", "trace", "control", "syn-again"}
    assert steps(MANY[8], silent[9], *PATHS) == {"route", "syn", "connect"}
    closed = samples.syn(samples.answer(AnswerKind.RST), address=MANY[9])
    assert "trace" in steps(MANY[9], closed, *PATHS)
    gone = replace(samples.connect(Outcome.SILENT), address=MANY[9])
    assert "echo" in steps(MANY[9], gone)


def test_of_those_only_the_first_two_that_came_to_light_are() -> None:
    silent = [samples.syn(address=address, last_look=False) for address in MANY]
    later = (silent[9], silent[7], silent[5], *PATHS)
    assert "trace" in steps(MANY[9], *later)
    assert "trace" in steps(MANY[7], *later)
    assert "trace" not in steps(MANY[5], *later)


def test_a_path_is_followed_without_waiting_for_the_port() -> None:
    assert "trace" in asked(*READY)
    assert "trace" not in asked(LINKS, LOCAL)
    assert "trace" not in asked(*READY, samples.neighbour(Outcome.SILENT))


def test_two_paths_are_followed_at_once() -> None:
    followed = [address for address in MANY if "trace" in steps(address)]
    assert followed == list(MANY[:2])
    followed = [address for address in MANY if "trace" in steps(address, *PATHS[:2])]
    assert followed == list(MANY[:4])


@pytest.mark.parametrize(
    "facts",
    [
        (LINKS,),
        (ROUTE,),
        (LINKS, samples.route(outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="")),
        (samples.links(carrier=False), ROUTE),
        (samples.links(up=False, carrier=None), ROUTE),
    ],
)
def test_nothing_is_sent_without_a_way_out(facts: tuple[Fact, ...]) -> None:
    assert asked(*facts) <= {"links", "timers", "route", "machine"}


def test_with_a_way_out_echo_port_and_connection_are_tried_at_once() -> None:
    assert {"neighbour", "echo", "syn", "connect"} <= asked(*READY)


def test_an_address_of_this_machine_has_no_next_hop_and_no_path() -> None:
    here = asked(LINKS, LOCAL, samples.open_port(), samples.connect())
    assert {"syn", "connect"} <= here
    assert not here & {"neighbour", "trace", "path-mtu"}


def test_behind_a_dead_next_hop_nothing_more_is_asked() -> None:
    dead = samples.neighbour(Outcome.SILENT)
    assert not asked(*READY, dead, samples.echo(), FIRST) & {"trace", "control", "syn-again"}
    assert "trace" not in asked(*READY, dead, samples.echo(), port=None)


def test_a_silent_port_is_looked_at_again_and_compared() -> None:
    assert {"trace", "syn-again", "control"} <= asked(*READY, ON_LINK, FIRST)


def test_an_open_port_is_not_compared() -> None:
    found = asked(*READY, samples.open_port(), samples.connect())
    assert "path-mtu" in found
    assert not found & {"syn-again", "control", "firewall"}


def test_a_closed_port_is_compared_only_where_echoes_are_silent() -> None:
    closed = samples.syn(samples.answer(AnswerKind.RST))
    assert "control" not in asked(*READY, closed, samples.alive())
    assert "control" in asked(*READY, closed, samples.echo())


def test_another_port_that_answers_gives_the_distance() -> None:
    answering = samples.control(samples.answer(AnswerKind.RST))
    steps = set(wanted(walk((*READY, FIRST, samples.echo(), GONE, answering))))
    assert Measure(Step.CONTROL_TRACE, T, 443) in steps


@pytest.mark.parametrize(
    ("trace", "control"),
    [
        (None, samples.control(samples.answer(AnswerKind.RST))),
        (GONE, samples.control()),
        (GONE, samples.control(samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[1]))),
        (
            samples.trace(samples.tries(TraceKind.ICMP, 4)),
            samples.control(samples.answer(AnswerKind.RST)),
        ),
    ],
)
def test_the_distance_is_not_asked_for_in_vain(trace: Fact | None, control: Fact) -> None:
    facts = [fact for fact in (*READY, FIRST, trace, control) if fact]
    assert "control-trace" not in asked(*facts)


@pytest.mark.parametrize(
    "facts",
    [
        (samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED),),
        (samples.open_port(), samples.connect(Outcome.SILENT)),
        (
            samples.syn(outcome=Outcome.NOT_PERMITTED, sent=0),
            samples.connect(Outcome.UNREACHABLE, "EHOSTUNREACH"),
        ),
    ],
)
def test_own_rules_are_read_where_they_are_suspected(facts: tuple[Fact, ...]) -> None:
    assert "firewall" in asked(*READY, *facts)


def test_without_a_port_the_host_alone_is_walked_to() -> None:
    assert asked(*READY, port=None) >= {"neighbour", "echo", "trace"}
    assert not asked(*READY, samples.alive(), port=None) & {"syn", "connect", "control"}
    assert "path-mtu" in asked(*READY, samples.alive(), port=None)
    assert "control" in asked(*READY, samples.echo(), port=None)
    assert "path-mtu" not in asked(LINKS, LOCAL, samples.alive(), port=None)


def test_what_is_vain_may_stop() -> None:
    dead = samples.neighbour(Outcome.SILENT)
    stopped = set(needless(walk((*READY, dead))))
    assert {Measure(Step.ECHO, T), Measure(Step.CONNECT, T), Measure(Step.TRACE, T)} <= stopped
    assert list(needless(walk((*READY, ON_LINK)))) == []


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        (samples.answer(AnswerKind.SYN_ACK), True),
        (samples.answer(AnswerKind.RST), True),
        (samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[0]), True),
        (None, False),
    ],
)
def test_once_the_port_has_spoken_echoes_may_stop(answer: Answer | None, *, final: bool) -> None:
    syn = samples.syn(answer) if answer else samples.syn()
    stopped = {it.step for it in needless(walk((*READY, syn, GONE)))}
    assert (Step.CONTROL in stopped) is final
    assert Step.ECHO not in {it.step for it in needless(walk((*READY, syn)))}


HOST_GONE = samples.syn(samples.refusal(Refusal.HOST, samples.ROUTERS[2], rtt_s=3.07))
SAID_AT_ONCE = samples.syn(samples.refusal(Refusal.HOST, samples.ROUTERS[2]))
ECHO_TOO = samples.echo(samples.refusal(Refusal.HOST, samples.ROUTERS[2]))


@pytest.mark.parametrize(
    ("facts", "vain"),
    [
        ((HOST_GONE, GONE), True),
        ((HOST_GONE,), False),
        ((SAID_AT_ONCE, GONE), False),
        ((SAID_AT_ONCE, ECHO_TOO, GONE), True),
        ((HOST_GONE, GONE, samples.alive()), False),
        ((HOST_GONE, GONE, samples.connect()), False),
        ((samples.syn(), GONE), False),
    ],
)
def test_once_a_router_has_said_why_the_rest_may_stop(
    facts: tuple[Fact, ...], *, vain: bool
) -> None:
    assert (Measure(Step.SYN_AGAIN, T) in set(needless(walk((*READY, *facts))))) is vain


def test_every_step_of_the_tree_is_among_the_facts_tried_here() -> None:
    assert set(KINDS) == set(Step)


targets = st.sampled_from([(T, samples.PORT), (T, None), (NAME, samples.PORT), (NAME, None)])


@given(st.lists(st.sampled_from(POOL), max_size=14), targets)
def test_no_facts_confuse_it(facts: list[Fact], target: tuple[str, int | None]) -> None:
    view = walk(facts, *target)
    found = list(wanted(view))
    assert len(found) == len(set(found))
    assert list(wanted(walk(facts, *target))) == found
    assert {it.step for it in needless(view)} <= set(Step)


@given(st.data(), targets)
def test_it_comes_to_an_end_whatever_is_measured(
    data: st.DataObject, target: tuple[str, int | None]
) -> None:
    """Measure what it wants, one by one and in any order, with any outcome, until it is content."""
    facts: list[Fact] = []
    done: list[Measure] = []
    while left := [it for it in wanted(walk(facts, *target)) if it not in done]:
        measure = data.draw(st.sampled_from(left))
        done.append(measure)
        facts.append(data.draw(st.sampled_from(fitting(measure))))
        assert len(done) <= 4 * len(Step)
    assert conclude(walk(facts, *target)).summary


def test_a_look_up_that_crashed_does_not_come_again() -> None:
    facts = (LINKS, crashed("resolve", ""))
    assert not [it for it in wanted(walk(facts, NAME)) if it.address]
    assert walk(facts, NAME).resolved
    assert not walk((LINKS,), NAME).resolved


def test_a_silent_look_is_known_by_its_fact() -> None:
    assert isinstance(FIRST, SynFact)
    assert firewall().finding == "none of 3 local rules refuses the connection"
    none = replace(firewall(), rules=0)
    assert none.finding == "no local rule (there is none) refuses the connection"
