"""The counters around bursts: what they prove, and what other traffic may hide but never feign."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import HIGH_PORT
from layerwalk.probes.counters import BURST, counters
from layerwalk.probes.facts import Answer, CountersFact, Outcome
from layerwalk.probes.network_counters import NetworkCounters
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, context

PORT = 5432
START = NetworkCounters(1000, 2000, 30, 4)


class Machine:
    """A stack with counters; ``kept`` stops SYNs to the port by a drop, ``reset`` by a reset."""

    def __init__(self, *, kept: bool = False, reset: bool = False, noise: int = 0) -> None:
        self.kept = kept
        self.reset = reset
        self.noise = noise
        self.lost_each = 0
        self.by_path = 0
        self.lagging = False
        self.now = START

    def __call__(self, packet: Packet) -> Answer | None:
        mine = packet.identity.second == PORT
        stopped = mine and (self.kept or self.reset)
        self.now = replace(
            self.now,
            transmitted=self.now.transmitted + (0 if mine and self.kept else 1),
            interface=self.now.interface + (0 if stopped or self.lagging else 1),
            lost=self.now.lost + (self.lost_each if mine else 0),
            reversed=self.now.reversed + (self.by_path if mine else 0),
        )
        return None

    def look(self, _version: int, _interface: str) -> NetworkCounters:
        self.now = replace(
            self.now,
            transmitted=self.now.transmitted + self.noise,
            interface=self.now.interface + self.noise,
        )
        return self.now


def counted(machine: Machine) -> CountersFact:
    return counters(PEER, PORT, context(SimulatedWire(machine)), machine.look)


def test_syns_that_a_rule_drops_never_leave() -> None:
    fact = counted(Machine(kept=True))
    assert (fact.unsent, fact.keeps_back, fact.loses_answers) == (BURST, True, False)


def test_a_reset_here_is_told_by_the_interface() -> None:
    assert counted(Machine(reset=True)).keeps_back


def test_an_interface_that_counts_late_is_not_believed() -> None:
    machine = Machine(reset=True)
    machine.lagging = True
    fact = counted(machine)
    assert (fact.unsent, fact.keeps_back) == (0, False)


@given(noise=st.integers(0, 10_000))
def test_what_leaves_is_never_called_kept_back(noise: int) -> None:
    assert counted(Machine(noise=noise)).unsent == 0


@given(noise=st.integers(0, 10_000))
def test_other_traffic_can_only_hide(noise: int) -> None:
    assert counted(Machine(kept=True, noise=noise)).unsent == max(BURST - noise, 0)


def lost_beside(each: int, noise: Sequence[int]) -> CountersFact:
    """Bursts of which so many are lost each time, and at every look so many others."""
    machine = Machine()
    machine.lost_each = each
    more = iter([*(12 * [0]), *noise])  # behind the looks that show whether SYNs leave

    def look(version: int, interface: str) -> NetworkCounters:
        machine.now = replace(machine.now, lost=machine.now.lost + next(more, 0))
        return machine.look(version, interface)

    return counters(PEER, PORT, context(SimulatedWire(machine)), look)


QUIETLY = [0] * 24
A_LITTLE = [1] * 24
FOR_A_WHILE = [4] * 24
LATER = [*(4 * [0]), *(20 * [7])]
WITHOUT_END = [4] * 200


@pytest.mark.parametrize("noise", [QUIETLY, A_LITTLE, FOR_A_WHILE, LATER])
def test_what_the_target_sends_again_hides_no_lost_answers(noise: list[int]) -> None:
    assert lost_beside(1, noise).loses_answers


@pytest.mark.parametrize("noise", [QUIETLY, FOR_A_WHILE, LATER, WITHOUT_END, [10] * 24])
def test_what_others_lose_is_no_lost_answer(noise: list[int]) -> None:
    assert not lost_beside(0, noise).loses_answers


def test_where_it_never_is_quiet_nothing_is_told() -> None:
    fact = lost_beside(1, WITHOUT_END)
    assert fact.undelivered >= BURST
    assert (fact.quiet > 0, fact.loses_answers) == (True, False)


def test_answers_that_reach_nobody_are_counted() -> None:
    machine = Machine()
    machine.lost_each = 1
    fact = counted(machine)
    assert (fact.undelivered, fact.quiet, fact.loses_answers) == (BURST, 0, True)


def test_answers_that_other_probes_lose_meanwhile_are_not_taken_for_ours() -> None:
    """The whole walk's answers are dropped on the way up; those to the port never come."""
    machine = Machine()
    wire = SimulatedWire(machine)

    def look(version: int, interface: str) -> NetworkCounters:
        wire.sent += [(0.0, packets.syn(PEER, (1, 22), 1))] * 12
        machine.now = replace(machine.now, lost=machine.now.lost + 12)
        return machine.look(version, interface)

    fact = counters(PEER, PORT, context(wire), look)
    assert (fact.undelivered, fact.quiet) == (0, 0)


def test_what_the_reverse_path_filter_drops_is_no_rule() -> None:
    machine = Machine()
    machine.lost_each = machine.by_path = 1
    fact = counted(machine)
    assert (fact.reversed, fact.loses_answers) == (BURST, False)


@pytest.mark.parametrize(
    ("undelivered", "quiet", "loses"),
    [(8, 0, True), (9, 2, True), (8, 3, False), (7, 0, False), (0, 0, False)],
)
def test_a_machine_that_drops_much_anyway_proves_nothing(
    undelivered: int, quiet: int, *, loses: bool
) -> None:
    fact = CountersFact(
        outcome=Outcome.ANSWERED,
        address=PEER.dst,
        port=PORT,
        sent=8,
        undelivered=undelivered,
        quiet=quiet,
    )
    assert fact.loses_answers is loses


def test_the_finding_says_what_got_lost() -> None:
    fact = counted(Machine(kept=True))
    assert fact.finding == "of 8 SYNs to 198.51.100.10:5432 at least 8 never left this machine"
    assert "left this machine, and nothing" in counted(Machine()).finding
    assert "given to nobody" in replace(fact, unsent=0, undelivered=9).finding


def test_bursts_go_to_the_port_and_a_high_one_alone() -> None:
    wire = SimulatedWire(Machine())
    counters(PEER, PORT, context(wire), Machine().look)
    assert {packet.identity.second for _, packet in wire.sent} == {PORT, HIGH_PORT}
    assert len(wire.sent) <= 9 * BURST


def test_without_a_wire_nothing_is_measured() -> None:
    assert counters(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED


def test_a_walk_that_ends_early_says_so() -> None:
    ctx = context(SimulatedWire(Machine()))
    ctx.cancel.set()
    assert counters(PEER, PORT, ctx, Machine().look).outcome is Outcome.CANCELLED
