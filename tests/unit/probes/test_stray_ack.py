"""ACKs of no connection: to the port, and to another one that answers."""

import errno

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, StrayAckFact
from layerwalk.probes.stray_ack import stray_ack
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT, OTHER = 5432, 22


def asked(*resetting: int, control: int = OTHER) -> tuple[SimulatedWire, StrayAckFact]:
    """Ask where these ports reset."""

    def network(packet: Packet) -> Answer | None:
        return answer(AnswerKind.RST) if packet.identity.second in resetting else None

    wire = SimulatedWire(network)
    return wire, stray_ack(PEER, PORT, control, context(wire))


def test_a_tcp_that_is_reached_resets() -> None:
    wire, fact = asked(PORT, OTHER)
    assert (fact.outcome, fact.sent, len(wire.sent)) == (Outcome.ANSWERED, 2, 4)
    assert (fact.reaches_tcp, fact.is_filtered) == (True, False)
    assert fact.finding.endswith("port 5432 answers with rst, port 22 answers with rst")
    assert fact.command == f"nmap -sA -n -Pn --reason -p 5432,22 {PEER.address}"


def test_a_port_that_is_kept_from_us_is_told_by_another() -> None:
    _, fact = asked(OTHER)
    assert (fact.outcome, fact.reaches_tcp, fact.is_filtered) == (Outcome.SILENT, False, True)
    assert "port 5432 is silent" in fact.finding


def test_where_nothing_resets_nothing_is_known() -> None:
    _, fact = asked()
    assert (fact.reaches_tcp, fact.is_filtered) == (False, False)
    wire, alone = asked(control=0)
    assert (alone.is_filtered, len(wire.sent)) == (False, 2)
    assert "port 0" not in alone.finding


def test_a_reset_from_somebody_else_is_not_the_targets() -> None:
    def forged(_packet: Packet) -> Answer:
        return answer(AnswerKind.UNREACHABLE, "192.0.2.1")

    fact = stray_ack(PEER, PORT, OTHER, context(SimulatedWire(forged)))
    assert (fact.reaches_tcp, fact.is_filtered) == (False, False)


def test_raw_sockets_are_needed_and_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stray_ack(PEER, PORT, OTHER, ProbeContext()).outcome is Outcome.NOT_PERMITTED
    bare = SimulatedWire(lambda _packet: None, raw=False)
    assert stray_ack(PEER, PORT, OTHER, context(bare)).outcome is Outcome.NOT_PERMITTED
    wire = SimulatedWire(lambda _packet: None)

    def none_left(_source: str, _purpose: str) -> int:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(wire, "port", none_left)
    assert stray_ack(PEER, PORT, OTHER, context(wire)).outcome is Outcome.FAILED


def test_a_walk_that_ends_early_proves_no_silence() -> None:
    ctx = context(SimulatedWire(lambda _packet: None))
    ctx.cancel.set()
    assert stray_ack(PEER, PORT, OTHER, ctx).outcome is Outcome.CANCELLED
