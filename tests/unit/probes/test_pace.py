"""SYNs at several paces: how many, among what, and when it is enough."""

import errno

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import HIGH_PORT
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, SynPaceFact
from layerwalk.probes.pace import pace
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432
ROUTERS = {1: "192.0.2.1", 2: "203.0.113.1"}


class Bucket:
    """A target behind a limit; its first router reports what expires, the second is limited."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst, self.left = rate, burst, float(burst)
        self.last = 0.0
        self.wire = SimulatedWire(self)

    def __call__(self, packet: Packet) -> Answer | None:
        if packet.identity.protocol == "echo":
            return answer(AnswerKind.ECHO_REPLY)
        if packet.hop == 1:
            return answer(AnswerKind.TIME_EXCEEDED, ROUTERS[1], hop=1)
        if packet.identity.second != PORT:
            return answer(AnswerKind.RST)
        gone = self.wire.now - self.last
        self.left, self.last = min(self.burst, self.left + self.rate * gone), self.wire.now
        if self.left < 1:
            return None
        self.left -= 1
        if packet.hop != WHOLE_WAY:
            return answer(AnswerKind.TIME_EXCEEDED, ROUTERS[packet.hop], hop=packet.hop)
        return answer(AnswerKind.SYN_ACK)

    def paced(self, *, echoes: bool = True) -> SynPaceFact:
        return pace(PEER, PORT, ROUTERS, context(self.wire), echoes=echoes)


def test_a_port_that_answers_all_gets_a_burst_and_groups() -> None:
    bucket = Bucket(1000.0, 1000)
    fact = bucket.paced()
    assert (fact.outcome, len(fact.syns), fact.failed.part) == (Outcome.ANSWERED, 68, 0)
    assert (fact.beside, fact.sent_beside, fact.lost_beside) == ("echo", 21, 0)
    assert (fact.hops, fact.failed_slow.whole) == ((), 0)
    assert {packet.hop for _, packet in bucket.wire.sent} == {WHOLE_WAY}
    sent = [packet for _, packet in bucket.wire.sent if packet.identity.protocol == "tcp"]
    assert len({packet.identity.first for packet in sent}) == len(sent)


def test_a_limit_is_followed_along_the_path_and_then_kept_to() -> None:
    fact = Bucket(5.0, 3).paced()
    assert 0 < fact.failed.part < fact.failed.whole
    assert (fact.failed_slow.part, fact.failed_slow.whole) == (0, 3)
    assert fact.spares_others
    heard = {hop: [it.answer for it in fact.hops if it.hop == hop] for hop in ROUTERS}
    assert all(heard[1])
    assert heard[2][0] is None
    assert "3 of the 3 at the slowest pace" in fact.finding
    assert "of 24 echoes sent among them" in fact.finding


def test_without_echoes_a_high_port_stands_beside() -> None:
    fact = Bucket(5.0, 3).paced(echoes=False)
    assert (fact.beside, fact.beside_port, fact.lost_beside) == ("SYN", HIGH_PORT, 0)
    assert f"SYNs to port {HIGH_PORT} sent among them" in fact.finding


def test_what_stays_silent_is_taken_back() -> None:
    bucket = Bucket(5.0, 3)
    bucket.paced()
    tcp = [it for _, it in bucket.wire.sent if it.identity.protocol == "tcp"]
    whole = {it for it in tcp if it.hop == WHOLE_WAY}
    assert {*bucket.wire.taken_back} == whole


def test_a_port_that_is_silent_throughout_is_asked_no_more() -> None:
    bucket = Bucket(0.0, 0)
    fact = bucket.paced()
    assert (fact.outcome, fact.good, fact.hops) == (Outcome.SILENT, None, ())
    assert fact.failed.part == fact.failed.whole == 68


def test_no_wire_no_ports_and_an_early_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pace(PEER, PORT, {}, ProbeContext(), echoes=True).outcome is Outcome.NOT_PERMITTED
    bucket = Bucket(5.0, 3)
    ctx = context(bucket.wire)
    ctx.cancel.set()
    assert pace(PEER, PORT, {}, ctx, echoes=True).outcome is Outcome.CANCELLED

    def none_left(_source: str, _purpose: str) -> int:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(bucket.wire, "port", none_left)
    fact = pace(PEER, PORT, {}, context(bucket.wire), echoes=True)
    assert fact.detail == "Address already in use"
