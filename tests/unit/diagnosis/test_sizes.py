"""Large packets: what counts as a blackhole, and what does not."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    AnswerKind,
    Outcome,
    SizeMethod,
)
from tests.unit.diagnosis.facts import path_mtu
from tests.unit.diagnosis.sayings import OWN, SECOND, said, status

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


def test_no_answer_of_any_size_leaves_it_open() -> None:
    silent = path_mtu(passes=0, outcome=Outcome.SILENT)
    assert status("pmtu-blackhole", *samples.healthy(), silent) is Status.UNKNOWN


FULL = {**CUT, "mss": 1460, "segment": 1500}


def test_echoes_and_datagrams_of_a_segments_size_prove_enough() -> None:
    hole = said("pmtu-blackhole", *samples.healthy(), path_mtu(**FULL, datagrams_vanish=True))
    assert (hole.status, hole.where["mss"]) == (Status.LIKELY, 1360)
    assert "raw" in hole.decide_by


def test_datagrams_that_pass_or_segments_that_fit_speak_against_it() -> None:
    passing = path_mtu(**FULL, datagrams_vanish=False)
    clamped = path_mtu(**{**FULL, "mss": 1300, "segment": 1340}, datagrams_vanish=True)
    for fact in (passing, clamped):
        assert status("pmtu-blackhole", *samples.healthy(), fact) is Status.RULED_OUT


def test_datagrams_that_nobody_answers_leave_it_open() -> None:
    for fact in (path_mtu(**FULL), path_mtu(**CUT, datagrams_vanish=True)):
        assert status("pmtu-blackhole", *samples.healthy(), fact) is Status.UNKNOWN
