"""How large the segments may be that come back on a connection.

On the wire: connections that only listen. Where the service speaks first, and says more on a
connection with a small MSS than on one with the usual, packets between the two sizes get lost on
the way back, and nobody has told the target so: else it would send smaller ones. Six of them at a
time at most, and only where the first two have made it likely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import WayBack
from layerwalk.probes.first_words import MOST, Ear, listen, listening
from layerwalk.probes.size_limit import USUAL
from layerwalk.probes.wire.packets import Peer

SMALLEST = {4: 576, 6: 1280}
"""Packets that any path must carry (RFC 791 3.1, RFC 8200 5)."""

_TCP_HEADER = 20
_SOON_S, _CERTAIN_S = 0.12, 0.6
_ROUND_TRIPS = 2
"""One for the handshake, and a half each for its end and for the first words."""

_PAIRS = 3
_AT_ONCE = 6
_ROUNDS = 5
_GRAIN = 8
"""A piece's data is a multiple of this many bytes (RFC 791 3.2)."""

_NEARLY = 0.9


def small_segment(peer: Peer) -> int:
    """The MSS of packets that any path must carry."""
    return SMALLEST[peer.version] - peer.header - _TCP_HEADER


@dataclass(frozen=True)
class Listener:
    """Listens to a port; ``rtt_s`` is the round trip as far as it is known."""

    peer: Peer
    port: int
    ctx: ProbeContext
    rtt_s: float = 0.0

    def overhear(self, ears: Sequence[Ear], piece: int) -> WayBack:
        """Say what comes back; ``piece`` is a hint, 0 for none.

        Of the connections that were listened on, the first is a usual one; a second one with small
        segments, if there is any, need not be made then.
        """
        usual = ears[0]
        waited = self.ctx.clock() - usual.opened_s
        self._listen(ears, lambda: _enough(usual), self._soon_s() - waited)
        if _enough(usual):
            return WayBack(passes=usual.largest(), talks=True)
        with nullcontext([*ears[1:]]) if ears[1:] else self._open([self._smallest()]) as small:
            heard_s = self._soon_s() - (self.ctx.clock() - small[0].opened_s if small else 0.0)
            self._listen(
                [usual, *small],
                lambda: _enough(usual) or any(ear.said > usual.said for ear in small),
                heard_s,
            )
            passes = max(ear.largest() for ear in (usual, *small))
            talks = any(ear.said for ear in (usual, *small))
            suspected = any(ear.said > usual.said for ear in small)
        calm = WayBack(passes=passes, talks=talks)
        return self._made_sure(calm, piece) if suspected else calm

    def _made_sure(self, calm: WayBack, piece: int) -> WayBack:
        """Try several of both at the same time, for longer."""
        least = self._smallest()
        with self._open([0, least] * _PAIRS) as ears:
            self._listen(ears, lambda: False, _CERTAIN_S + 2 * _ROUND_TRIPS * self.rtt_s)
            usual = [ear for ear in ears if not ear.mss]
            small = [ear for ear in ears if ear.mss]
            if len(ears) < 2 * _PAIRS or not all(ear.made for ear in ears):
                return calm
            silent, said = max(ear.said for ear in usual), min(ear.said for ear in small)
            if silent >= said:
                return calm
            gap = (least + self._headers, max(ear.packet for ear in usual))
        passes, vanishes = self._closed_in(gap, silent, piece)
        return WayBack(
            passes=passes, vanishes=vanishes, talks=True, stalled=len(usual), heard=len(small)
        )

    def _closed_in(self, gap: tuple[int, int], silent: int, piece: int) -> tuple[int, int]:
        """Close in on the limit, some sizes at a time; a piece's size says nearly where it is."""
        passes, vanishes = gap
        hints = [piece + more for more in (0, 2, 4, 6, 7, _GRAIN)] if piece else [*USUAL]
        for _ in range(_ROUNDS):
            sizes = _some([size for size in hints if passes < size < vanishes])
            if not sizes or self.ctx.cancel.is_set():
                break
            heard = self._heard(sizes, silent)
            passes = max([passes, *heard])
            vanishes = min([vanishes, *(it for it in sizes if it > passes)])
            hints = [*range(passes + 1, vanishes)]
        return passes, vanishes

    def _heard(self, sizes: Sequence[int], silent: int) -> list[int]:
        """The sizes of packet with which the service is heard."""
        with self._open([size - self._headers for size in sizes]) as ears:
            self._listen(ears, lambda: all(ear.said > silent for ear in ears), self._soon_s())
            return [ear.mss + self._headers for ear in ears if ear.said > silent]

    @property
    def _headers(self) -> int:
        return self.peer.header + _TCP_HEADER

    def _smallest(self) -> int:
        return small_segment(self.peer)

    def _soon_s(self) -> float:
        return _SOON_S + _ROUND_TRIPS * self.rtt_s

    def _open(self, sizes: Sequence[int]) -> AbstractContextManager[list[Ear]]:
        return listening(self.peer, self.port, sizes, self.ctx)

    def _listen(self, ears: Sequence[Ear], done: Callable[[], bool], seconds: float) -> None:
        listen(ears, done, seconds, self.ctx)


def _enough(ear: Ear) -> bool:
    """Whether the sizes of what came leave no doubt, or as much came as is read."""
    return ear.said >= MOST or ear.ended or ear.largest() >= _NEARLY * ear.packet


def _some(sizes: list[int]) -> list[int]:
    """As many of these as are tried at once, evenly spread."""
    step = -(-len(sizes) // _AT_ONCE) or 1
    return sizes[step // 2 :: step]
