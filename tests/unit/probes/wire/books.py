"""Matching with clocks that a test turns."""

from layerwalk.probes.wire.acquaintances import Acquaintances
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.matching import Matching
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.parse import read

WALL = 1_700_000_000.0


class Books:
    """Matching with a steady clock that the test turns, and the wall clock beside it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.known = Acquaintances(clock=lambda: self.now)
        self.matching = Matching(self.known, clock=lambda: self.now)

    def send(self, packet: Packet) -> Packet:
        self.matching.expect(packet, wall=WALL + self.now, steady=self.now)
        self.known.note_probe(packet.peer.dst, self.now)
        return packet

    def take(self, data: bytes, *, clock_set_by: float = 0.0) -> bool:
        heard = read(data)
        assert heard is not None
        stamp = WALL + self.now + clock_set_by
        return self.matching.take(Arrival(heard, "eth0", stamp, data[:128]))

    def hear(self, data: bytes) -> bool:
        """Take whatever comes in, as the packet socket does."""
        return read(data) is not None and self.take(data)
