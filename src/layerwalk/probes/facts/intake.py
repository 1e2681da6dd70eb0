"""What becomes of a connection to this machine's own port: made, accepted, answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.facts.target import endpoint


class Held(StrEnum):
    """Where the server's end of a connection is that the program has not got."""

    NOWHERE = "nowhere"
    QUEUE = "queue"
    HANDSHAKE = "handshake"


@dataclass(frozen=True, kw_only=True)
class IntakeFact(Fact):
    """A connection of this machine's own to a port of its own, and the listener's queue meanwhile.

    Times are seconds since its SYN: ``made_s`` when it was established, ``taken_s`` when a process
    had accepted it, ``answered_s`` when the first byte came, ``closed_s`` when the other end closed
    or reset it; ``None`` where that did not happen within ``waited_s``, or could not be seen.
    ``held`` says where the server's end was last. ``asked`` is what was sent (nothing, ``http``),
    ``status`` the answer's HTTP status, and ``awaited`` says that such a service speaks first.
    ``queue`` is the longest that the listener's queue was seen, ``limit`` its limit, ``full`` how
    many of ``looks`` found it full, and ``moves`` how many found it shorter than the look before:
    the program accepts. ``overflows`` and ``drops`` are what the kernel's ListenOverflows and
    ListenDrops rose by (snmp_counter). ``half_open`` are the
    port's connections that had not answered our SYN-ACK at the end of a silent wait, and
    ``half_open_room`` how many the kernel keeps before it drops SYNs for that; ``None``: no end.
    ``service_ran_s`` and ``service_waited_s`` are the seconds that the service's threads ran, and
    waited for a processor, while the connection waited.
    """

    probe: ClassVar[str] = "intake"
    layer: ClassVar[int] = 5

    address: str
    port: int
    made_s: float | None = None
    taken_s: float | None = None
    answered_s: float | None = None
    closed_s: float | None = None
    reset: bool = False
    waited_s: float = 0.0
    held: Held = Held.NOWHERE
    asked: str = ""
    awaited: bool = False
    said: int = 0
    status: int | None = None
    queue: int = 0
    limit: int | None = None
    full: int = 0
    moves: int = 0
    looks: int = 0
    overflows: int = 0
    drops: int = 0
    half_open: int = 0
    half_open_room: int | None = None
    service_ran_s: float = 0.0
    service_waited_s: float = 0.0
    errno: str = ""
    offender: str = ""

    @property
    def made(self) -> bool:
        """Whether the connection came about."""
        return self.made_s is not None

    @property
    def overflowed(self) -> bool:
        """Whether the queue was seen full, and the kernel dropped something for that meanwhile."""
        return self.full > 0 and (self.overflows > 0 or self.drops > 0)

    @property
    def crowded(self) -> bool:
        """Whether our SYN was dropped for the half-open connections that were there already."""
        room = self.half_open_room
        full = room is not None and self.half_open >= room
        return full and self.outcome is Outcome.SILENT and self.drops > 0

    @property
    def finding(self) -> str:
        """How far the connection got."""
        where = endpoint(self.address, self.port)
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        crowd = f"; {self.half_open} half-open connections there" if self.half_open else ""
        return f"own connection to {where} {self._fate}{self._queued}{crowd}"

    @property
    def _fate(self) -> str:
        if self.outcome is Outcome.SILENT:
            return f"got no answer in {self.waited_s:.1f} s"
        if self.made_s is None:
            return f"failed: {self.errno or self.detail or self.outcome}"
        return ", ".join(it for it in (self._taking, self._answer) if it)

    @property
    def _taking(self) -> str:
        if self.taken_s is not None:
            return f"made and accepted after {_seconds(self.taken_s)}"
        made = f"made after {_seconds(self.made_s or 0.0)}"
        if self.held is Held.QUEUE:
            return f"{made}, and not accepted in {self.waited_s:.1f} s"
        if self.held is Held.HANDSHAKE:
            return f"{made}, and held back by the kernel until data comes"
        return made

    @property
    def _answer(self) -> str:
        status = f" (HTTP {self.status})" if self.status else ""
        if self.answered_s is not None:
            return f"answered after {_seconds(self.answered_s)}{status}"
        if self.closed_s is not None:
            return f"{'reset' if self.reset else 'closed'} after {_seconds(self.closed_s)}"
        return f"not answered in {self.waited_s:.1f} s" if self.asked else ""

    @property
    def _queued(self) -> str:
        if self.limit is None or not self.queue:
            return ""
        rose = f", ListenOverflows +{self.overflows}" if self.overflows else ""
        return f"; {self.queue} waited in a queue for {self.limit}{rose}"

    @property
    def command(self) -> str:
        """A connection by hand, and the queue beside it."""
        queue = f"ss -Hltn 'sport = :{self.port}'; nstat -az TcpExtListenOverflows"
        bare = f"[{self.address}]" if ":" in self.address else self.address
        if self.asked:
            return f"curl -sS -i http://{bare}:{self.port}/; {queue}"
        return f"nc -vz {self.address} {self.port}; {queue}"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
