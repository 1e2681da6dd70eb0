"""Echo requests by the system's ``ping``, which may send them where this process may not.

Each request is a process of its own, and few run at a time. The round trip of a reply is ping's own
measurement; that of an ICMP error is not measured by anybody.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.kernel.error_queue import Report
from layerwalk.probes.wire.kernel.ping_output import Complaint, Reply, is_barred, read_line
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.parse import Heard

_FOLDERS = "/usr/bin:/bin:/usr/sbin:/sbin"
MOST = 12
"""How many run at a time."""

_PATIENCE_S = 4.0
_HEADER = 8
_SMALL = 128


def found_ping() -> str:
    """Where ``ping`` is; empty where there is none."""
    import shutil  # late: it brings whatever packs files with it

    own = os.environ.get("PATH", "")
    return shutil.which("ping", path=f"{own}:{_FOLDERS}") or ""


def command(ping: str, packet: Packet, origin: Origin = HERE) -> list[str]:
    """The command for one request: no look-ups, its own TTL and size, never in fragments."""
    peer = packet.peer
    size = len(packet.data) - peer.header - _HEADER
    words = [ping, "-n", "-c", "1", "-W", str(int(_PATIENCE_S)), "-t", str(packet.hop)]
    words += ["-s", str(size)]
    if len(packet.data) > _SMALL:
        words += ["-M", "do"]
    if origin.interface and origin.concerns(peer.dst):
        words += ["-I", origin.interface]
    if peer.source:
        words += ["-I", peer.source.partition("%")[0]]
    scope = f"%{peer.interface}" if peer.dst.lower().startswith("fe80") and peer.interface else ""
    return [*words, f"{peer.dst}{scope}"]


@dataclass
class PingProbe:
    """One ``ping`` under way; ``barred`` is called where it may not send, ``ended`` at its end."""

    packet: Packet
    process: subprocess.Popen[bytes]
    take: Take
    barred: Callable[[], None]
    ended: Callable[[], None]
    until: float = field(default_factory=lambda: time.monotonic() + _PATIENCE_S + 0.5)
    _rest: bytes = b""

    def fileno(self) -> int:
        """The pipe that it prints to."""
        assert self.process.stdout  # noqa: S101  # it was started with a pipe
        return self.process.stdout.fileno()

    def look(self) -> bool:
        """Read what it has printed; it is done when it ends."""
        data = os.read(self.fileno(), 4096)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._heard(line.decode(errors="replace"))
        return not data

    def _heard(self, line: str) -> None:
        said = read_line(line, self.packet.peer.version)
        if isinstance(said, Reply):
            self._replied(said)
        elif isinstance(said, Complaint):
            self._complained(said)
        elif is_barred(line):
            self.barred()

    def _replied(self, said: Reply) -> None:
        heard = Heard(
            kind=AnswerKind.ECHO_REPLY,
            identity=self.packet.identity,
            responder=self.packet.peer.dst,
            ttl=said.ttl,
        )
        timed = said.rtt_s is not None
        self.take(Arrival(heard, "", time.time(), rtt_s=said.rtt_s, timed=timed))

    def _complained(self, said: Complaint) -> None:
        now, version = time.time(), self.packet.peer.version
        report = Report(version, said.who, said.icmp_type, said.icmp_code, said.mtu, 0, now)
        heard = report.heard(self.packet.identity)
        if heard:
            self.take(Arrival(heard, "", now, timed=False))

    def dropped(self) -> int:
        """Nothing that could be told."""
        return 0

    def close(self) -> None:
        """End it, if it has not ended."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        assert self.process.stdout  # noqa: S101  # it was started with a pipe
        self.process.stdout.close()
        self.ended()


class Pings:
    """The requests that run and those that wait for their turn; used by several threads."""

    def __init__(self, ping: str, add: Callable[[PingProbe], None], origin: Origin = HERE) -> None:
        """Use this ``ping``, and hand each of its processes to ``add``, which looks after it."""
        self._ping = ping
        self._add = add
        self._origin = origin
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Packet, Take]] = deque()
        self._begun: dict[Identity, PingProbe] = {}
        self._running = 0
        self.barred = not ping

    def send(self, packet: Packet, take: Take) -> None:
        """Send a request now, or as soon as another has ended.

        Raises:
            OSError: ping can't be started.
        """
        with self._lock:
            if self._running >= MOST:
                self._waiting.append((packet, take))
                return
            self._running += 1
        self._start(packet, take)

    def give_up(self, packet: Packet) -> None:
        """End the request, or never begin it."""
        with self._lock:
            self._waiting = deque(one for one in self._waiting if one[0] != packet)
            running = self._begun.get(packet.identity)
        if running:
            running.until = 0.0

    def close(self) -> None:
        """Start no more."""
        with self._lock:
            self._waiting.clear()

    def _start(self, packet: Packet, take: Take) -> None:
        try:
            process = subprocess.Popen(
                command(self._ping, packet, self._origin),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={"LC_ALL": "C", "PATH": _FOLDERS},
                start_new_session=True,  # Ctrl-C is for the walk
            )
        except OSError:
            self._running -= 1
            self._bar()
            raise
        probe = PingProbe(packet, process, take, self._bar, self._ended)
        with self._lock:
            self._begun[packet.identity] = probe
        self._add(probe)

    def _bar(self) -> None:
        self.barred = True

    def _ended(self) -> None:
        with self._lock:
            following = self._waiting.popleft() if self._waiting else None
            if following is None:
                self._running -= 1
        if following:
            with suppress(OSError):
                self._start(*following)
