"""Why the kernel of this machine drops our packets, or their answers: its own reasons.

On the wire: two bursts of SYNs to the port, of odd sizes. The kernel's events are the whole
machine's and carry no addresses: a reason is ours where it comes up as often as we sent, both
times, and hardly in quiet times as long. Needs root, and a tracing file system that is mounted.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.drop_reasons.instance import Drop, Instance, tracing
from layerwalk.probes.facts import DropReason, DropReasonsFact, Outcome
from layerwalk.probes.waiting import await_lull, barred
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

BURSTS = (7, 11)

_FLOOR_S, _LONGEST_S = 0.1, 1.0
_ROUND_TRIPS = 3
_PATIENCE_S = 1.5
_NOBODY = "only root may read the kernel's drop reasons"
_NOWHERE = "the tracing file system, where the kernel tells why it drops, is not mounted"
_Key = tuple[str, str]
_NOISE = {"QUEUE_PURGE", "OTHERHOST"}


def drop_reasons(peer: Peer, port: int, ctx: ProbeContext) -> DropReasonsFact:
    """Send bursts, and hear why the kernel drops as many.

    ``not_permitted`` without the rights, ``not_run`` where tracing is not mounted.
    """
    blank = DropReasonsFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port)
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why or not wire.means.raw:
        return replace(blank, detail=why or _NOBODY)
    try:
        folder = tracing()
        if folder is None:
            return replace(blank, outcome=Outcome.NOT_RUN, detail=_NOWHERE)
        with Instance(folder, peer.version) as instance:
            return _heard(replace(blank, outcome=Outcome.ANSWERED), peer, ctx, wire, instance)
    except PermissionError:
        return replace(blank, detail=_NOBODY)
    except OSError as error:
        return replace(blank, outcome=Outcome.FAILED, detail=str(error))


def _heard(
    blank: DropReasonsFact, peer: Peer, ctx: ProbeContext, wire: Wire, instance: Instance
) -> DropReasonsFact:
    quiet, bursts = [], []
    await_lull(ctx, wire, _PATIENCE_S)
    for count in BURSTS:
        instance.drops()
        quiet.append(_window([], peer, ctx, wire, instance))
        bursts.append(_window(_burst(peer, blank.port, count, wire), peer, ctx, wire, instance))
    cancelled = ctx.cancel.is_set()
    return replace(
        blank,
        outcome=Outcome.CANCELLED if cancelled else blank.outcome,
        sent=BURSTS,
        reasons=tied(quiet, bursts, threading.get_native_id()),
    )


def _burst(peer: Peer, port: int, count: int, wire: Wire) -> list[Packet]:
    """SYNs of as many flows: of one flow the target answers the first."""
    own = [wire.port(peer.source, f"drop reasons {count} {number}") for number in range(count)]
    return [packets.syn(peer, (each, port), wire.number()) for each in own]


def _window(
    burst: list[Packet], peer: Peer, ctx: ProbeContext, wire: Wire, instance: Instance
) -> tuple[Drop, ...]:
    """What is dropped while a burst and its answers are under way."""
    for packet in burst:
        wire.send(packet)
    rtt_s = wire.known.rtt_s(peer) or 0.0
    ctx.pause(min(max(_FLOOR_S, _ROUND_TRIPS * rtt_s), _LONGEST_S))
    wire.take_back(burst)
    return instance.drops()


def tied(
    quiet: list[tuple[Drop, ...]], bursts: list[tuple[Drop, ...]], thread: int
) -> tuple[DropReason, ...]:
    """The reasons that come up with our bursts, and hardly without. Pure.

    What the kernel drops while it sends for ``thread`` is ours whatever else it drops meanwhile.
    """
    own = [[it for it in burst if it.thread == thread] for burst in bursts]
    still = [_counted(window) for window in quiet]
    sure = _as_many([_counted(burst) for burst in own], [Counter()])
    seen = _as_many([_counted(burst) for burst in bursts], still)
    found = {key: (counts, False) for key, counts in seen.items()}
    found |= {key: (counts, True) for key, counts in sure.items()}
    return tuple(
        DropReason(
            reason=key[0],
            place=key[1],
            counts=counts,
            quiet=max(window[key] for window in still),
            own=ours,
        )
        for key, (counts, ours) in found.items()
        if key[0] not in _NOISE
    )


def _counted(drops: Iterable[Drop]) -> Counter[_Key]:
    return Counter((it.reason, it.place) for it in drops)


def _as_many(
    bursts: list[Counter[_Key]], quiet: list[Counter[_Key]]
) -> dict[_Key, tuple[int, ...]]:
    """What came up at least as often as we sent, and less than half as often in quiet times."""
    found = {key: tuple(burst[key] for burst in bursts) for key in bursts[0]}
    return {
        key: counts
        for key, counts in found.items()
        if all(by >= sent for by, sent in zip(counts, BURSTS, strict=True))
        and all(2 * window[key] <= min(BURSTS) for window in quiet)
    }
