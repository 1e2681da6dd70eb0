"""One packet that came back for one packet that went out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """What kind of packet answered."""

    ECHO_REPLY = "echo-reply"
    SYN_ACK = "syn-ack"
    RST = "rst"
    ACK = "ack"
    UDP = "udp"
    TIME_EXCEEDED = "time-exceeded"
    UNREACHABLE = "unreachable"
    TOO_BIG = "too-big"


_LOOKED_S = 0.9
"""A router asks at least once more, a second later (RFC 4861 7.2.2; ARP on Linux likewise)."""


class Refusal(StrEnum):
    """What an ICMP error says, the same for both families (RFC 792, RFC 1812 5.2.7, RFC 4443)."""

    NO_ROUTE = "no-route"
    HOST = "host"
    PORT = "port"
    PROHIBITED = "prohibited"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer, matched to its probe by identity.

    ``ttl`` is the answer's own TTL as it arrived; ``hop`` is the TTL that the probe was sent with;
    ``mtu`` is in bytes (0 where none was told); ``mss`` is the MSS option of a SYN-ACK; ``packet``
    is the beginning of the answer itself, from its IP header on, in hexadecimal; ``piece`` is the
    size of its first piece, in bytes, where it came in pieces. Where ``timed`` is false nobody
    measured the round trip: ``rtt_s`` is then no more than an upper bound.
    ``extensions`` are what a router adds to an ICMP error, in words (RFC 4884); ``translated`` says
    that the packet it quotes is not as it was sent: somebody on the way has rewritten it.
    """

    kind: AnswerKind
    responder: str
    hop: int
    rtt_s: float
    timed: bool = True
    ttl: int = 0
    interface: str = ""
    icmp_type: int | None = None
    icmp_code: int | None = None
    refusal: Refusal | None = None
    mtu: int = 0
    mss: int | None = None
    window: int | None = None
    options: tuple[str, ...] = ()
    packet: str = ""
    piece: int = 0
    extensions: tuple[str, ...] = ()
    translated: bool = False

    @property
    def is_icmp_error(self) -> bool:
        """Whether a router or host reports a failure, rather than answering the probe."""
        return self.kind in {AnswerKind.UNREACHABLE, AnswerKind.TIME_EXCEEDED, AnswerKind.TOO_BIG}

    @property
    def tells_the_trip(self) -> bool:
        """Whether it came as soon as it could.

        A router looks for a host for some seconds before it reports that there is none (RFC 1812
        3.3.2, RFC 4861 7.2.2).
        """
        return self.refusal is not Refusal.HOST

    @property
    def looked_first(self) -> bool:
        """Whether it says that there is no such host, so late that the router has looked for it.

        One that looked for it before, for another packet, says so at once and then looks again.
        """
        return self.refusal is Refusal.HOST and self.timed and self.rtt_s >= _LOOKED_S

    def arrived(self, address: str) -> bool:
        """Whether it shows that the probe got to this address, which answered it.

        A report of expiry never does, not even in the target's own name: translation on the way
        makes routers behind it speak by the address that they hide behind.
        """
        return self.responder == address and self.kind is not AnswerKind.TIME_EXCEEDED


_WORDS = {
    Refusal.NO_ROUTE: "network unreachable",
    Refusal.HOST: "host unreachable",
    Refusal.PORT: "port unreachable",
    Refusal.PROHIBITED: "administratively prohibited",
    Refusal.OTHER: "unreachable",
}


def in_words(answer: Answer) -> str:
    """Say in the field's words what came back, and from whom."""
    if answer.kind is AnswerKind.UNREACHABLE and answer.refusal is not None:
        code = f"ICMP type {answer.icmp_type} code {answer.icmp_code}"
        return f"{_WORDS[answer.refusal]} ({code}) from {answer.responder}"
    names = {
        AnswerKind.SYN_ACK: "SYN-ACK",
        AnswerKind.RST: "reset",
        AnswerKind.ECHO_REPLY: "echo reply",
        AnswerKind.TIME_EXCEEDED: "time exceeded",
        AnswerKind.TOO_BIG: f"too big (MTU {answer.mtu})",
        AnswerKind.UDP: "UDP datagram",
        AnswerKind.ACK: "ACK",
    }
    return f"{names.get(answer.kind, str(answer.kind))} from {answer.responder}"
