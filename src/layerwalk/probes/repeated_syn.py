"""Whether ECN flags make a SYN vanish, by what everybody may do: the kernel repeats it without.

Linux leaves the flags off a SYN that it sends again, a second after the first (tcp_ecn_fallback in
the kernel's ip-sysctl, RFC 3168 6.1.1.1). Each flow is tried twice in a row with the flags, lest
somebody should drop the first SYN of all; then the repeat without them is waited for.

On the wire: connection attempts from three ports, given up, begun anew, and reset once answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, SynOption, SynVariant
from layerwalk.probes.facts.syn_options import ECN_FLAGS
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.kernel.tcp import SynProbe, send_syn
from layerwalk.probes.wire.packets import WHOLE_WAY, Peer
from layerwalk.probes.wire.wire import Wire

_FLOWS = 3
_FLOOR_S, _LONGEST_S, _ROUND_TRIPS = 0.2, 0.85, 3
_REPEATED_S = 1.0
_LOOK_S = 0.01


def repeated_syn(peer: Peer, port: int, ctx: ProbeContext, wire: Wire) -> tuple[SynVariant, ...]:
    """Compare SYNs with ECN flags with those that the kernel sends without.

    Empty where no SYN leaves, and where round trips are too long, or not known well enough, to tell
    what answers the first SYN from what answers the second.
    """
    patience_s = max(_FLOOR_S, _ROUND_TRIPS * (wire.known.rtt_s(peer) or 0.0))
    first = _Round(peer, port, ctx, wire)
    second = _Round(peer, port, ctx, wire)
    try:
        first.begin([0] * _FLOWS)
        first.settle(min(patience_s, _LONGEST_S))
        silent = first.silent_ports()
        first.close()
        second.begin(silent)
        second.settle(_REPEATED_S + patience_s)
        return (
            _variants(peer, first, second) if _is_clear([*first.trips_s, *second.trips_s]) else ()
        )
    except OSError:
        return ()
    finally:
        first.close()
        second.close()


@dataclass
class _Round:
    """Attempts that are under way.

    ``answers`` are the target's, and whether to a repeated SYN; ``trips_s`` their round trips, by
    the time stamps that answers bring back, or else the longest that is known (0: none is).
    """

    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    under_way: list[SynProbe] = field(default_factory=list)
    begun: int = 0
    answers: list[tuple[Answer, bool]] = field(default_factory=list)
    heard: list[Arrival] = field(default_factory=list)
    trips_s: list[float] = field(default_factory=list)

    def begin(self, own_ports: list[int]) -> None:
        """Send a SYN from each of these ports; 0 stands for any."""
        for own in own_ports:
            packet = packets.syn(self.peer, (own or 1, self.port), self.wire.number())
            packet = replace(packet, bound=bool(own))
            self.under_way.append(send_syn(packet, self.heard.append, 0.0, self.ctx.origin))
            self.begun += 1

    def settle(self, seconds: float) -> None:
        """Wait for answers, so long at most."""
        began = self.ctx.clock()
        while self.under_way and self.ctx.clock() - began < seconds:
            if self.ctx.pause(_LOOK_S):
                return
            for probe in [probe for probe in self.under_way if probe.look()]:
                self._take(probe, self.ctx.clock() - began)

    def _take(self, probe: SynProbe, waited_s: float) -> None:
        """Note what the target itself has answered; a router's word is none of it."""
        kinds = {it.heard.kind for it in self.heard if it.heard.identity == probe.packet.identity}
        info, known_s = tcp_info(probe.sock), self.wire.known.rtt_s(self.peer) or 0.0
        for kind in kinds & {AnswerKind.SYN_ACK, AnswerKind.RST}:
            who = self.peer.dst
            found = Answer(kind=kind, responder=who, hop=WHOLE_WAY, rtt_s=waited_s, timed=False)
            self.answers.append((found, info.total_retrans > 0))
            self.trips_s.append(info.rtt_s or known_s)
        self.under_way.remove(probe)
        probe.close()

    def silent_ports(self) -> list[int]:
        """The ports of those that nothing came for."""
        return [int(probe.sock.getsockname()[1]) for probe in self.under_way]

    def close(self) -> None:
        """Give up what is still under way."""
        for probe in self.under_way:
            probe.close()
        self.under_way.clear()


def _is_clear(trips_s: list[float]) -> bool:
    """Whether every answer comes so soon that it can be none to an earlier SYN."""
    return all(0.0 < trip_s < _LONGEST_S / 2 for trip_s in trips_s)


def _variants(peer: Peer, first: _Round, second: _Round) -> tuple[SynVariant, ...]:
    """Count both sorts: what was answered before the kernel sent it again had the flags."""
    prompt = tuple(a for a, again in (*first.answers, *second.answers) if not again)
    late = tuple(answer for answer, again in second.answers if again)
    bare = tuple(option for option in peer.options if option not in ECN_FLAGS)
    repeated = second.begun - sum(not again for _, again in second.answers)
    return (
        _variant(peer.options, first.begun + second.begun, prompt),
        _variant(bare, repeated, late),
    )


def _variant(options: tuple[SynOption, ...], sent: int, answers: tuple[Answer, ...]) -> SynVariant:
    return SynVariant(options=options, sent=sent, answered=len(answers), answers=answers)
