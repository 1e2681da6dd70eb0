"""The ports of a target that a person names: open, closed or filtered, in nmap's words.

On the wire: SYNs with no option but the MSS, on one flow each, as fast as is asked for; each silent
port is asked twice, more often where answers get lost, and whatever may stay half open is reset.
Without raw sockets they are connection attempts of the kernel's. It begins with the first sign of
life of the target, so that nothing on the way has yet to be looked for, or once its silence is
beyond doubt; then the late reports on the walk's own packets are spent.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.facts.ports import PortsAsked, PortsFact, grouped, outcome_of_groups
from layerwalk.probes.origin import OriginError
from layerwalk.probes.scan.carrier import Carrier
from layerwalk.probes.scan.connecting import ConnectCarrier
from layerwalk.probes.scan.pace import Pace
from layerwalk.probes.scan.patience import LEAST_FOR_GOOD_S, LEAST_S, Patience
from layerwalk.probes.scan.raw import RawCarrier
from layerwalk.probes.scan.rounds import Rounds
from layerwalk.probes.scan.schedule import Schedule
from layerwalk.probes.waiting import WHOLE_SILENCE_S
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

_NO_WIRE = "there is no wire to send on"


def scan(peer: Peer, asked: PortsAsked, ctx: ProbeContext) -> PortsFact:
    """Ask every port of these, at most at their rate."""
    wire, count = ctx.wire, asked.count
    if wire is None:
        outcome = Outcome.NOT_PERMITTED
        return PortsFact(outcome=outcome, address=peer.address, wanted=count, detail=_NO_WIRE)
    _await_life(peer, ctx, wire)
    try:
        carrier = _carrier(peer, ctx, wire)
    except OSError as error:
        outcome = error.outcome if isinstance(error, OriginError) else Outcome.FAILED
        detail = error.strerror or str(error)
        return PortsFact(outcome=outcome, address=peer.address, wanted=count, detail=detail)
    try:
        return _scanned(peer, asked, ctx, carrier)
    finally:
        carrier.close()


def _carrier(peer: Peer, ctx: ProbeContext, wire: Wire) -> Carrier:
    if wire.means.raw:
        return RawCarrier(peer, ctx.origin, wire.recording)
    return ConnectCarrier(peer, ctx.origin)


def _await_life(peer: Peer, ctx: ProbeContext, wire: Wire) -> None:
    """Wait for an answer of the target's to any packet of the walk, or until none will come."""

    def spoken() -> bool:
        return wire.known.rtt_s(peer) is not None

    wire.wait(spoken, WHOLE_SILENCE_S, ctx.cancel)


def _scanned(peer: Peer, asked: PortsAsked, ctx: ProbeContext, carrier: Carrier) -> PortsFact:
    rtt_s = ctx.wire.known.rtt_s(peer) if ctx.wire else None
    pace = Pace(asked.rate, ctx.clock())
    least_s = LEAST_S if carrier.half_open else LEAST_FOR_GOOD_S
    schedule = Schedule(asked, pace, Patience(rtt_s, least_s))
    rounds = Rounds(carrier, schedule, ctx.cancel, ctx.clock)
    groups = grouped(rounds.run())
    return PortsFact(
        outcome=outcome_of_groups(groups, cancelled=ctx.cancel.is_set()),
        address=peer.address,
        wanted=asked.count,
        groups=groups,
        sent=rounds.sent,
        rate=asked.rate,
        least_rate=pace.least,
        prompt=schedule.prompt,
        late=schedule.late,
        slowest_s=round(schedule.slowest_s, 6),
        dropped=rounds.dropped,
        refused_locally=len(schedule.refused),
        half_open=bool(ctx.wire and ctx.wire.means.raw),
    )
