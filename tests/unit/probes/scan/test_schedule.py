"""Scans of targets that are made up, in time that is made up."""

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.probes.facts.ports import Fate, Reason, ScanState
from layerwalk.probes.scan.carrier import Sent
from layerwalk.probes.scan.reasons import Reply
from tests.unit.probes.scan.simulated import CLOSED, OPEN, SILENT, Target, scanned

REJECTED: Fate = (ScanState.FILTERED, Reason.ADMIN_PROHIBITED, "192.0.2.1")
KINDS = (OPEN, CLOSED, SILENT, REJECTED)
PORTS = range(1, 1001)


def mixed(port: int) -> Fate:
    return KINDS[port % 4]


def every(fate: Fate, ports: range = PORTS) -> dict[int, Fate]:
    return dict.fromkeys(ports, fate)


def busiest(moments: list[float]) -> int:
    return max(sum(it <= other < it + 1.0 for other in moments) for it in moments)


def test_every_port_is_told_and_only_silent_ones_are_asked_again() -> None:
    target = Target(mixed)
    found = scanned(target, PORTS)
    assert found.fared == {port: mixed(port) for port in PORTS}
    assert {port: target.asked[port] for port in PORTS} == {
        port: 2 if mixed(port) == SILENT else 1 for port in PORTS
    }
    assert found.schedule.late == 0
    assert found.schedule.prompt == 500
    assert 0 < found.schedule.slowest_s < 0.1


@settings(deadline=None, max_examples=40)
@given(
    fates=st.lists(st.sampled_from(KINDS), min_size=1, max_size=60),
    repeats=st.integers(1, 3),
    jitter_s=st.floats(0, 0.05),
    rate=st.integers(50, 5000),
)
def test_repeated_and_reordered_answers_change_nothing(
    fates: list[Fate], repeats: int, jitter_s: float, rate: int
) -> None:
    target = Target(lambda port: fates[port - 1], repeats=repeats, jitter_s=jitter_s)
    ports = range(1, len(fates) + 1)
    assert scanned(target, ports, rate).fared == dict(zip(ports, fates, strict=True))


def test_no_second_sees_more_than_the_rate() -> None:
    target = Target(mixed)
    scanned(target, PORTS, 300)
    assert busiest(target.sent_at) <= 300


def test_a_slow_rate_is_kept_too() -> None:
    target = Target(lambda _port: CLOSED)
    scanned(target, range(1, 9), 2)
    assert busiest(target.sent_at) <= 2


def test_the_rate_is_halved_when_a_port_answers_only_its_second_try() -> None:
    target = Target(lambda _port: CLOSED, lost=0.1)
    found = scanned(target, PORTS, 1000)
    assert found.fared == every(CLOSED)
    assert found.schedule.late > 0
    assert found.rounds.schedule.pace.least <= 500


def test_without_loss_the_rate_stays() -> None:
    assert scanned(Target(mixed), PORTS).schedule.pace.least == 1000


@pytest.mark.parametrize("lost", [0.02, 0.2, 0.35])
def test_lost_answers_make_no_filtered_port(lost: float) -> None:
    target = Target(lambda port: KINDS[port % 2], lost=lost)
    assert scanned(target, PORTS, 5000).fared == {port: KINDS[port % 2] for port in PORTS}


def test_answers_that_did_not_fit_in_make_silent_ports_asked_again() -> None:
    target = Target(lambda _port: SILENT, drops=[3])
    found = scanned(target, range(1, 11))
    assert found.rounds.dropped == 3
    assert set(target.asked.values()) == {3}
    assert found.fared == every(SILENT, range(1, 11))


def test_what_may_be_half_open_is_taken_back_and_nothing_else() -> None:
    target = Target(mixed)
    scanned(target, PORTS)
    assert sorted(target.taken_back) == [p for p in PORTS if mixed(p) in {OPEN, SILENT}]


def test_a_port_that_may_not_be_asked_is_counted_and_the_rest_is_asked() -> None:
    target = Target(lambda _port: CLOSED, refused=7)
    found = scanned(target, range(1, 21))
    assert found.schedule.refused == {7}
    assert found.fared[7] == SILENT
    assert {port for port, fate in found.fared.items() if fate == CLOSED} == {*range(1, 21)} - {7}
    assert target.asked[7] == 0


class Stopping(Target):
    """Stops the scan after so many questions."""

    cancel: threading.Event
    after: int

    def ask(self, ports: Sequence[int]) -> Sent:
        if len(self.sent_at) >= self.after:
            self.cancel.set()
        return super().ask(ports)


def test_ports_that_were_not_asked_to_the_end_have_no_state() -> None:
    target = Stopping(lambda port: SILENT if port % 2 else CLOSED)
    target.cancel, target.after = threading.Event(), 300
    found = scanned(target, PORTS, 1000, target.cancel)
    told = [port for port, fate in found.fared.items() if fate == SILENT]
    assert found.fared
    assert len(found.fared) < len(PORTS)
    assert all(target.asked[port] == 2 for port in told)
    assert all(target.asked[port] for port in found.fared)


def test_late_answers_still_count() -> None:
    target = Target(lambda _port: CLOSED, jitter_s=0.3)
    assert scanned(target, PORTS, 2000).fared == every(CLOSED)


def test_answers_for_nobody_are_nothing() -> None:
    found = scanned(Target(lambda port: CLOSED if port == 1 else SILENT), [1, 2])
    before = dict(found.schedule.told())
    found.schedule.heard([Reply(77, ScanState.OPEN, Reason.SYN_ACK)], 200.0)
    assert dict(found.schedule.told()) == before
