"""What the target itself answers: echo, SYN, a real connection, other ports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind, in_words
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.facts.target import endpoint


class PortState(StrEnum):
    """What a SYN to a port met."""

    OPEN = "open"
    CLOSED = "closed"
    SILENT = "silent"
    REJECTED = "rejected"
    LOCAL = "refused locally"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class EchoFact(Fact):
    """ICMP echo to the target (RFC 792, RFC 4443 4.1)."""

    probe: ClassVar[str] = "echo"
    layer: ClassVar[int] = 3

    address: str
    sent: int = 0
    answers: tuple[Answer, ...] = ()
    refused_locally: int = 0

    @property
    def replies(self) -> tuple[Answer, ...]:
        """The echo replies alone."""
        return tuple(a for a in self.answers if a.kind is AnswerKind.ECHO_REPLY)

    @property
    def finding(self) -> str:
        """How many of how many, and how fast; or what came instead."""
        if self.replies:
            best = min(a.rtt_s for a in self.replies) * 1000
            return f"{len(self.replies)} of {self.sent} echoes answered, best {best:.1f} ms"
        if self.answers:
            return f"echo: {in_words(self.answers[0])}"
        if self.outcome.measured and not self.sent and self.refused_locally:
            return f"echo: this machine's kernel refused to send {self.refused_locally} of them"
        if self.outcome.measured:
            return f"none of {self.sent} echoes answered"
        return self.detail or str(self.outcome)

    @property
    def command(self) -> str:
        """An ordinary ping."""
        return f"ping -c 3 {self.address}"


@dataclass(frozen=True, kw_only=True)
class SynFact(Fact):
    """SYNs to one port, half-open (RFC 9293 3.5): whatever is opened is reset at once.

    ``refused_locally`` counts SYNs that this machine's own kernel would not send (EPERM: a local
    rule); ``waited_s`` is how long was listened after the last SYN. ``half_open`` is false where
    they were connection attempts of the kernel's, for want of raw sockets.
    """

    probe: ClassVar[str] = "syn"
    layer: ClassVar[int] = 4

    address: str
    port: int
    sent: int = 0
    answers: tuple[Answer, ...] = ()
    refused_locally: int = 0
    waited_s: float = 0.0
    last_look: bool = False
    half_open: bool = True

    @property
    def state(self) -> PortState:
        """What the port's answers amount to; a SYN-ACK outweighs all else."""
        kinds = {answer.kind for answer in self.answers}
        if AnswerKind.SYN_ACK in kinds:
            return PortState.OPEN
        if AnswerKind.RST in kinds:
            return PortState.CLOSED
        if AnswerKind.UNREACHABLE in kinds:
            return PortState.REJECTED
        if self.refused_locally and not self.sent:
            return PortState.LOCAL
        return PortState.SILENT if self.outcome is Outcome.SILENT else PortState.UNKNOWN

    @property
    def finding(self) -> str:
        """What came back for the SYN."""
        where = endpoint(self.address, self.port)
        if self.answers and self.state is not PortState.SILENT:
            best = min(self.answers, key=lambda a: a.rtt_s)
            return f"SYN to {where}: {in_words(best)} after {best.rtt_s * 1000:.1f} ms"
        if self.state is PortState.LOCAL:
            return f"SYN to {where}: this machine's kernel refuses to send it (EPERM)"
        if self.state is PortState.SILENT:
            others = ", ".join(dict.fromkeys(in_words(answer) for answer in self.answers))
            return f"SYN to {where}: {self.sent} sent, {others or 'no answer of any kind'}"
        return self.detail or f"SYN to {where}: {self.outcome}"

    @property
    def command(self) -> str:
        """A scan of the one port, half-open where that is what was done."""
        version = "-6 " if ":" in self.address else ""
        scan = "-sS" if self.half_open else "-sT"
        return f"nmap {version}{scan} -n -Pn --reason -p {self.port} {self.address}"


@dataclass(frozen=True, kw_only=True)
class ConnectFact(Fact):
    """A real connect() by this machine's kernel, as the failing program does it.

    ``errno`` is the symbol (``ETIMEDOUT``, ``ECONNREFUSED``, …), empty where it succeeded or was
    still waiting after ``waited_s``. ``offender`` is who sent the ICMP error, from the socket's
    error queue (IP_RECVERR, ip(7)), and ``report`` that error as an answer to the SYN. Where the
    connection came about, ``repeats`` is how often the kernel sent the SYN again, and ``rtt_s`` the
    handshake's round trip as the kernel saw it, 0 where it could not tell.
    """

    probe: ClassVar[str] = "connect"
    layer: ClassVar[int] = 4

    address: str
    port: int
    errno: str = ""
    waited_s: float = 0.0
    source: str = ""
    offender: str = ""
    report: Answer | None = None
    closed_after_s: float | None = None
    said: int = 0
    repeats: int = 0
    rtt_s: float = 0.0

    @property
    def finding(self) -> str:
        """Whether the connection came about."""
        where = endpoint(self.address, self.port)
        if self.outcome is Outcome.ANSWERED:
            again = f", its SYN sent {self.repeats + 1} times" if self.repeats else ""
            return f"connect {where}: established after {self.waited_s * 1000:.1f} ms{again}"
        if self.outcome is Outcome.SILENT:
            return f"connect {where}: still waiting after {self.waited_s:.1f} s"
        named = f" ({self.offender} says so)" if self.offender else ""
        return f"connect {where}: {self.errno or self.detail or self.outcome}{named}"

    @property
    def command(self) -> str:
        """The same by hand."""
        return f"nc -vz -w 5 {self.address} {self.port}"


@dataclass(frozen=True, kw_only=True)
class ControlFact(Fact):
    """Other ports of the same host, to tell a silent port from a silent host.

    ``ports`` are SYNs to 22, 80, 443 and a high port; ``udp`` what a datagram to a high port met.
    """

    probe: ClassVar[str] = "control"
    layer: ClassVar[int] = 4

    address: str
    ports: tuple[SynFact, ...] = ()
    udp_port: int = 0
    udp_sent: int = 0
    udp: tuple[Answer, ...] = ()

    @property
    def finding(self) -> str:
        """Each port with its state."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = [f"{p.port} {p.state}" for p in self.ports]
        words += [f"udp {self.udp_port} {in_words(self.udp[0]) if self.udp else 'silent'}"]
        return "other ports: " + ", ".join(words)

    @property
    def command(self) -> str:
        """The same ports by nmap."""
        ports = ",".join(str(p.port) for p in self.ports)
        version = "-6 " if ":" in self.address else ""
        return f"nmap {version}-sS -n -Pn --reason -p {ports} {self.address}"
