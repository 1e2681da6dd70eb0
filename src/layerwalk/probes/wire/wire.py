"""The wire of one walk: it sends, listens, and gives each answer to the probe that it answers."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable

from layerwalk.probes.facts import Answer, AnswerKind
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.acquaintances import Acquaintances
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.matching import Matching
from layerwalk.probes.wire.means import Means
from layerwalk.probes.wire.pacing import Pacing
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.ports import Ports
from layerwalk.probes.wire.recording import Recording

_NO_BUFFERS = 105


class Wire:
    """Pacing, matching and clean-up of one walk; used by many threads at once.

    How packets leave and come back is up to the means: raw sockets, or what the kernel gives
    everyone.
    """

    def __init__(self, means: Callable[[Take], Means], origin: Origin = HERE) -> None:
        """Open the means, which hand in whatever may be an answer; the ports are the origin's.

        Raises:
            PermissionError: they are raw sockets, and there is no CAP_NET_RAW.
        """
        self._news = threading.Condition()
        self.known = Acquaintances()
        self._matching = Matching(self.known)
        self._pacing = Pacing()
        self._random = random.SystemRandom()
        self.recording = Recording()
        self.means = means(self._take)
        self._ports = Ports(origin, raw=self.means.raw)

    def port(self, source: str, purpose: str) -> int:
        """Reserve a source port and listen to it; the same purpose keeps the same flow."""
        with self._news:
            number = self._ports.reserve(source, purpose)
        self.watch(number)
        return number

    def watch(self, port: int) -> None:
        """Listen to a local port that somebody else holds."""
        self.recording.watch(port)
        self.means.watch(port)

    def number(self, bits: int = 32) -> int:
        """A random number that no outsider can guess: nothing forged matches."""
        return self._random.randrange(1, (1 << bits) - 1)

    @property
    def packets(self) -> int:
        """How many packets this walk has sent."""
        return self._pacing.sent

    def send(self, packet: Packet, *, owed: bool = False) -> int:
        """Send at a polite pace; returns 0, the kernel's errno, or -1 when all are spent.

        What is ``owed`` goes out nevertheless.
        """
        address = packet.peer.dst
        while True:
            with self._news:
                if self._pacing.spent and not owed:
                    return -1
                delay = self._pacing.delay_s(address, time.monotonic())
                if delay <= 0.0:
                    return self._send_now(packet, address)
            time.sleep(min(delay, 0.1))

    def _send_now(self, packet: Packet, address: str) -> int:
        """Send, with the lock held."""
        now = time.monotonic()
        self._pacing.count(address, now)
        wall = time.time()
        self._matching.expect(packet, wall=wall, steady=now)
        self.recording.expect(packet)
        error = self.means.send(packet)
        if error == _NO_BUFFERS:
            error = self.means.send(packet)
        if error:
            self._matching.forget(packet)
        else:
            self.known.note_probe(address, now)
            self.recording.sent(packet, wall)
        return error

    def send_expiring(self, packet: Packet) -> int | None:
        """Send a packet that may expire on the way; ``None`` where the hop has had enough."""
        with self._news:
            peer = packet.peer
            if not self._pacing.hop_allows(peer.source, packet.hop, time.monotonic()):
                return None
        return self.send(packet)

    def take_back(self, probes: Iterable[Packet]) -> None:
        """Take back every SYN among these that may be held half open at the target.

        That is each that stayed unanswered, or whose SYN-ACK may have been dropped by this
        machine's own firewall, behind which its kernel does not reset it: that is out of the
        question where the kernel has a connection to the port. Where a router says
        that nobody is there, nobody holds anything; its few reports (RFC 1812 4.3.2.8) are then
        left to whoever asks next.
        """
        for packet in probes:
            kinds = {answer.kind for answer in self.answers(packet)}
            reached = (packet.peer.dst, packet.identity.second)
            if kinds and reached in self.known.connected:
                continue
            if not kinds - {AnswerKind.SYN_ACK, AnswerKind.ACK}:
                undoing = self.means.undo(packet)
                if undoing and not self.known.is_absent(packet.peer.dst):
                    self.send(undoing, owed=True)

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        """What has come back for this packet so far."""
        with self._news:
            return self._matching.answers(packet)

    def answered(self, peer: Peer, ports: tuple[int, int]) -> tuple[Answer, ...]:
        """All that came back on this TCP flow for packets that had the TTL to arrive."""
        with self._news:
            return self._matching.answered(peer, ports)

    def handshake(self, address: str, ports: tuple[int, int]) -> Heard | None:
        """The SYN-ACK that came in for a connection of the kernel's own, from our port."""
        with self._news:
            return self._matching.handshake(address, ports)

    def wait(self, done: Callable[[], bool], seconds: float, cancel: threading.Event) -> bool:
        """Wait until ``done`` is true, at most so long; tells whether it became true."""
        deadline = time.monotonic() + seconds
        while not done():
            left = deadline - time.monotonic()
            if left <= 0.0 or cancel.is_set():
                return done()
            with self._news:
                self._news.wait(min(left, 0.05))
        return True

    def close(self) -> None:
        """Close all sockets; waits for nothing on the network."""
        self.means.close()
        self.recording.close()
        self._ports.close()

    def _take(self, arrival: Arrival) -> None:
        """Take in a packet from the thread of the means."""
        with self._news:
            probe = self._matching.probe(arrival.heard)
            if probe and arrival.heard.kind is AnswerKind.SYN_ACK:
                self._pacing.count_kernels(probe.peer.dst, time.monotonic())
            self.recording.heard(arrival, probe)
            if self._matching.take(arrival):
                self._news.notify_all()
