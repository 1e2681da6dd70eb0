"""Bursts against the reverse path filter: what its counter proves, and where answers come in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from layerwalk.probes import reverse_path as room
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, ReversePathFact
from layerwalk.probes.reverse_path import BURST, Seen, reverse_path
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432


@dataclass
class Machine:
    """Counts what comes in on ``eth1`` and what the filter drops of it."""

    drops: bool = True
    noise: int = 0
    seen: bool = False
    dropped: int = 100
    received: dict[str, int] = field(default_factory=lambda: {"eth0": 7, "eth1": 5})

    def __call__(self, _packet: Packet) -> Answer | None:
        self.dropped += self.drops
        self.received["eth1"] += 1
        return answer(AnswerKind.SYN_ACK, interface="eth1") if self.seen else None

    def look(self) -> Seen:
        self.dropped += self.noise
        return Seen(self.dropped, {**self.received})


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "_SETTINGS", tmp_path)
    for name, value in (("all", 0), ("eth0", 2), ("eth1", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rp_filter").write_text(f"{value}\n")
    return tmp_path


def counted(machine: Machine, port: int | None = PORT) -> ReversePathFact:
    return reverse_path(PEER, port, context(SimulatedWire(machine)), machine.look)


@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("port", [PORT, None])
def test_a_filter_that_drops_every_answer_is_told(port: int | None, *, seen: bool) -> None:
    fact = counted(Machine(seen=seen), port)
    assert (fact.dropped, fact.quiet, fact.drops_answers) == (BURST, 0, True)
    assert (fact.interface, fact.filter_all, fact.filter_own, fact.mode) == ("eth1", 0, 1, "strict")


def test_a_filter_that_stands_still_drops_nothing() -> None:
    assert not counted(Machine(drops=False)).drops_answers


@pytest.mark.parametrize("noise", [5, 8, 1000])
def test_what_it_drops_at_all_times_is_nothing_of_ours(noise: int) -> None:
    assert not counted(Machine(drops=False, noise=noise)).drops_answers


def test_an_interface_that_filters_nothing_is_not_the_one(settings: Path) -> None:
    (settings / "eth1/rp_filter").write_text("0\n")
    assert counted(Machine()).interface == ""


def test_of_several_the_one_that_is_not_the_way_out_is_named() -> None:
    machine = Machine()
    busy = machine.look

    def look() -> Seen:
        machine.received["eth0"] += 20
        return busy()

    wire = SimulatedWire(machine)
    assert reverse_path(PEER, PORT, context(wire), look).interface == "eth1"


def test_each_syn_has_a_flow_of_its_own_and_is_taken_back() -> None:
    wire = SimulatedWire(Machine())
    reverse_path(PEER, PORT, context(wire), Machine().look)
    flows = {packet.identity for _, packet in wire.sent}
    assert len(flows) == len(wire.sent) == len(wire.taken_back) == 2 * BURST


@pytest.mark.parametrize("wire", [None, SimulatedWire(Machine(), barred=("tcp",))])
def test_without_means_nothing_is_measured(wire: SimulatedWire | None) -> None:
    ctx = context(wire) if wire else ProbeContext()
    assert reverse_path(PEER, PORT, ctx).outcome is Outcome.NOT_PERMITTED


def test_a_walk_that_ends_early_says_so() -> None:
    ctx = context(SimulatedWire(Machine()))
    ctx.cancel.set()
    assert reverse_path(PEER, PORT, ctx, Machine().look).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("remove", [lambda it: it.unlink(), lambda it: it.write_text("odd")])
def test_settings_that_can_not_be_read_are_unknown(
    settings: Path, remove: Callable[[Path], object]
) -> None:
    for file in settings.glob("*/rp_filter"):
        remove(file)
    fact = counted(Machine(seen=True))
    assert (fact.filter_all, fact.filter_own, fact.mode) == (None, None, "")


def test_the_finding_says_where_and_how_many() -> None:
    assert counted(Machine()).finding == (
        "of 8 packets to 198.51.100.10, whose answers come in by eth1, the reverse path filter "
        "dropped 8 answers (0 in a quiet time as long; all.rp_filter=0, eth1.rp_filter=1)"
    )
