"""Echoes to the target: how many of how many, each counted once."""

from layerwalk.probes.echo import echo
from layerwalk.probes.facts import Answer, AnswerKind, Outcome
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context


class DoublingWire(SimulatedWire):
    """A wire whose network sends everything twice."""

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        return super().answers(packet) * 2


def test_a_duplicate_is_no_second_reply() -> None:
    wire = DoublingWire(lambda _packet: answer(AnswerKind.ECHO_REPLY))
    fact = echo(PEER, context(wire))
    assert (fact.sent, len(fact.replies), fact.outcome) == (3, 3, Outcome.ANSWERED)
    assert fact.finding.startswith("3 of 3 echoes answered")


def test_duplicates_do_not_make_up_for_what_is_lost() -> None:
    lost = iter([False, True, True])
    wire = DoublingWire(lambda _packet: None if next(lost) else answer(AnswerKind.ECHO_REPLY))
    fact = echo(PEER, context(wire))
    assert fact.finding.startswith("1 of 3 echoes answered")
