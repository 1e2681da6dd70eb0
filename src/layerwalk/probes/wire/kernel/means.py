"""The means of a user without rights: TCP by connect(), UDP, ping; what came of it by the kernel.

Each probe has a socket of its own, because the kernel hands an ICMP error to the socket and need
not quote enough to tell two probes of one socket apart. So their source ports differ, and where
paths divide by flow they may take different ones.
"""

from __future__ import annotations

import time
from functools import cached_property

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.port_choice import ports_are_scarce
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.kernel import tcp
from layerwalk.probes.wire.kernel.datagrams import ping_sockets_allowed, send_echo, send_udp
from layerwalk.probes.wire.kernel.ping import Pings, found_ping
from layerwalk.probes.wire.kernel.vigil import Vigil
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet

NO_ECHO = (
    "needs raw sockets (CAP_NET_RAW), a ping socket (net.ipv4.ping_group_range), "
    "or a ping command that this user may use"
)

NO_MARKED_ECHO = (
    "needs raw sockets (CAP_NET_RAW) or a ping socket (net.ipv4.ping_group_range): a ping command "
    "might send without the mark"
)

_UNREPEATED_S = 0.95
"""The kernel sends an unanswered SYN again after a second (RFC 6298 2.1)."""

_PATIENT_S = 4.0
"""Longer than a router looks for a host that is not there."""

_SLOW_S = 0.3


class KernelMeans:
    """Sockets that anyone may open; used by many threads at once, under the wire's lock."""

    raw = False

    def __init__(self, take: Take, origin: Origin = HERE) -> None:
        self._take = take
        self._origin = origin
        self._barred = origin.bars()
        self._slowest_s = 0.0
        self._patient: dict[tuple[str, int], float] = {}
        self._bound: dict[Identity, tcp.SynProbe] = {}
        self._vigil = Vigil()
        self._own_echoes = ping_sockets_allowed()
        # With only a warning, ping sends without the mark where it may not set it.
        self._no_echo = NO_MARKED_ECHO if origin.mark else NO_ECHO
        ping = "" if self._own_echoes or origin.mark else found_ping()
        self._pings = Pings(ping, self._vigil.add, origin)

    def bars(self, protocol: str) -> str:
        """Why no packets of this protocol can be sent; empty where they can."""
        barred = protocol == "echo" and not self._own_echoes and self._pings.barred
        return self._barred or (self._no_echo if barred else "")

    def is_dear(self, protocol: str) -> bool:
        """Whether each packet costs a process of its own."""
        return protocol == "echo" and not self._own_echoes

    def watch(self, _port: int) -> None:
        """Nothing to do: every probe's own socket is watched."""

    def send(self, packet: Packet) -> int:
        """Send one probe; returns 0, or the errno with which the kernel refused it."""
        try:
            self._send(packet, time.monotonic())
        except OSError as error:
            return error.errno or -1
        return 0

    def _send(self, packet: Packet, now: float) -> None:
        take, protocol, origin = self._timed(now), packet.identity.protocol, self._origin
        if protocol == "tcp":
            syn = self._send_syn(packet, take, now)
            self._vigil.add(syn, tcp.EVENTS)
            if packet.bound:
                self._bound[packet.identity] = syn
        elif protocol == "udp":
            self._vigil.add(send_udp(packet, take, now + _PATIENT_S, origin))
        elif self._own_echoes:
            self._vigil.add(send_echo(packet, take, now + _PATIENT_S, origin))
        else:
            self._pings.send(packet, take)

    def _send_syn(self, packet: Packet, take: Take, now: float) -> tcp.SynProbe:
        until = now + self._patience_s(packet, now)
        return tcp.send_syn(packet, take, until, self._origin, outside=self._scarce)

    @cached_property
    def _scarce(self) -> bool:
        return ports_are_scarce()

    def undo(self, _packet: Packet) -> None:
        """Nothing to do: the kernel resets what comes for a socket that is gone."""

    def give_up(self, packet: Packet) -> None:
        """End the ping that waits for this packet's answer, and the attempt that holds its port."""
        self._pings.give_up(packet)
        held = self._bound.pop(packet.identity, None)
        if held:
            held.until = 0.0

    def dropped(self) -> int:
        """How many packets that may have been answers found no room so far."""
        return self._vigil.dropped()

    def close(self) -> None:
        """Close every socket, and end every ping; what was opened is reset."""
        self._pings.close()
        self._vigil.close()

    def _timed(self, began: float) -> Take:
        """Note how slow the path is, and hand on."""

        def take(arrival: Arrival) -> None:
            repeated = arrival.heard.kind is AnswerKind.SYN_ACK and arrival.rtt_s is None
            searched = arrival.heard.refusal is not None
            if not searched and not repeated:  # neither is the path's own slowness
                self._slowest_s = max(self._slowest_s, time.monotonic() - began)
            self._take(arrival)

        return take

    def _patience_s(self, packet: Packet, now: float) -> float:
        """How long a SYN may wait: not long enough to be repeated, but for one to each port.

        That one stands for the program's own attempt: it hears a router's late report. On a slow
        path the repeats must be put up with.
        """
        if packet.patient or self._slowest_s > _SLOW_S:
            return _PATIENT_S
        port = (packet.identity.address, packet.identity.second)
        if packet.hop != WHOLE_WAY or packet.least_ttl or self._patient.get(port, 0.0) > now:
            return _UNREPEATED_S
        self._patient[port] = now + _PATIENT_S
        return _PATIENT_S
