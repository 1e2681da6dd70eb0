"""Loss and delay: where they begin, and when they explain a failure."""

import random
from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import cause as cause_of
from layerwalk.diagnosis.delays import delay_begins, trips_of
from layerwalk.diagnosis.loss_place import loss_place
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step, needless
from layerwalk.probes.facts import (
    AnswerKind,
    EchoFact,
    Fact,
    HopLossFact,
    HopTally,
    Outcome,
    Refusal,
    RoundTrips,
    RouteFact,
    Share,
    Tally,
    TraceFact,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.facts import NAME, resolved
from tests.unit.diagnosis.sayings import said, status
from tests.unit.diagnosis.views import address, judged, walk

OTHER = "203.0.113.99"
LOSSY = samples.loss(echo=(80, 120), syn=(52, 80))
FIRST_HOP, SECOND_HOP, LAST_HOP = samples.ROUTERS


def hops(*lost: tuple[int, int]) -> tuple[HopTally, ...]:
    """Hops that lost so many of 5 that expire, and of 30 to their own address."""
    return tuple(
        HopTally(
            hop=n,
            address=f"203.0.113.{n}",
            expiring=5,
            expired=5 - gone,
            asked=30,
            replied=30 - own,
        )
        for n, (gone, own) in enumerate(lost, start=1)
    )


def told(name: str, *facts: Fact, timeout_s: float | None) -> Judgement:
    one = cause_of(name)
    assert one
    return judged(one, walk(facts, timeout_s=timeout_s))[0]


@pytest.mark.parametrize(
    ("lost", "after"),
    [
        ([(0, 0), (0, 0), (2, 9), (1, 10)], 2),
        ([(0, 0), (0, 0), (0, 0), (0, 0)], 4),
        ([(1, 10), (2, 9), (1, 8), (2, 11)], 0),
        ([(0, 0), (3, 0), (0, 0), (2, 10)], 3),
        ([(0, 0), (5, 15), (0, 0), (0, 0)], 4),
        ([(0, 0), (5, 30), (2, 10), (1, 9)], 2),
        ([(0, 0), (0, 0), (2, 0), (3, 0)], 2),
    ],
    ids=[
        "behind 2",
        "at the target",
        "here",
        "own limit at 2",
        "2 is odd",
        "2 is silent",
        "not meant",
    ],
)
def test_loss_begins_where_all_that_follows_loses_too(
    lost: list[tuple[int, int]], after: int
) -> None:
    found = loss_place(hops(*lost), Share(20, 60))
    if lost[1] == (5, 30):
        assert found.after in {1, 2}
        assert not found.sure
    else:
        assert found.after == after


@pytest.mark.parametrize("rate", [0.2, 0.3, 0.5])
def test_the_place_is_mostly_right(rate: float) -> None:
    dice = random.Random(5)  # noqa: S311  # a seed makes it repeatable
    right = 0
    for number in range(200):
        after = number % 6

        def lost(hop: int, of: int, begins: int = after) -> int:
            return sum(dice.random() < rate for _ in range(of)) if hop > begins else 0

        target = Share(lost(6, 60), 60)
        found = loss_place(hops(*((lost(n, 5), lost(n, 30)) for n in range(1, 6))), target)
        right += found.after == after
    assert right >= 190


def test_a_target_that_was_unlucky_does_not_move_the_place() -> None:
    """Three of ten are lost behind hop 4; of those to the target it happened to be more."""
    lost = [*(4 * [(0, 0)]), (3, 2), (0, 9), (1, 12), (2, 4), (1, 5), (2, 7), (0, 5)]
    found = loss_place(hops(*lost), Share(28, 62))
    assert found.after == 4


def test_loss_at_the_last_router_or_behind_it_is_at_the_host() -> None:
    clean = HopLossFact(
        outcome=Outcome.ANSWERED, address=samples.TARGET, hops=hops((0, 0), (0, 0), (0, 0))
    )
    found = said("packet-loss", *samples.healthy(), LOSSY, clean)
    assert found.where == {"kind": "host", "after": {"hop": 3, "address": "203.0.113.3"}}
    assert found.explanation.startswith("68 of 200 packets")


def test_where_the_hops_were_not_asked_the_place_is_open() -> None:
    found = said("packet-loss", *samples.healthy(), LOSSY)
    assert (found.status, found.where) == (Status.CONFIRMED, {"kind": "host"})
    assert "somewhere on the way" in found.explanation


def test_next_door_there_is_but_one_link() -> None:
    found = said("packet-loss", samples.links(), samples.route(gateway=""), LOSSY)
    assert found.where == {"kind": "host", "after": {"hop": 0, "address": samples.OWN}}


def test_a_closed_port_explains_more_than_loss() -> None:
    reset = samples.loss(echo=(80, 120), syn=(52, 80), syn_answer=str(AnswerKind.RST))
    verdict = conclude(walk((*samples.healthy()[:4], reset, samples.connect(Outcome.REFUSED))))
    assert [named.cause.id for named in verdict.named] == ["port-closed", "packet-loss"]


def test_a_port_that_answers_one_syn_of_many_is_open() -> None:
    facts = (samples.route(), samples.alive(), samples.syn(), samples.connect(Outcome.SILENT))
    assert status("firewall-drop", *facts, LOSSY) is not Status.LIKELY
    verdict = conclude(walk((samples.links(), *facts, LOSSY)))
    assert [named.cause.id for named in verdict.named] == ["packet-loss"]


def test_nothing_that_could_be_counted_is_not_fine() -> None:
    silent = samples.loss(echo=(0, 20), syn=(0, 20), outcome=Outcome.SILENT)
    assert status("packet-loss", silent) is Status.UNKNOWN


def slow(*milliseconds: int) -> TraceFact:
    """A trace whose hops answer after so many milliseconds; the last is the target."""
    names = [*samples.ROUTERS, samples.TARGET]
    kinds = {True: AnswerKind.ECHO_REPLY, False: AnswerKind.TIME_EXCEEDED}
    tries = [
        Try(
            hop=hop,
            kind=TraceKind.ICMP,
            answer=samples.answer(kinds[who == samples.TARGET], who, hop=hop, rtt_s=ms / 1000),
        )
        for hop, (who, ms) in enumerate(zip(names, milliseconds, strict=False), start=1)
    ]
    return samples.trace(tries)


def echoes(*milliseconds: int) -> EchoFact:
    return samples.echo(
        *(samples.answer(AnswerKind.ECHO_REPLY, rtt_s=ms / 1000) for ms in milliseconds)
    )


@pytest.mark.parametrize(
    ("times", "after"),
    [
        ((1, 2, 1202, 1203), 2),
        ((1, 900, 3, 1203), 3),
        ((1200, 1201, 1202, 1203), 0),
        ((1, 400, 401, 1203), 3),
    ],
)
def test_delay_begins_where_it_stays(times: tuple[int, ...], after: int) -> None:
    assert delay_begins(address(samples.route(), slow(*times))) == after


def test_a_long_delay_is_placed() -> None:
    found = said("high-latency", samples.route(), slow(1, 2, 1202, 1203), samples.connect())
    assert found.status is Status.CONFIRMED
    assert found.where == {
        "kind": "path",
        "after": {"hop": 2, "address": SECOND_HOP},
        "before": {"hop": 3, "address": LAST_HOP},
    }


def test_where_nothing_connects_whatever_answers_is_judged() -> None:
    silent = (samples.route(), samples.syn(), samples.connect(Outcome.SILENT))
    assert status("high-latency", *silent, slow(1, 2, 1202)) is Status.LIKELY
    assert status("high-latency", *silent, slow(1, 2, 3)) is Status.RULED_OUT
    assert status("high-latency", *silent) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("took_s", "timeout_s", "expected"),
    [
        (0.3, 0.5, "high-latency"),
        (0.3, 0.2, "connect-timeout-too-short"),
        (0.3, 2.0, ""),
        (0.3, None, ""),
        (1.2, None, "high-latency"),
        (1.2, 5.0, ""),
    ],
)
def test_the_programs_limit_decides(took_s: float, timeout_s: float | None, expected: str) -> None:
    ms = int(took_s * 1000)
    facts = (
        samples.links(),
        samples.route(),
        echoes(ms, ms),
        samples.syn(samples.answer(AnswerKind.SYN_ACK, rtt_s=took_s)),
        samples.connect(waited_s=took_s),
        slow(1, 2, ms, ms),
    )
    verdict = conclude(walk(facts, timeout_s=timeout_s))
    assert [named.cause.id for named in verdict.named] == ([expected] if expected else [])


def test_the_quicker_of_two_connections_counts() -> None:
    facts = (*samples.healthy()[:5], samples.connect(waited_s=0.6), samples.connect(waited_s=0.1))
    assert told("connect-timeout-too-short", *facts, timeout_s=0.5).status is Status.RULED_OUT
    assert told("high-latency", *facts, timeout_s=0.5).status is Status.RULED_OUT


def test_a_repeated_syn_is_no_long_round_trip() -> None:
    facts = (samples.route(), echoes(2, 2), samples.connect(waited_s=1.01))
    assert told("high-latency", *facts, timeout_s=1.5).status is Status.RULED_OUT


def swinging(**trips: float) -> Tally:
    fields = {"best_s": 0.1, "median_s": 0.2, "late_s": 0.3, "worst_s": 0.5}
    return Tally(kind="echo", sent=32, answered=32, trips=RoundTrips(**{**fields, **trips}))


def test_round_trips_that_swing_beyond_half_the_limit_count() -> None:
    sample = samples.loss(echo=(32, 32), syn=(0, 0))
    facts = (samples.route(), slow(1, 2, 3, 100), samples.connect(waited_s=0.2))
    wide = replace(sample, tallies=(swinging(late_s=0.45),))
    found = told("high-latency", *facts, wide, timeout_s=0.8)
    assert found.status is Status.CONFIRMED
    assert "swing between 100 ms and 500 ms" in found.explanation
    narrow = replace(sample, tallies=(swinging(),))
    assert told("high-latency", *facts, narrow, timeout_s=0.8).status is Status.RULED_OUT


def test_the_sample_goes_before_single_answers() -> None:
    sample = samples.loss(echo=(32, 32), syn=(0, 0), tallies=(swinging(),))
    trips = trips_of(address(samples.route(), echoes(2400, 2280), sample))
    assert trips
    assert trips.median_s == 0.2


def test_a_second_address_that_is_slow_harms_nobody() -> None:
    def of(facts: tuple[Fact, ...], where: str) -> list[Fact]:
        return [
            replace(fact, destination=where)
            if isinstance(fact, RouteFact)
            else replace(fact, address=where)  # type: ignore[call-arg]  # all others have one
            for fact in facts
        ]

    quick = (samples.route(), samples.open_port(), samples.connect())
    tardy = (samples.route(), echoes(1200), samples.connect(waited_s=1.2))
    start = (samples.links(), resolved(samples.TARGET, OTHER))
    spare = walk((*start, *of(quick, samples.TARGET), *of(tardy, OTHER)), NAME)
    assert conclude(spare).outcome == "healthy"
    first = walk((*start, *of(tardy, samples.TARGET), *of(quick, OTHER)), NAME)
    assert [named.cause.id for named in conclude(first).named] == ["high-latency"]


def test_a_port_that_takes_a_connection_is_not_dropped() -> None:
    """SYNs on one flow that overtake each other on a slow path may all seem silent."""
    facts = (samples.route(), samples.alive(), samples.syn(), samples.connect(waited_s=1.4))
    assert status("firewall-drop", *facts) is Status.RULED_OUT


def test_the_seconds_in_which_a_router_looks_for_a_host_are_no_delay() -> None:
    late = samples.refusal(Refusal.HOST, LAST_HOP, hop=3, rtt_s=3.06)
    fact = samples.trace([Try(hop=3, kind=TraceKind.ICMP, answer=late)])
    host = address(samples.links(), samples.route(), samples.neighbour(Outcome.ANSWERED), fact)
    assert trips_of(host) is None


def test_sizes_are_not_waited_for_where_the_place_of_the_loss_is_known() -> None:
    known = (*samples.healthy(), LOSSY)
    sizes = Measure(Step.PATH_MTU, samples.TARGET)
    assert sizes not in set(needless(walk(known)))
    placed = HopLossFact(outcome=Outcome.ANSWERED, address=samples.TARGET, hops=hops((0, 0)))
    assert sizes in set(needless(walk((*known, placed))))
