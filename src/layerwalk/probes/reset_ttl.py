"""The TTL of a reset that nobody may see: what tells the target's own from a forged one.

A socket can ask that nothing with a smaller TTL be let in (IP_MINTTL in ip(7), RFC 5082). So many
SYNs, each with its own least TTL, find the reset's by who of them is refused.

On the wire: up to 34 SYNs to the port that was reset.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

_HIGHEST = 255
_PER_ROUND = 16
_FLOOR_S = 0.1
_ROUND_TRIPS = 3


def reset_ttl(peer: Peer, ports: tuple[int, int], ctx: ProbeContext, wire: Wire) -> int:
    """Find the TTL that resets arrive with; 0 where they no longer come."""
    low, high = 0, _HIGHEST
    while low < high and not ctx.cancel.is_set():
        step = -(-(high - low) // _PER_ROUND)
        marks = list(range(low + step, high + 1, step))
        met = _met(marks, peer, ports, ctx, wire)
        above = [mark for mark in marks if mark > max(met, default=low)][:1]
        met |= _met(above, peer, ports, ctx, wire)  # one that was lost would be a wrong answer
        low = max(met, default=low)
        high = min(low + step - 1, high)
    return low


def _met(
    marks: list[int], peer: Peer, ports: tuple[int, int], ctx: ProbeContext, wire: Wire
) -> set[int]:
    """The least TTLs that the reset meets."""
    sent = {mark: packets.syn(peer, ports, wire.number(), least_ttl=mark) for mark in marks}
    left = {mark: packet for mark, packet in sent.items() if not wire.send(packet)}

    def met() -> set[int]:
        kind = AnswerKind.RST
        return {m for m, p in left.items() if any(a.kind is kind for a in wire.answers(p))}

    patience_s = max(_FLOOR_S, _ROUND_TRIPS * (wire.known.rtt_s(peer) or 0.0))
    wire.wait(lambda: len(met()) == len(left), patience_s, ctx.cancel)
    return met()
