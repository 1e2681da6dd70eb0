"""What the target makes of a connection, by how it answers one old byte."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from layerwalk.probes import handshake as module
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, HandshakeFact, Outcome
from layerwalk.probes.handshake import NO_RAW, handshake
from layerwalk.probes.seen_connection import Seen
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.parse import Heard
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432
LAST = 100
D_SACK = answer(AnswerKind.ACK, options=("timestamps", "sack"))
PLAIN = answer(AnswerKind.ACK, options=("timestamps",))
AGAIN = Answer(kind=AnswerKind.SYN_ACK, responder=PEER.dst, hop=64, rtt_s=1.0)


class Target:
    """Answers each byte with the next of these, and may repeat its SYN-ACK after the first."""

    def __init__(self, *answers: Answer | None, repeats: bool = False) -> None:
        self.answers, self.repeats = iter(answers), repeats
        self.wire = SimulatedWire(self)

    def __call__(self, packet: Packet) -> Answer | None:
        if self.repeats:
            self.repeats = False
            held = self.wire._answers.setdefault(tuple(packet.identity), [])
            held.append((self.wire.now + AGAIN.rtt_s, AGAIN))
        if packet.identity.number == LAST:
            return None
        return next(self.answers, None)


def made_of(
    monkeypatch: pytest.MonkeyPatch,
    target: Target,
    options: tuple[str, ...] = ("mss", "sack-permitted"),
    *,
    answered: bool = True,
) -> HandshakeFact:
    """Ask on a connection whose SYN-ACK carried these options."""
    identity = Identity("tcp", PEER.dst, 40000, PORT, 99)
    heard = Heard(
        kind=AnswerKind.SYN_ACK,
        identity=identity,
        responder=PEER.dst,
        ttl=61,
        options=options,
        numbers=(700, 100),
    )

    @contextmanager
    def seen(*_args: object) -> Iterator[Seen | None]:
        with socket.socket() as sock:
            yield Seen(sock, (40000, PORT), heard) if answered else None

    monkeypatch.setattr(module, "seen_connection", seen)
    return handshake(PEER, PORT, context(target.wire))


def test_a_connection_answers_with_a_d_sack(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(D_SACK)
    fact = made_of(monkeypatch, target)
    assert (fact.taken, fact.repeats, fact.refuses_ours) == (True, 0, False)
    [(_, byte)] = target.wire.sent
    assert (byte.identity.number, len(byte.data)) == (99, 41)
    assert "too, has the connection" in fact.finding


def test_a_byte_that_is_lost_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(None, D_SACK)
    assert made_of(monkeypatch, target).taken
    assert len(target.wire.sent) == 2


def test_a_full_queue_goes_on_holding_the_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(PLAIN, PLAIN, repeats=True)
    fact = made_of(monkeypatch, target)
    assert (fact.taken, fact.repeats, fact.still_held) == (False, 1, True)
    assert fact.refuses_ours
    assert [packet.identity.number for _, packet in target.wire.sent] == [99, *[LAST] * 4, 99]
    assert "sent its SYN-ACK 1 times more" in fact.finding


def test_a_listener_that_defers_takes_it_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    fact = made_of(monkeypatch, Target(PLAIN, D_SACK, repeats=True))
    assert (fact.taken, fact.repeats, fact.still_held, fact.refuses_ours) == (
        False,
        1,
        False,
        False,
    )


def test_a_handshake_that_is_held_in_silence_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = Target(PLAIN)
    fact = made_of(monkeypatch, target)
    assert (fact.taken, fact.repeats, fact.refuses_ours) == (False, 0, False)
    assert target.wire.now - 1000.0 < 1.5


def test_without_sack_or_an_answer_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    without = Target(PLAIN)
    assert made_of(monkeypatch, without, ("mss",)).taken is None
    assert without.wire.sent == []
    silent = made_of(monkeypatch, Target())
    assert (silent.outcome, silent.taken) == (Outcome.ANSWERED, None)
    assert "was not seen" in silent.finding


def test_a_syn_that_stays_unanswered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made_of(monkeypatch, Target(), answered=False).outcome is Outcome.SILENT


def test_raw_sockets_are_needed() -> None:
    wire = SimulatedWire(lambda _packet: None, raw=False)
    fact = handshake(PEER, PORT, context(wire))
    assert (fact.outcome, fact.detail) == (Outcome.NOT_PERMITTED, NO_RAW)
    assert handshake(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED
