"""Whether the target's own TCP takes what we send: a finished handshake, or a stray ACK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint


@dataclass(frozen=True, kw_only=True)
class HandshakeFact(Fact):
    """A real connection, and whether the target thinks it as made as this machine does.

    A byte that was acknowledged long ago is answered with a D-SACK by a connection (RFC 2883), and
    without one by a handshake that the target holds unfinished (``taken`` is then false; ``None``
    where SACK was not agreed on, or nothing came). ``repeats`` counts SYN-ACKs that came again, and
    ``still_held`` says that the target held the handshake unfinished even after those.
    """

    probe: ClassVar[str] = "handshake"
    layer: ClassVar[int] = 4

    address: str
    port: int
    taken: bool | None = None
    repeats: int = 0
    still_held: bool = False

    @property
    def refuses_ours(self) -> bool:
        """Whether the target drops the end of a handshake that it has begun and goes on with."""
        return self.repeats > 0 and self.still_held

    @property
    def finding(self) -> str:
        """What the target makes of a connection that this machine has made."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        where = endpoint(self.address, self.port)
        if self.taken:
            return f"the target, too, has the connection to {where} as established"
        if self.taken is None:
            return f"whether the target has the connection to {where} as established was not seen"
        again = f", and sent its SYN-ACK {self.repeats} times more" if self.repeats else ""
        return f"the target held the handshake with {where} unfinished after our last ACK{again}"

    @property
    def command(self) -> str:
        """The queue on the target; nobody else can see it by hand."""
        return f"ss -ltn 'sport = :{self.port}'; nstat -az TcpExtListenOverflows"


@dataclass(frozen=True, kw_only=True)
class StrayAckFact(Fact):
    """ACKs that belong to no connection, which any TCP answers with a reset (RFC 9293 3.10.7).

    They went to the port and, to see whether such ACKs get through at all, to ``control_port``,
    another port that answers SYNs (0: there was none).
    """

    probe: ClassVar[str] = "stray-ack"
    layer: ClassVar[int] = 4

    address: str
    port: int
    sent: int = 0
    answers: tuple[Answer, ...] = ()
    control_port: int = 0
    control_answers: tuple[Answer, ...] = ()

    @property
    def reaches_tcp(self) -> bool:
        """Whether the target's TCP answers at the port, be its queue full or not."""
        return any(self._reset(answer) for answer in self.answers)

    @property
    def is_filtered(self) -> bool:
        """Whether the port alone is kept from them, while another one answers."""
        return not self.answers and any(self._reset(answer) for answer in self.control_answers)

    def _reset(self, answer: Answer) -> bool:
        own = answer.responder == self.address.partition("%")[0]
        return own and answer.kind is AnswerKind.RST

    @property
    def finding(self) -> str:
        """What came back from either port."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = [f"port {self.port} {_fate(self.answers)}"]
        if self.control_port:
            words.append(f"port {self.control_port} {_fate(self.control_answers)}")
        return f"ACKs of no connection to {self.address}: {', '.join(words)}"

    @property
    def command(self) -> str:
        """The same by nmap."""
        ports = ",".join(str(port) for port in (self.port, self.control_port) if port)
        version = "-6 " if ":" in self.address else ""
        return f"nmap {version}-sA -n -Pn --reason -p {ports} {self.address}"


def _fate(answers: tuple[Answer, ...]) -> str:
    kinds = dict.fromkeys(str(answer.kind) for answer in answers)
    return f"answers with {', '.join(kinds)}" if kinds else "is silent"
