"""How large a packet may be, there and back, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact


class EchoFate(StrEnum):
    """What became of the replies to large echo requests."""

    WHOLE = "whole"
    PIECES = "in pieces"
    LOST = "lost"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, kw_only=True)
class HopSize:
    """The largest packets that are known to have got to a hop, and back from it whole.

    0 where that is not known. ``small`` says that it answers small ones.
    """

    hop: int
    address: str = ""
    out: int = 0
    back: int = 0
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """How large packets may be that come back.

    All sizes are whole IP packets in bytes. ``passes`` is the largest known to have come whole (0:
    none tried). ``vanishes`` is the smallest that did not come on connections on which the service
    was to speak first, while it did come on those with a smaller MSS (0: none): ``stalled`` of the
    one kind got nothing, ``heard`` of the other did. ``talks`` says whether the service spoke first
    at all (``None``: not listened to). ``echo`` is what became of large echo replies, and ``piece``
    how large the largest piece of one was. ``hops`` are the routers that were asked for replies of
    the size that vanishes, where one does.
    """

    passes: int = 0
    vanishes: int = 0
    talks: bool | None = None
    stalled: int = 0
    heard: int = 0
    echo: EchoFate = EchoFate.NOT_ASKED
    piece: int = 0
    hops: tuple[HopSize, ...] = ()

    @property
    def finding(self) -> str:
        """What is said of the way back behind what is said of the way there."""
        if self.vanishes:
            return f"; back, {self.passes} pass and {self.vanishes} vanish"
        if self.passes:
            return f"; back, {self.passes} pass"
        if self.piece:
            return f"; back, replies come in pieces of {self.piece}"
        return "; back, replies as large are lost" if self.echo is EchoFate.LOST else ""


class SizeMethod(StrEnum):
    """What a packet of a given size is sent as."""

    ECHO = "echo"
    TCP = "tcp"
    UDP = "udp"
    SYN = "syn"


@dataclass(frozen=True, kw_only=True)
class PathMtuFact(Fact):
    """How large an unfragmented packet may be (RFC 1191, RFC 8201, RFC 8899).

    All sizes are whole IP packets in bytes. ``passes`` is the largest that was answered,
    ``vanishes`` the smallest that was not (0: none), ``by`` the kind of packet that says so.
    ``too_big`` are the routers' messages. ``mss`` is what the target's SYN-ACK announced, and
    ``segment`` the packet size of a full TCP segment under it; ``segment_passes`` says whether
    such a segment arrived on a real connection (``None``: not measured). ``reached`` is the last
    hop that a packet of a vanishing size is known to have reached. ``datagrams_vanish`` says
    whether UDP datagrams of that size vanish as well, where the size was not tried on a connection
    (``None``: not measured, or no datagram is answered), ``syns_vanish`` the same of SYNs that
    carry so much data, of which the service learns nothing, in turn with small ones. ``hops`` are
    sizes by hop, where they were asked for; ``back`` is the way back; ``remembered`` is the MTU
    that this machine's kernel has for this path (0: the interface's). ``kernel_is_deaf`` says that
    a local rule keeps it from the routers' messages, which do arrive here.
    """

    probe: ClassVar[str] = "path-mtu"
    layer: ClassVar[int] = 3

    address: str
    port: int | None = None
    interface_mtu: int = 0
    passes: int = 0
    vanishes: int = 0
    by: SizeMethod = SizeMethod.ECHO
    too_big: tuple[Answer, ...] = ()
    mss: int | None = None
    segment: int = 0
    segment_passes: bool | None = None
    reached: Answer | None = None
    datagrams_vanish: bool | None = None
    syns_vanish: bool | None = None
    hops: tuple[HopSize, ...] = ()
    back: WayBack | None = None
    remembered: int = 0
    kernel_is_deaf: bool = False

    @property
    def told(self) -> int:
        """The smallest MTU that a router told us, 0 where none did."""
        return min((a.mtu for a in self.too_big if a.kind is AnswerKind.TOO_BIG), default=0)

    @property
    def finding(self) -> str:
        """The largest size that passes, what becomes of larger ones, and what comes back."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        kept = f"; the kernel keeps to MTU {self.remembered}" if self.remembered else ""
        return f"{self._there}{kept}{self.back.finding if self.back else ''}"

    @property
    def _there(self) -> str:
        if not self.passes:
            return "no packet of any size was answered"
        line = f"packets of {self.passes} bytes pass"
        if self.vanishes:
            return f"{line}; from {self.vanishes} bytes on they vanish without a word{self._laden}"
        if self.told:
            deaf = ", which a rule of this machine drops" if self.kernel_is_deaf else ""
            return f"{line}; larger ones are answered 'too big, MTU {self.told}'{deaf}"
        if self.passes < self.interface_mtu and self.segment:
            return f"{line}, as large as the MSS of {self.mss} allows"
        return f"{line}, as large as the interface sends"

    @property
    def _laden(self) -> str:
        """What becomes of TCP segments of that size, as far as SYNs show it."""
        if self.syns_vanish is None:
            return ""
        return ", SYNs with as much data, too" if self.syns_vanish else ", and SYNs as large do not"

    @property
    def command(self) -> str:
        """A DF ping of the size that still passes."""
        header = 48 if ":" in self.address else 28
        return f"ping -M do -c 2 -s {max(self.passes, 576) - header} {self.address}"
