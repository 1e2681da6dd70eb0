"""The path to one address, as all traces together tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from layerwalk.probes.facts import Answer, AnswerKind, TraceFact, TraceKind, Try

OTHERS = (TraceKind.ICMP, TraceKind.UDP, TraceKind.CONTROL)
"""The kinds that are not the failing probe itself."""

_STARTS = (64, 128, 255)
"""The TTLs that systems send with."""

_TIMES_ROUND = 3
_SEVERAL = 2


@dataclass(frozen=True)
class Hop:
    """A hop by its number and the address that answered there."""

    number: int
    address: str

    def as_where(self) -> dict[str, int | str]:
        """As the report writes it."""
        return {"hop": self.number, "address": self.address}


@dataclass(frozen=True)
class PathView:
    """What the traces of one address say; ``source`` is this machine's own address (hop 0).

    ``on_link`` says that the route needs no gateway: the target is the next machine.
    """

    address: str
    source: str
    traces: tuple[TraceFact, ...]
    on_link: bool = False

    def tries(self, *kinds: TraceKind) -> Iterator[Try]:
        """All tries of these kinds, of all where none is named."""
        for trace in self.traces:
            yield from trace.of(*kinds)

    def answered(self, *kinds: TraceKind) -> Iterator[tuple[int, Answer]]:
        """Hop and answer of each try that was answered, by others than this machine itself."""
        tries = ((t.hop, t.answer) for t in self.tries(*kinds) if t.answer)
        return ((hop, a) for hop, a in tries if not (a.is_icmp_error and a.responder == self.own))

    @property
    def own(self) -> str:
        """This machine's own address as it stands in packets."""
        return self.source.partition("%")[0]

    def expired(self, *kinds: TraceKind) -> dict[int, str]:
        """The hops that reported a probe's expiry, with an address of each: the last that did."""
        kind = AnswerKind.TIME_EXCEEDED
        return {hop: a.responder for hop, a in self.answered(*kinds) if a.kind is kind}

    def reporters(self, *kinds: TraceKind) -> dict[int, tuple[str, ...]]:
        """All addresses of each hop that reported a probe's expiry: several where paths divide."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for hop, answer in self.answered(*kinds):
            if answer.kind is AnswerKind.TIME_EXCEEDED:
                found[hop][answer.responder] = None
        return {hop: tuple(addresses) for hop, addresses in found.items()}

    def reach(self, *kinds: TraceKind) -> int:
        """The last hop that probes of these kinds are known to have reached, 0 for none."""
        return max(self.expired(*kinds), default=0)

    @cached_property
    def others_get_further(self) -> bool:
        """Whether others were answered at a hop where SYNs, though asked, were not, nor beyond."""
        last = self.reach(TraceKind.SYN)
        asked = {one.hop for one in self.tries(TraceKind.SYN) if one.hop > last}
        return bool(asked & {*self.expired(*OTHERS)})

    @cached_property
    def syn_lags(self) -> bool:
        """Whether SYNs are known to end before others do.

        Asked twice for the next hop that answers others, they stay silent.
        """
        last = self.reach(TraceKind.SYN)
        further = min((hop for hop, _ in self.answered(*OTHERS) if hop > last), default=0)
        asked = [one for one in self.tries(TraceKind.SYN) if one.hop == further]
        return len(asked) >= _SEVERAL and not any(one.answer for one in asked)

    @cached_property
    def distance(self) -> int | None:
        """The target's distance in hops, by probes other than the SYN to the port, or the route."""
        return 1 if self.on_link else _corrected(self, self._nearest(*OTHERS), *OTHERS)

    @cached_property
    def end(self) -> int | None:
        """The target's distance by whatever says it: the SYN to the port, too."""
        return _corrected(self, self.distance or self._nearest(TraceKind.SYN))

    def _nearest(self, *kinds: TraceKind) -> int | None:
        hops = [hop for hop, a in self.answered(*kinds) if a.arrived(self.address)]
        return min(hops, default=None)

    def hop(self, number: int, *kinds: TraceKind) -> Hop:
        """A hop with its address, as probes of these kinds saw it if they did.

        Hop 0 is this machine, an unknown address is empty.
        """
        if number == 0:
            return Hop(0, self.source)
        if number == self.distance:
            return Hop(number, self.address)
        return Hop(number, {**self.expired(), **self.expired(*kinds)}.get(number, ""))

    def next_known(self, number: int) -> Hop | None:
        """The first later hop that answered any probe."""
        later = [hop for hop in self.expired(*OTHERS) if hop > number]
        if self.distance is not None:
            later.append(self.distance) if self.distance > number else None
        return self.hop(min(later)) if later else None

    def hop_of(self, address: str) -> int | None:
        """The hop at which a router's address is known."""
        return min((n for n, found in self.reporters().items() if address in found), default=None)

    @cached_property
    def loop(self) -> tuple[Hop, ...]:
        """The routers that come up again and again, in their order; empty without a loop.

        One address at two neighbouring hops is no loop (some routers count strangely); three
        times round is. Where paths divide, each kind of probe has one of its own, and a router may
        stand at several hops of paths that are not equally long.
        """
        every = self.reporters()
        if all(len(addresses) == 1 for addresses in every.values()):
            return _circle(every)
        return next(filter(None, (_circle(self.reporters(kind)) for kind in TraceKind)), ())


def _circle(reporters: Mapping[int, tuple[str, ...]]) -> tuple[Hop, ...]:
    """The addresses that come up again and again at these hops."""
    places: defaultdict[str, set[int]] = defaultdict(set)
    for number, addresses in reporters.items():
        for address in addresses:
            places[address].add(number)
    again = {a: sorted(p) for a, p in places.items() if _comes_again(sorted(p))}
    often = any(len(numbers) >= _TIMES_ROUND for numbers in again.values())
    if not often and len(again) < _SEVERAL:
        return ()
    return tuple(sorted((Hop(p[0], a) for a, p in again.items()), key=lambda h: h.number))


def _corrected(path: PathView, nearest: int | None, *kinds: TraceKind) -> int | None:
    """The distance, nearer where the TTL of the target's answers says so.

    Where the answer from its true distance was lost (a host gives few "port unreachable" at
    once), one from further on seems the nearest. The TTL counts the way back, so it is not
    believed where a router reports from as far away.
    """
    own = [a for _, a in path.answered(*kinds) if a.arrived(path.address) and a.ttl]
    hint = min((hops_away(answer) for answer in own), default=None)
    if nearest is None or hint is None or hint >= nearest:
        return nearest
    return nearest if path.reach() >= hint else hint


def _comes_again(numbers: Sequence[int]) -> bool:
    """Whether it does so at hops that are no neighbours."""
    return numbers[-1] - numbers[0] >= _SEVERAL


def hops_away(answer: Answer) -> int:
    """How many hops away an answer was sent, as its TTL suggests: 1 is the next machine."""
    return min(start - answer.ttl + 1 for start in _STARTS if start >= answer.ttl)


def follows_syns(path: PathView) -> bool:
    """Tell whether SYNs were asked for behind the last hop that they are known to have reached.

    A hop answers only so many; what was not asked tells nothing about where SYNs end.
    """
    last = path.reach(TraceKind.SYN)
    return any(one.hop == last + 1 for one in path.tries(TraceKind.SYN))


def place(
    path: PathView, number: int, distance: int | None = None, *kinds: TraceKind
) -> dict[str, object]:
    """Write where a probe was lost or refused: after this hop.

    Where it is the target's last router, and the target's distance is known (by other probes than
    the SYN to the port, unless it is given), host and link can't be told apart: the kind is then
    ``host``. The hop is told by the address that probes of these kinds saw there.
    """
    after, end = path.hop(number, *kinds), distance or path.distance
    if end is not None and number >= end - 1:
        return {"kind": "host", "after": after.as_where()}
    where: dict[str, object] = {"kind": "path", "after": after.as_where()}
    before = path.next_known(number)
    if before:
        where["before"] = before.as_where()
    return where
