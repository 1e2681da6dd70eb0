"""How far SYNs get while a limit on them is reached: some that expire at each hop tell.

On the wire: SYNs that use the limit up, then to each hop one that expires there, right behind one
that goes all the way; then, in up to three rounds more, three to each of the hops where those that
are heard of end.
What is heard of tells something only where the one right before it was dropped: a limit lets a SYN
pass whenever it has room for one again, and a busy machine leaves it time for that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, TraceKind, Try
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet
from layerwalk.probes.wire.wire import Wire

_ROUNDS, _TIMES = 3, 3
_AGAIN_AT_ONCE = 8
_SURELY_HEARD, _SURELY_MISSED = 3, 2
_RIGHT_BEHIND_S = 0.002
_ALLOWANCE_S = 1.0
"""A hop that had all that it may get is asked again after that long."""


@dataclass(frozen=True)
class _Pair:
    """A SYN that expires, and the one that left ``gap_s`` seconds before it."""

    before: Packet
    expiring: Packet
    gap_s: float


@dataclass
class LimitPlace:
    """Asks ``hops``, in order; ``syn`` makes one with a flow of its own that gets so far.

    ``at_once`` is how many SYNs the limit takes before it drops one.
    """

    ctx: ProbeContext
    wire: Wire
    syn: Callable[[int], Packet]
    hops: Sequence[int] = ()
    at_once: int = 0
    pairs: list[_Pair] = field(default_factory=list)
    _whole_way: list[Packet] = field(default_factory=list)

    def ask(self, settle: Callable[[list[Packet]], None]) -> None:
        """Ask every hop, then those between which it ends; ``settle`` waits for answers."""
        hops = list(self.hops)
        for _ in range(1 + _ROUNDS):
            if not hops or self.ctx.cancel.is_set():
                return
            asked = self._round(hops)
            if not self._whole_way:  # this walk's packets are spent
                return
            settle(asked)
            self._take_back()
            self.at_once = min(self.at_once, _AGAIN_AT_ONCE)
            if not asked:
                self.ctx.pause(_ALLOWANCE_S)
            hops = _TIMES * self._doubtful()

    def tries(self) -> tuple[Try, ...]:
        """What became of each SYN that expires, where that tells something."""
        return tuple(one for pair in self.pairs if (one := self._try(pair)))

    def _round(self, hops: Sequence[int]) -> list[Packet]:
        using_up = [self.syn(WHOLE_WAY) for _ in range(self.at_once)]
        made = [(self.syn(WHOLE_WAY), self.syn(hop)) for hop in hops]
        for packet in using_up:
            self._send(packet)
        found = [pair for two in made if (pair := self._in_pair(*two))]
        self.pairs += found
        return [pair.expiring for pair in found]

    def _in_pair(self, before: Packet, expiring: Packet) -> _Pair | None:
        sent_s = self.ctx.clock()
        if not self._send(before) or self.wire.send_expiring(expiring) != 0:
            return None
        return _Pair(before, expiring, self.ctx.clock() - sent_s)

    def _send(self, packet: Packet) -> bool:
        if self.ctx.cancel.is_set() or self.wire.send(packet) != 0:
            return False
        self._whole_way.append(packet)
        return True

    def _take_back(self) -> None:
        self.wire.take_back(self._whole_way)
        self._whole_way.clear()

    def _doubtful(self) -> list[int]:
        """The hops whose fate would tell more of where it ends; none where that is sure."""
        fates = [self._fates(hop) for hop in self.hops]
        end = next((n for n, (heard, missed) in enumerate(fates) if missed > heard), len(fates))
        last = max((n + 1 for n, (heard, missed) in enumerate(fates) if heard > missed), default=0)
        open_yet = {n for n, fate in enumerate(fates[:end]) if not any(fate) and n >= last - 1}
        in_front = end == 0 or fates[end - 1][0] >= _SURELY_HEARD
        behind = end == len(fates) or fates[end][1] >= _SURELY_MISSED
        if in_front and behind and last <= end:
            return []
        asked = open_yet | {end - 1, end} | ({last - 1, last} if last > end else set())
        return [hop for n, hop in enumerate(self.hops) if n in asked]

    def _fates(self, hop: int) -> tuple[int, int]:
        """How many of a hop's SYNs were heard of, and how many were not."""
        tries = [it for it in self.tries() if it.hop == hop]
        heard = sum(it.expired for it in tries)
        return heard, len(tries) - heard

    def _try(self, pair: _Pair) -> Try | None:
        answer = self._answer(pair.expiring)
        one = Try(hop=pair.expiring.hop, kind=TraceKind.SYN, answer=answer)
        if one.expired and (pair.gap_s > _RIGHT_BEHIND_S or self._passed(pair.before)):
            return None
        return one

    def _passed(self, packet: Packet) -> bool:
        answer = self._answer(packet)
        return answer is not None and answer.kind is AnswerKind.SYN_ACK

    def _answer(self, packet: Packet) -> Answer | None:
        answers = self.wire.answers(packet)
        return next((a for a in answers if a.kind is not AnswerKind.ACK), None)
