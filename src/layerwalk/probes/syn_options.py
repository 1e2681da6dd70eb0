"""Which option or flag of a SYN makes it vanish, where plain ones may get through.

On the wire, to a silent port: two SYNs as this machine's kernel sends them, and two plain ones on
the same flows afterwards. Only where plain ones are answered: twice as many again, among SYNs that
carry one option each. To a port that answers: SYNs with ECN flags and with a Fast Open request,
where this machine's kernel sends neither, and one of its own behind them. What stays unanswered is
taken back. Without raw sockets only ECN flags can be left off, and only where the kernel sets them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Outcome,
    SynOption,
    SynOptionsFact,
    SynVariant,
)
from layerwalk.probes.facts.syn_options import ECN_FLAGS
from layerwalk.probes.repeated_syn import repeated_syn
from layerwalk.probes.waiting import barred, until_silent
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

NO_RAW = "SYNs without options need raw sockets (CAP_NET_RAW)"

Options = tuple[SynOption, ...]

_PLAIN: Options = ()
_FOREIGN = (SynOption.ECN, SynOption.FAST_OPEN)
_PAIRS = 2
_TIMES = 2
_QUIET_S = 0.2
_GAP_S = 0.01


def syn_options(peer: Peer, port: int, ctx: ProbeContext, *, is_open: bool) -> SynOptionsFact:
    """Compare SYNs; ``is_open`` says that the port answers those that the kernel sends."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return _barred(peer, port, why)
    if not wire.means.raw:
        return _without_flags(peer, port, ctx, wire)
    comparison = _Comparison(peer, port, ctx, wire)
    try:
        comparison.foreign() if is_open else comparison.own()
    except OSError as error:  # no port is free for one more SYN
        return comparison.fact(error.strerror or str(error))
    finally:
        wire.take_back(comparison.unanswered())
    return comparison.fact()


def _barred(peer: Peer, port: int, why: str) -> SynOptionsFact:
    return SynOptionsFact(
        outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
    )


def _without_flags(peer: Peer, port: int, ctx: ProbeContext, wire: Wire) -> SynOptionsFact:
    """Compare by what the kernel itself leaves off its SYN when it sends it again."""
    variants = repeated_syn(peer, port, ctx, wire) if {*peer.options} & ECN_FLAGS else ()
    if not variants:
        return _barred(peer, port, NO_RAW)
    heard = Outcome.ANSWERED if any(it.answers for it in variants) else Outcome.SILENT
    return SynOptionsFact(
        outcome=Outcome.CANCELLED if ctx.cancel.is_set() else heard,
        address=peer.address,
        port=port,
        own=peer.options,
        variants=variants,
    )


@dataclass
class _Comparison:
    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    sent: list[tuple[Options, Packet]] = field(default_factory=list)

    def foreign(self) -> None:
        """Try what this machine does not send, a second time where it stays silent."""
        for _ in range(_TIMES):
            found = self.fact()
            options = [(one,) for one in _FOREIGN if one not in self.peer.options]
            left = [one for one in options if not found.of(*one).passes]
            if left:  # one of ours behind them, lest a limit should be taken for their fault
                self._settle([self._send(one) for one in (*left, self.peer.options)])

    def own(self) -> None:
        """Try the kernel's own against plain ones; ask further where they fare differently."""
        self._pairs()
        found = self.fact()
        if found.plain.passes and found.plain.state is not found.kernels.state:
            self._alone()

    def _pairs(self) -> None:
        """The kernel's SYN on a flow of its own, then a plain one on that very flow."""
        flows = [self._flow(f"pair {number}") for number in range(_PAIRS)]
        kernels = [self._send(self.peer.options, flow) for flow in flows]
        self._settle(kernels)
        self.wire.take_back(packet for packet in kernels if packet)
        self._settle([self._send(_PLAIN, flow) for flow in flows])

    def _alone(self) -> None:
        """Each option by itself, and both wholes among them."""
        singles = list(dict.fromkeys((*self.peer.options, *_FOREIGN)))
        every = [self.peer.options, *((one,) for one in singles), _PLAIN]
        for batch in (every, every[::-1]):
            self._settle([self._send(options) for options in batch])

    def _flow(self, purpose: str) -> tuple[int, int]:
        return self.wire.port(self.peer.source, f"options {self.port} {purpose}"), self.port

    def _send(self, options: Options, flow: tuple[int, int] | None = None) -> Packet | None:
        ports = flow or self._flow(str(len(self.sent)))
        peer = replace(self.peer, options=options)
        packet = packets.syn(peer, ports, self.wire.number())
        self.ctx.pause(_GAP_S)
        if self.ctx.cancel.is_set() or self.wire.send(packet):
            return None
        self.sent.append((options, packet))
        return packet

    def _settle(self, batch: list[Packet | None]) -> None:
        sent = [packet for packet in batch if packet]

        def complete() -> bool:
            return all(self.wire.answers(packet) for packet in sent)

        if sent:
            until_silent(complete, self.peer, self.ctx, self.wire, _QUIET_S)

    def unanswered(self) -> list[Packet]:
        """The SYNs that may be held half open."""
        return [packet for _, packet in self.sent]

    def fact(self, detail: str = "") -> SynOptionsFact:
        """What has come of each sort so far."""
        sorts = dict.fromkeys(options for options, _ in self.sent)
        variants = tuple(self._variant(options) for options in sorts)
        heard = Outcome.ANSWERED if any(it.answers for it in variants) else Outcome.SILENT
        return SynOptionsFact(
            outcome=Outcome.CANCELLED if self.ctx.cancel.is_set() else heard,
            address=self.peer.address,
            port=self.port,
            own=self.peer.options,
            variants=variants,
            detail=detail,
        )

    def _variant(self, options: Options) -> SynVariant:
        sent = [packet for its, packet in self.sent if its == options]
        answers = [self.wire.answers(packet) for packet in sent]
        return SynVariant(
            options=options,
            sent=len(sent),
            answered=sum(any(self._by_target(a) for a in found) for found in answers),
            answers=tuple(answer for found in answers for answer in found),
        )

    def _by_target(self, answer: Answer) -> bool:
        return answer.responder == self.peer.dst and answer.kind is not AnswerKind.UNREACHABLE
