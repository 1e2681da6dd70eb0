"""Many flows: cheap where all fare alike, and sure where some never get through."""

import errno
import random
from collections.abc import Callable

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, FlowsFact, Outcome
from layerwalk.probes.facts.flows import SURE
from layerwalk.probes.flows import flows
from layerwalk.probes.wire.packets import Packet, Peer
from tests.unit.probes.simulated import PEER, RTT_S, Network, SimulatedWire, answer, context

PORT = 5432
MISSED = 0.005
"""How often a broken path may go unnoticed."""

SIX = Peer("2001:db8:2::10", "2001:db8:1::10", "eth0")


def tried(network: Network, peer: Peer = PEER, **more: object) -> tuple[FlowsFact, SimulatedWire]:
    wire = SimulatedWire(network, **more)  # type: ignore[arg-type]
    return flows(peer, PORT, context(wire)), wire


def opened(packet: Packet) -> Answer:
    return answer(AnswerKind.SYN_ACK, packet.peer.dst)


def broken(share: float, seed: int, loss: float = 0.0) -> Network:
    """A target behind paths of which this share is broken, and the others lose so much."""
    dice = random.Random(seed)  # noqa: S311  # a seed makes it repeatable
    fates: dict[int, bool] = {}

    def network(packet: Packet) -> Answer | None:
        own = packet.identity.first
        dead = fates.setdefault(own, dice.random() < share)
        return None if dead or dice.random() < loss else opened(packet)

    return network


def limited(rate: float, burst: int, now: Callable[[], float]) -> Network:
    """A target that answers so many SYNs a second, after so many at once."""
    left, last = float(burst), 0.0

    def network(packet: Packet) -> Answer | None:
        nonlocal left, last
        left, last = min(burst, left + rate * (now() - last)), now()
        if left < 1.0:
            return None
        left -= 1.0
        return opened(packet)

    return network


def test_where_all_is_well_each_is_tried_once() -> None:
    fact, wire = tried(opened)
    assert (len(fact.flows), len(fact.always), fact.chance) == (42, 42, 1.0)
    assert wire.now - 1000.0 <= 42 * 0.006 + RTT_S + 0.005
    assert len({flow.port for flow in fact.flows}) == 42
    assert (
        fact.finding == f"SYNs from 42 source ports to {PEER.address}:{PORT}, answered: each time"
    )
    assert wire.taken_back == [packet for _, packet in wire.sent]


def test_so_many_are_tried_that_one_broken_path_of_eight_is_hardly_missed() -> None:
    assert (7 / 8) ** len(tried(opened)[0].flows) < MISSED


def test_the_first_flow_is_that_of_the_syn_looks() -> None:
    fact, wire = tried(opened)
    assert fact.flows[0].port == wire.purposes[f"syn {PORT}"]


def test_in_ipv6_each_flow_has_a_label_that_its_packets_carry() -> None:
    fact, wire = tried(opened, SIX)
    labels = {flow.port: flow.label for flow in fact.flows}
    assert labels[fact.flows[0].port] == 0
    assert len(set(labels.values())) == 42
    assert all(packet.label == labels[packet.identity.first] for _, packet in wire.sent)
    assert all(packet.bound for _, packet in wire.sent)


def test_where_nobody_answers_none_is_tried_again() -> None:
    fact, wire = tried(lambda _packet: None)
    assert (fact.outcome, len(fact.never), len(wire.sent)) == (Outcome.SILENT, 42, 42)
    assert wire.now - 1000.0 < 0.7


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("share", [1 / 8, 1 / 4, 1 / 2, 7 / 8])
def test_a_broken_path_shows(share: float, seed: int) -> None:
    fact, wire = tried(broken(share, seed))
    if not (fact.never and fact.always):  # no flow fell on the broken path, or all did
        assert share in {1 / 8, 7 / 8}
        return
    assert fact.chance < SURE
    assert not fact.sometimes
    assert all(flow.tries[-1].sent_s - flow.tries[0].sent_s >= 1.0 for flow in fact.never[:8])
    assert len(wire.sent) <= 180


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("loss", [0.05, 0.2, 0.5])
def test_loss_is_no_broken_path(loss: float, seed: int) -> None:
    assert tried(broken(0.0, seed, loss))[0].chance >= SURE


@pytest.mark.parametrize("seed", range(10))
def test_heavy_loss_is_soon_known_for_what_it_is(seed: int) -> None:
    fact, wire = tried(broken(0.0, seed, 0.5))
    assert not fact.differs
    assert len(wire.sent) < 42 + 4 * 22


@pytest.mark.parametrize("seed", range(10))
def test_a_broken_path_shows_beside_loss(seed: int) -> None:
    assert tried(broken(0.5, seed, 0.1))[0].chance < SURE


@pytest.mark.parametrize("burst", [1, 5, 12, 20])
@pytest.mark.parametrize("rate", [1, 5, 20, 50])
def test_a_limit_is_no_broken_path(rate: float, burst: int) -> None:
    wire = SimulatedWire(lambda _packet: None)
    wire.network = limited(rate, burst, wire.clock)
    fact = flows(PEER, PORT, context(wire))
    assert fact.chance >= SURE
    assert [when for when, _ in fact.schedule] == sorted(
        it.sent_s for flow in fact.flows for it in flow.tries
    )


def test_an_answer_to_the_hosts_own_repeat_is_none() -> None:
    late: set[int] = set()

    def network(packet: Packet) -> Answer:
        found = opened(packet)
        if len(late) < 3 and packet.identity.first not in late:
            late.add(packet.identity.first)
            object.__setattr__(found, "rtt_s", 1.02)
        return found

    fact, _ = tried(network)
    assert len(fact.always) >= 39


def test_where_one_path_resets_its_flows_are_the_failing_ones() -> None:
    def network(packet: Packet) -> Answer:
        even = packet.identity.first % 2 == 0
        return answer(AnswerKind.RST if even else AnswerKind.SYN_ACK)

    fact, _ = tried(network)
    assert fact.good is AnswerKind.SYN_ACK
    assert {flow.port % 2 for flow in fact.never} == {0}


def test_without_raw_sockets_the_ports_of_the_failing_are_given_up() -> None:
    fact, wire = tried(broken(0.5, 1), raw=False)
    assert len(fact.flows) == 41
    assert not fact.half_open
    assert {packet.identity.first for packet in wire.given_up} == {it.port for it in fact.never}


def test_beside_other_addresses_they_are_half_as_many() -> None:
    wire = SimulatedWire(opened)
    assert len(flows(PEER, PORT, context(wire), alone=False).flows) == 21


def test_what_does_not_leave_is_no_flow() -> None:
    fact, _ = tried(opened, errors=lambda _packet: errno.EPERM)
    assert (fact.flows, fact.outcome) == ((), Outcome.SILENT)


def test_without_a_wire_it_says_so() -> None:
    assert flows(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED
