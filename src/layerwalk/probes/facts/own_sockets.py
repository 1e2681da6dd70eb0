"""Sockets of this machine's programs towards the target: how they fare, and what they have set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint

ASKING = "SYN_SENT"


@dataclass(frozen=True, kw_only=True)
class OwnSocket:
    """A program's socket: its state in the kernel's words, and the limits that are set on it.

    ``process`` is what the program calls itself; empty, with ``pid`` 0, where it is not known.
    ``retransmits`` are those that are unanswered now, and ``next_s`` is when its timer fires next.
    Limits are seconds, 0 where none is set, and ``None`` where they could not be read, as is
    ``syn_count`` (TCP_SYNCNT). Keepalive's figures only count where ``keepalive`` is set.
    """

    state: str
    source: str
    source_port: int
    retransmits: int = 0
    next_s: float = 0.0
    process: str = ""
    pid: int = 0
    blocks: bool | None = None
    syn_count: int | None = None
    user_timeout_s: float | None = None
    send_limit_s: float | None = None
    receive_limit_s: float | None = None
    keepalive: bool | None = None
    keepalive_idle_s: int | None = None
    keepalive_interval_s: int | None = None
    keepalive_probes: int | None = None
    mark: int | None = None

    @property
    def says(self) -> str:
        """State, repeats, and what is set."""
        parts = [self.state]
        if self.state == ASKING:
            sent = self.retransmits + 1
            parts.append(f"{sent} SYN{'s' * (sent > 1)} sent, the next in {self.next_s:.1f} s")
        elif self.retransmits:
            parts.append(f"data sent again {self.retransmits} times in vain")
        limits = {
            "TCP_USER_TIMEOUT": self.user_timeout_s,
            "SO_SNDTIMEO": self.send_limit_s,
            "SO_RCVTIMEO": self.receive_limit_s,
        }
        if self.syn_count is not None:
            parts.append(f"TCP_SYNCNT {self.syn_count}")
            parts += [f"{name} {value:g} s" for name, value in limits.items() if value]
            if not any(limits.values()):
                parts.append("no other kernel limit set")
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True)
class OwnPorts:
    """The source ports that a program keeps itself to: IP_LOCAL_PORT_RANGE of its socket, ip(7).

    ``usable`` are those between ``low`` and ``high`` that are not reserved, ``taken`` those of them
    that no further connection to the target can have, and ``holders`` says by what.
    """

    low: int
    high: int
    usable: int
    taken: int
    holders: str = ""

    @property
    def exhausted(self) -> bool:
        """Whether none is left."""
        return self.taken >= self.usable

    @property
    def says(self) -> str:
        """How many of how many."""
        span = f"{self.usable} source ports ({self.low}-{self.high}, IP_LOCAL_PORT_RANGE)"
        by = f": {self.holders}" if self.holders else ""
        return f"it keeps itself to {span}, and {self.taken} of them are taken{by}"


@dataclass(frozen=True, kw_only=True)
class OwnSocketsFact(Fact):
    """The sockets towards an address and port: of the process ``pid``, or of any but the walk's.

    Of any, only those are listed that wait for an answer to their SYN. ``count`` is how many there
    are, ``sockets`` the first of them. ``elsewhere`` are the other destinations that the process
    waits for so, and ``unseen`` says what could not be seen; ``barred``, that it was for want of
    rights. ``ports`` are the source ports that the process keeps itself to, ``None`` for none.
    ``walk_mark`` is the mark of the walk's own packets.
    """

    probe: ClassVar[str] = "sockets"
    layer: ClassVar[int] = 4

    address: str
    port: int
    pid: int | None = None
    sockets: tuple[OwnSocket, ...] = ()
    count: int = 0
    elsewhere: tuple[str, ...] = ()
    unseen: str = ""
    barred: bool = False
    ports: OwnPorts | None = None
    walk_mark: int = 0

    @property
    def finding(self) -> str:
        """How many there are, how the first fares, and where else the process waits."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        said = self._of_process() if self.pid is not None else self._of_others()
        beyond = f"; it waits for {' and '.join(self.elsewhere)}, too" if self.elsewhere else ""
        return said + beyond + (f"; {self.unseen}" if self.unseen else "")

    def _of_process(self) -> str:
        where = endpoint(self.address, self.port)
        if not self.sockets:
            return f"process {self.pid} has no socket to {where}"
        sockets = "1 socket" if self.count == 1 else f"{self.count} sockets"
        ports = f"; {self.ports.says}" if self.ports else ""
        said = f"process {self.pid} has {sockets} to {where}: {self.sockets[0].says}"
        return f"{said}{ports}{self._marks}"

    @property
    def _marks(self) -> str:
        """What sends its packets another way than those of the walk: rules that go by marks."""
        marks = {one.mark for one in self.sockets if one.mark} - {self.walk_mark}
        if not marks:
            return ""
        mark = f"{min(marks) & 0xFFFFFFFF:#x}"
        ours = f"{self.walk_mark:#x}" if self.walk_mark else "none"
        return f"; its packets have the mark {mark}, and those of this walk {ours}: --mark {mark}"

    def _of_others(self) -> str:
        where = endpoint(self.address, self.port)
        if not self.sockets:
            return f"no other socket of this machine waits for an answer from {where}"
        sockets = "1 other socket waits" if self.count == 1 else f"{self.count} other sockets wait"
        one = self.sockets[0]
        whose = f"{one.process or 'process'} ({one.pid}): " if one.pid else ""
        return f"{sockets} for an answer from {where}: {whose}{one.says}"

    @property
    def command(self) -> str:
        """The same by hand."""
        return f"ss -tnopi dst {endpoint(self.address, self.port)}"
