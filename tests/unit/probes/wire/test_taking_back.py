"""What is taken back at the target: what may be held half open there, and nothing else."""

import time

import pytest

from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.pacing import PER_WALK
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.wire import Wire
from tests.unit.probes.wire.peers import FOUR, heard, tcp

PORT = 5432


class Scripted:
    """Means whose answers a test hands in; what is taken back leaves by `sent`."""

    raw = True

    def __init__(self, take: Take) -> None:
        self.take = take
        self.sent: list[Packet] = []

    def bars(self, protocol: str) -> str:
        return "" if protocol else protocol

    def is_dear(self, protocol: str) -> bool:
        return not protocol

    def watch(self, port: int) -> None:
        del port

    def send(self, packet: Packet) -> int:
        self.sent.append(packet)
        return 0

    def undo(self, packet: Packet) -> Packet | None:
        return packets.reset(packet)

    def give_up(self, packet: Packet) -> None:
        del packet

    def dropped(self) -> int:
        return 0

    def close(self) -> None:
        self.sent.clear()

    def answer(self, packet: Packet, flags: str) -> None:
        data = tcp(packet, flags)
        self.take(Arrival(heard(data), "eth0", time.time(), data))


def syn(wire: Wire, own: int, port: int = PORT) -> Packet:
    packet = packets.syn(FOUR, (own, port), wire.number())
    assert wire.send(packet) == 0
    return packet


@pytest.mark.parametrize(
    ("answered", "connected", "resets"),
    [
        ("", None, 1),
        ("SA", None, 1),
        ("SA", PORT, 0),
        ("SA", PORT + 1, 1),
        ("", PORT, 1),
        ("RA", None, 0),
    ],
)
def test_a_syn_is_taken_back_where_the_kernel_does_not_do_it(
    answered: str, connected: int | None, resets: int
) -> None:
    wire = Wire(Scripted)
    means = wire.means
    assert isinstance(means, Scripted)
    probe = syn(wire, 4000)
    if answered:
        means.answer(probe, answered)
    if connected:
        wire.known.connected.add((FOUR.dst, connected))
    wire.take_back([probe])
    assert len(means.sent) == 1 + resets


def test_what_is_owed_is_taken_back_when_all_packets_are_spent() -> None:
    wire = Wire(Scripted)
    means = wire.means
    assert isinstance(means, Scripted)
    probe = syn(wire, 4000)
    wire._pacing.sent = PER_WALK
    assert wire.send(probe) == -1
    wire.take_back([probe])
    assert len(means.sent) == 2
