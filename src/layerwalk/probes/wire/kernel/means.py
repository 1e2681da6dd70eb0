"""The means of a user without rights: TCP by connect(), UDP, and what came of them by the kernel.

Each probe has a socket of its own, because the kernel hands an ICMP error to the socket and need
not quote enough to tell two probes of one socket apart. So their source ports differ, and where
paths divide by flow they may take different ones.
"""

from __future__ import annotations

import time

from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.kernel import tcp
from layerwalk.probes.wire.kernel.datagrams import send_udp
from layerwalk.probes.wire.kernel.vigil import Vigil
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet

NEEDS_RAW = "needs raw sockets (CAP_NET_RAW)"

_UNREPEATED_S = 0.95
"""The kernel sends an unanswered SYN again after a second (RFC 6298 2.1)."""

_PATIENT_S = 4.0
"""Longer than a router looks for a host that is not there."""

_SLOW_S = 0.3


class KernelMeans:
    """Sockets that anyone may open; used by many threads at once, under the wire's lock."""

    raw = False

    def __init__(self, take: Take) -> None:
        self._take = take
        self._slowest_s = 0.0
        self._patient: dict[tuple[object, ...], float] = {}
        self._vigil = Vigil()

    def bars(self, protocol: str) -> str:
        """Why no packets of this protocol can be sent; empty where they can."""
        return NEEDS_RAW if protocol == "echo" else ""

    def is_dear(self, _protocol: str) -> bool:
        """Whether each packet costs a process of its own."""
        return False

    def watch(self, _port: int) -> None:
        """Nothing to do: every probe's own socket is watched."""

    def send(self, packet: Packet) -> int:
        """Send one probe; returns 0, or the errno with which the kernel refused it."""
        now = time.monotonic()
        try:
            if packet.identity.protocol == "tcp":
                syn = tcp.send_syn(packet, self._timed(now), now + self._patience_s(packet, now))
                self._vigil.add(syn, tcp.EVENTS)
            else:
                self._vigil.add(send_udp(packet, self._timed(now), now + _PATIENT_S))
        except OSError as error:
            return error.errno or -1
        return 0

    def undo(self, _packet: Packet) -> None:
        """Nothing to do: the kernel resets what comes for a socket that is gone."""

    def close(self) -> None:
        """Close every socket; what was opened is reset."""
        self._vigil.close()

    def _timed(self, began: float) -> Take:
        """Note how slow the path is, and hand on."""

        def take(arrival: Arrival) -> None:
            if arrival.heard.refusal is None:  # a router that looks for a host takes its time
                self._slowest_s = max(self._slowest_s, time.monotonic() - began)
            self._take(arrival)

        return take

    def _patience_s(self, packet: Packet, now: float) -> float:
        """How long a SYN may wait: not long enough to be repeated, but for one of each flow.

        That one stands for the program's own attempt: it hears a router's late report. On a slow
        path the repeats must be put up with.
        """
        if self._slowest_s > _SLOW_S:
            return _PATIENT_S
        flow = packet.identity[:4]
        if packet.hop != WHOLE_WAY or self._patient.get(flow, 0.0) > now:
            return _UNREPEATED_S
        self._patient[flow] = now + _PATIENT_S
        return _PATIENT_S
