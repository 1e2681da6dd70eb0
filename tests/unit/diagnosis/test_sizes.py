"""Large packets: what counts as a blackhole, and what does not."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import cause
from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    AnswerKind,
    EchoFate,
    HopSize,
    Outcome,
    SizeMethod,
    SynFact,
    WayBack,
)
from tests.unit.diagnosis.facts import path_mtu
from tests.unit.diagnosis.sayings import FIRST, OWN, SECOND, T, said, status

CUT = {"passes": 1400, "vanishes": 1401}


def test_large_echoes_alone_prove_nothing_of_tcp() -> None:
    assert status("pmtu-blackhole", *samples.healthy(), path_mtu(**CUT)) is Status.UNKNOWN


def test_a_lost_segment_is_placed_behind_the_last_hop_that_saw_it() -> None:
    reached = samples.answer(AnswerKind.TIME_EXCEEDED, SECOND, hop=2)
    fact = path_mtu(**CUT, by=SizeMethod.TCP, reached=reached)
    hole = said("pmtu-blackhole", *samples.healthy(), fact)
    assert hole.where["after"] == {"hop": 2, "address": SECOND}
    assert (hole.where["mtu"], hole.where["mss"]) == (1400, 1360)
    nowhere = said("pmtu-blackhole", *samples.healthy(), path_mtu(**CUT, by=SizeMethod.TCP))
    assert nowhere.where["after"] == {"hop": 0, "address": OWN}


def test_a_router_that_tells_too_much_is_quoted() -> None:
    told = samples.answer(AnswerKind.TOO_BIG, SECOND, mtu=1450)
    fact = path_mtu(**CUT, by=SizeMethod.TCP, too_big=(told,))
    assert "MTU 1450" in said("pmtu-blackhole", *samples.healthy(), fact).explanation


def test_a_machine_that_drops_the_message_is_to_mend_its_own_rule() -> None:
    told = samples.answer(AnswerKind.TOO_BIG, SECOND, mtu=1400)
    fact = path_mtu(passes=1400, by=SizeMethod.TCP, too_big=(told,), kernel_is_deaf=True)
    hole = said("pmtu-blackhole", *samples.healthy(), fact)
    assert (hole.status, hole.where["after"]["address"]) == (Status.CONFIRMED, SECOND)
    found = cause("pmtu-blackhole")
    assert found
    assert found.advise(hole)[0].on == "client"


def test_no_answer_of_any_size_leaves_it_open() -> None:
    silent = path_mtu(passes=0, outcome=Outcome.SILENT)
    assert status("pmtu-blackhole", *samples.healthy(), silent) is Status.UNKNOWN


FULL = {**CUT, "mss": 1460, "segment": 1500}


def test_echoes_and_datagrams_of_a_segments_size_make_it_possible() -> None:
    """A rule may drop both for their size, and let TCP pass."""
    hole = said("pmtu-blackhole", *samples.healthy(), path_mtu(**FULL, datagrams_vanish=True))
    assert (hole.status, hole.where["mss"]) == (Status.POSSIBLE, 1360)
    assert "raw" in hole.decide_by


def test_syns_with_as_much_data_speak_for_tcp() -> None:
    hole = said("pmtu-blackhole", *samples.healthy(), path_mtu(**FULL, syns_vanish=True))
    assert (hole.status, hole.decide_by) == (Status.CONFIRMED, "")
    passing = path_mtu(**FULL, syns_vanish=False, datagrams_vanish=True)
    assert status("pmtu-blackhole", *samples.healthy(), passing) is Status.RULED_OUT
    assert "SYNs with as much data, too" in path_mtu(**FULL, syns_vanish=True).finding
    assert "and SYNs as large do not" in passing.finding


def test_datagrams_that_pass_or_segments_that_fit_speak_against_it() -> None:
    passing = path_mtu(**FULL, datagrams_vanish=False)
    clamped = path_mtu(**{**FULL, "mss": 1300, "segment": 1340}, datagrams_vanish=True)
    for fact in (passing, clamped):
        assert status("pmtu-blackhole", *samples.healthy(), fact) is Status.RULED_OUT


def test_what_no_link_would_cut_off_is_dropped_by_a_rule() -> None:
    policed = path_mtu(**{**FULL, "passes": 500, "vanishes": 501}, datagrams_vanish=True)
    assert status("pmtu-blackhole", *samples.healthy(), policed) is Status.UNKNOWN


def test_datagrams_that_nobody_answers_leave_it_open() -> None:
    for fact in (path_mtu(**FULL), path_mtu(**CUT, datagrams_vanish=True)):
        assert status("pmtu-blackhole", *samples.healthy(), fact) is Status.UNKNOWN


CUT_BACK = WayBack(passes=1400, vanishes=1401, talks=True, stalled=3, heard=3)


def came(hop: int, back: int) -> HopSize:
    return HopSize(hop=hop, address=(FIRST, SECOND)[hop - 1], back=back, small=True)


@pytest.mark.parametrize(
    ("hops", "ends"),
    [
        ((came(1, 1401), came(2, 1400)), (1, 2)),
        ((came(1, 1400), came(2, 1400)), (0, 1)),
        ((came(1, 1401), came(2, 1401)), (2, None)),
    ],
)
def test_the_way_back_is_narrow_between_whole_replies_and_others(
    hops: tuple[HopSize, ...], ends: tuple[int, int | None]
) -> None:
    hole = said("pmtu-blackhole", *samples.healthy(), path_mtu(back=replace(CUT_BACK, hops=hops)))
    assert (hole.status, hole.where["direction"]) == (Status.CONFIRMED, "back")
    assert (hole.where["mtu"], hole.where["mss"]) == (1400, 1360)
    assert hole.where["after"]["hop"] == ends[0]
    if ends[1]:
        assert hole.where["before"]["hop"] == ends[1]


def test_where_no_router_tells_no_hop_is_named() -> None:
    hole = said("pmtu-blackhole", *samples.healthy(), path_mtu(back=CUT_BACK))
    assert {"after", "before"}.isdisjoint(hole.where)
    assert "way back" in hole.explanation


def test_both_directions_are_told() -> None:
    fact = path_mtu(**CUT, by=SizeMethod.TCP, back=CUT_BACK)
    hole = said("pmtu-blackhole", *samples.healthy(), fact)
    assert hole.where["direction"] == "out"
    assert "Likewise on the way back" in hole.explanation


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (WayBack(passes=1500, talks=True), Status.RULED_OUT),
        (WayBack(passes=600, talks=False, echo=EchoFate.LOST), Status.UNKNOWN),
        (WayBack(talks=False, echo=EchoFate.PIECES, piece=1300), Status.UNKNOWN),
        (WayBack(talks=False), Status.UNKNOWN),
        (WayBack(passes=1500, talks=True, echo=EchoFate.NOT_ASKED), Status.RULED_OUT),
        (WayBack(passes=1300, talks=True, echo=EchoFate.LOST), Status.RULED_OUT),
        (WayBack(passes=1500, talks=False, echo=EchoFate.WHOLE), Status.RULED_OUT),
    ],
)
def test_what_no_service_has_shown_is_no_fault(back: WayBack, expected: Status) -> None:
    whole = path_mtu(passes=1500, vanishes=0, by=SizeMethod.TCP, back=back)
    assert status("pmtu-blackhole", *samples.healthy(), whole) is expected


def test_the_target_itself_would_tell_of_the_way_back() -> None:
    silent = WayBack(talks=False, echo=EchoFate.LOST)
    whole = path_mtu(passes=1500, vanishes=0, by=SizeMethod.TCP, back=silent)
    left = said("pmtu-blackhole", *samples.healthy(), whole)
    assert left.unlock == f"ssh {T} tracepath -n {OWN}"


def test_pieces_that_only_raw_sockets_see_leave_the_way_back_open() -> None:
    """An IPv4 reply that was cut up on its way looks whole to whoever did not see the pieces."""
    back = WayBack(passes=1500, talks=False, echo=EchoFate.WHOLE)
    facts = [
        replace(it, half_open=False) if isinstance(it, SynFact) else it for it in samples.healthy()
    ]
    hole = said("pmtu-blackhole", *facts, path_mtu(passes=1500, by=SizeMethod.ECHO, back=back))
    assert hole.status is Status.UNKNOWN
    assert "only to raw sockets" in hole.missing
    assert "tracepath" in hole.unlock
