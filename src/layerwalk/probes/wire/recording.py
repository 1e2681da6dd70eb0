"""Keeping the packets themselves: what left, what came back, and which measurement it belongs to.

Whoever starts a measurement names it in ``measuring``, for its own thread and those that inherit
its context; whatever is sent there is the measurement's, and so are the answers.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar

from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.checksum import folded
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.record import LONGEST, Direction, Record
from layerwalk.probes.wire.segment import Segment
from layerwalk.probes.wire.tap import Seen
from layerwalk.probes.wire.witness import Witness, port_of

measuring: ContextVar[str] = ContextVar("measuring", default="")
"""The name of the measurement that this thread works for."""

Keep = Callable[[Record], None]


def _nothing(_record: Record) -> None:
    """Tell nobody of a packet."""


class Recording:
    """Keeps up to ``most`` packets, by default none; ``missed`` counts those beyond."""

    def __init__(self) -> None:
        self.most = 0
        self.missed = 0
        self._lock = threading.Lock()
        self._records: list[Record] = []
        self._probes: dict[Identity, int] = {}
        self._ports: dict[int, str] = {}
        self._witness: Witness | None = None
        self._kept: Keep = _nothing

    @property
    def records(self) -> tuple[Record, ...]:
        """All that was kept, in the order in which it was seen."""
        with self._lock:
            return tuple(self._records)

    @property
    def whole(self) -> bool:
        """Whether what the kernel sends for the walk is kept, too."""
        return self._witness is not None

    def begin(self, most: int, kept: Keep | None = None) -> None:
        """Keep so many packets, also what the kernel sends, as far as ``whole`` comes true.

        ``kept`` is told of each at once; it must be quick, and not raise.
        """
        self.most = most
        self._kept = kept or _nothing
        with suppress(OSError):
            self._witness = Witness(self._witnessed)

    def watch(self, port: int) -> None:
        """What comes for this port is the running measurement's, unless it answers another's."""
        with self._lock:
            self._ports[port] = measuring.get()
        if self._witness:
            self._witness.watch(port)

    def follow(self, sock: socket.socket) -> None:
        """Keep all that the kernel sends and hears on a socket; to be said before it connects.

        Where nothing is kept this does nothing. Else a socket without a port gets one now; its
        source address is still the kernel's choice when it connects.
        """
        if self._witness and (port := port_of(sock)):
            with self._lock:
                self._ports[port] = measuring.get()
            self._witness.follow(sock.type, port)

    def expect(self, packet: Packet) -> None:
        """A packet is about to leave."""
        if self._witness:
            self._witness.expect(packet)

    def sent(self, packet: Packet, stamp: float) -> None:
        """A packet has left."""
        if not self.most:
            return
        record = Record(
            stamp=stamp,
            direction=Direction.OUT,
            interface=packet.peer.interface,
            data=_as_sent(packet)[:LONGEST],
            length=len(packet.data),
            measurement=measuring.get(),
        )
        with self._lock:
            self._probes[packet.identity] = len(self._records)
            self._keep(record)

    def heard(self, arrival: Arrival, answered: Packet | None) -> None:
        """A packet has come in that answers this one, or is for a port that is watched."""
        if not self.most:
            return
        with self._lock:
            probe, measurement = self._owner(arrival, answered)
            if not measurement:
                return
            self._keep(
                Record(
                    stamp=arrival.stamp,
                    direction=Direction.IN,
                    interface=arrival.interface,
                    data=arrival.packet[:LONGEST],
                    length=len(arrival.packet),
                    measurement=measurement,
                    probe=probe,
                )
            )

    def keep(self, record: Record | None) -> int | None:
        """Keep a packet that a measurement sent or heard by itself, ``None`` for one left out.

        Gives its place among all records, if it has one.
        """
        with self._lock:
            place = len(self._records)
            if record is None:
                self.missed += 1
            else:
                self._keep(record)
            return place if len(self._records) > place else None

    def frame(self, interface: str, frame: bytes, direction: Direction) -> None:
        """A frame has left, or come in, for the running measurement."""
        record = Record(
            stamp=time.time(),
            direction=direction,
            interface=interface,
            data=frame[:LONGEST],
            length=len(frame),
            measurement=measuring.get(),
            ethernet=True,
        )
        with self._lock:
            self._keep(record)

    def close(self) -> None:
        """Take in what the kernel has sent by now, and keep nothing more of it."""
        if self._witness:
            self._witness.close()

    def _witnessed(self, seen: Seen, segment: Segment) -> None:
        """A packet of the kernel's own: a reset that takes a probe back, or of a followed port."""
        with self._lock:
            probe = self._probes.get(segment.before, self.most) if seen.leaves else self.most
            known = self._records[probe : probe + 1]
            port = segment.ports[0 if seen.leaves else 1]
            self._keep(
                Record(
                    stamp=seen.stamp,
                    direction=Direction.OUT if seen.leaves else Direction.IN,
                    interface=seen.interface,
                    data=segment.data[:LONGEST],
                    length=len(segment.data),
                    measurement=known[0].measurement if known else self._ports.get(port, ""),
                    kernel=segment.word,
                )
            )

    def _owner(self, arrival: Arrival, answered: Packet | None) -> tuple[int | None, str]:
        """The probe that is answered, if it was kept, and the measurement."""
        place = self._probes.get(answered.identity) if answered else None
        if place is not None and place < len(self._records):
            return place, self._records[place].measurement
        identity = arrival.heard.identity
        ours = identity.protocol in {"tcp", "udp"}
        return None, self._ports.get(identity.first, "") if ours else ""

    def _keep(self, record: Record) -> None:
        """Keep a record, with the lock held, as long as there is room."""
        if len(self._records) < self.most:
            self._records.append(record)
            self._kept(record)
        else:
            self.missed += 1


def _as_sent(packet: Packet) -> bytes:
    """The packet with the header checksum that the kernel gives it (raw(7), IP_HDRINCL)."""
    if packet.peer.version != 4:
        return packet.data
    header = bytearray(packet.data[:20])
    header[10:12] = b"\0\0"
    header[10:12] = (~folded(header) & 0xFFFF).to_bytes(2)
    return bytes(header) + packet.data[20:]
