"""Keeping the packets themselves: what left, what came back, and which measurement it belongs to.

Whoever starts a measurement names it in ``measuring``, for its own thread and those that inherit
its context; whatever is sent there is the measurement's, and so are the answers.
"""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum

from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.checksum import folded
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.packets import Packet

LONGEST = 2048
"""How much of a packet is kept, in bytes."""

measuring: ContextVar[str] = ContextVar("measuring", default="")
"""The name of the measurement that this thread works for."""


class Direction(IntEnum):
    """Which way a packet went, in the numbers that pcapng has for it."""

    IN = 1
    OUT = 2


@dataclass(frozen=True, kw_only=True)
class Record:
    """One packet. ``stamp`` is in seconds of the wall clock, ``length`` that of the whole packet.

    ``data`` begins with the IP header, or, of a question on the link, with the Ethernet header.
    ``measurement`` is the name of what it was sent for, and ``probe`` the place among all records
    of the packet that it answers (``None`` where it answers none, or none that was kept).
    """

    stamp: float
    direction: Direction
    interface: str
    data: bytes
    length: int
    measurement: str
    ethernet: bool = False
    probe: int | None = None


class Recording:
    """Keeps up to ``most`` packets, by default none; ``missed`` counts those beyond."""

    def __init__(self) -> None:
        self.most = 0
        self.missed = 0
        self._lock = threading.Lock()
        self._records: list[Record] = []
        self._probes: dict[Identity, int] = {}
        self._ports: dict[int, str] = {}

    @property
    def records(self) -> tuple[Record, ...]:
        """All that was kept, in the order in which it was seen."""
        with self._lock:
            return tuple(self._records)

    def watch(self, port: int) -> None:
        """What comes for this port is the running measurement's, unless it answers another's."""
        with self._lock:
            self._ports[port] = measuring.get()

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
