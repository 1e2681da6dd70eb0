"""The path as all traces together tell it."""

from collections.abc import Sequence

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.path_view import Hop, PathView, place
from layerwalk.probes.facts import Answer, AnswerKind, Refusal, TraceFact, TraceKind, Try

FIRST, SECOND, THIRD = samples.ROUTERS
T = samples.TARGET


def path(*traces: TraceFact) -> PathView:
    return PathView(T, samples.OWN, traces)


def tried(kind: TraceKind, *answers: Answer | None) -> list[Try]:
    return [Try(hop=hop, kind=kind, answer=answer) for hop, answer in enumerate(answers, 1)]


def expired(*routers: str | None) -> PathView:
    kind = AnswerKind.TIME_EXCEEDED
    answers = [samples.answer(kind, router) if router else None for router in routers]
    return path(samples.trace(tried(TraceKind.ICMP, *answers)))


WHOLE = path(
    samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
)
CUT = path(samples.trace(samples.tries(TraceKind.ICMP, 3), samples.tries(TraceKind.SYN, 1)))


def test_the_distance_is_where_the_target_first_answers() -> None:
    assert WHOLE.distance == 4
    assert CUT.distance is None
    assert path().distance is None


def test_a_reset_for_the_syn_gives_no_distance() -> None:
    resets = tried(TraceKind.SYN, None, samples.answer(AnswerKind.RST, hop=2))
    assert path(samples.trace(resets)).distance is None


def test_each_kind_has_its_own_reach() -> None:
    assert (WHOLE.reach(TraceKind.ICMP), WHOLE.reach(TraceKind.SYN)) == (3, 2)
    assert path().reach() == 0


def test_a_hop_is_known_by_its_address() -> None:
    assert [WHOLE.hop(number).address for number in range(6)] == [
        samples.OWN,
        *samples.ROUTERS,
        T,
        "",
    ]
    assert WHOLE.hop_of(SECOND) == 2
    assert WHOLE.hop_of("192.0.2.99") is None


def test_several_traces_are_one_path() -> None:
    both = path(
        samples.trace(samples.tries(TraceKind.SYN, 1)),
        samples.trace(samples.tries(TraceKind.CONTROL, 4)),
    )
    assert (both.distance, both.reach(TraceKind.SYN), both.reach()) == (4, 1, 3)


@pytest.mark.parametrize(
    ("routers", "loop"),
    [
        ((FIRST, SECOND, THIRD), ()),
        ((FIRST, SECOND, SECOND, THIRD), ()),
        ((FIRST, SECOND, THIRD, SECOND), ()),
        ((FIRST, SECOND, THIRD, SECOND, THIRD), (Hop(2, SECOND), Hop(3, THIRD))),
        ((FIRST, None, SECOND, None, SECOND, None, SECOND), (Hop(3, SECOND),)),
        ((), ()),
    ],
)
def test_a_circle_is_told_from_an_odd_router(
    routers: Sequence[str | None], loop: tuple[Hop, ...]
) -> None:
    assert expired(*routers).loop == loop


def test_a_loss_is_placed_between_two_hops() -> None:
    first, second = ({"hop": n, "address": a} for n, a in enumerate((FIRST, SECOND), 1))
    assert place(CUT, 1) == {"kind": "path", "after": first, "before": second}
    assert place(WHOLE, 1) == {"kind": "path", "after": first, "before": second}


def test_a_loss_behind_all_that_answered_has_no_before() -> None:
    assert place(CUT, 3) == {"kind": "path", "after": {"hop": 3, "address": THIRD}}


def test_behind_the_last_router_host_and_link_are_one() -> None:
    assert place(WHOLE, 3) == {"kind": "host", "after": {"hop": 3, "address": THIRD}}


def test_where_only_the_target_is_known_beyond_it_is_the_next() -> None:
    answers = (samples.answer(AnswerKind.TIME_EXCEEDED, FIRST), None, None)
    lone = path(
        samples.trace(tried(TraceKind.ICMP, *answers, samples.answer(AnswerKind.ECHO_REPLY, hop=4)))
    )
    assert place(lone, 1)["before"] == {"hop": 4, "address": T}


def test_nothing_answers_before_the_first_hop() -> None:
    nowhere = path(samples.trace(samples.tries(TraceKind.ICMP, 0)))
    assert place(nowhere, 0) == {"kind": "path", "after": {"hop": 0, "address": samples.OWN}}


def test_a_refusal_is_no_expiry() -> None:
    refused = samples.refusal(Refusal.PROHIBITED, SECOND)
    assert path(samples.trace(tried(TraceKind.SYN, None, refused))).expired() == {}
