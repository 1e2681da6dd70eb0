"""How large packets may be along the path, as a drawing: a bar for each hop, there and back.

Drawn from what was measured, in ASCII, and in eighty columns for all addresses but the longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from layerwalk.probes.facts import EchoFate, PathMtuFact, WayBack
from layerwalk.session.report import EvidenceEntry, HopRow, Report

_BAR = 10
_HEADERS = {False: 40, True: 60}


@dataclass(frozen=True)
class _Stop:
    """A hop, or the target, with the largest packets that get there and come back; 0: unknown."""

    hop: int
    name: str
    there: int = 0
    back: int = 0


def figures(report: Report) -> Iterator[tuple[str, ...]]:
    """Draw every path whose sizes were measured; ``report.path`` is the one to the first target."""
    addresses = [it for hop in report.path if hop.target for it in hop.addresses]
    for entry in report.evidence:
        mine = not addresses or entry.data.get("address") in addresses
        lines = size_figure(entry, report.path if mine else ())
        if lines:
            yield lines


def size_figure(entry: EvidenceEntry, path: Sequence[HopRow]) -> tuple[str, ...]:
    """Draw a piece of evidence; nothing where it says nothing of sizes."""
    if entry.probe != PathMtuFact.probe:
        return ()
    fact = _fact(entry.data)
    if fact is None or not fact.passes:
        return ()
    stops = _stops(fact, path)
    holes = fact.vanishes or (fact.back and fact.back.hops)
    alike = not holes and len({(it.there, it.back) for it in stops}) == 1
    body = _plain(fact, stops[-1]) if alike else _drawn(fact, stops)
    return (_head(fact), *body)


def _fact(data: Mapping[str, Any]) -> PathMtuFact | None:
    try:
        return msgspec.convert(data, type=PathMtuFact)
    except (msgspec.ValidationError, RecursionError):
        return None


def _head(fact: PathMtuFact) -> str:
    headers = _HEADERS[":" in fact.address]
    fits = min(it for it in (fact.passes, _came(fact)) if it) - headers
    seen = f"MSS seen {fact.mss}, " if fact.mss else ""
    return f"Path MTU, in bytes of a whole packet ({seen}MSS that fits {fits}):"


def _came(fact: PathMtuFact) -> int:
    """What comes back for certain, where that is a limit."""
    return fact.back.passes if fact.back and fact.back.vanishes else 0


def _stops(fact: PathMtuFact, path: Sequence[HopRow]) -> list[_Stop]:
    """Make the hops and the target of what is known of each."""
    names = {it.hop: it.addresses[0] for it in path if it.addresses}
    known = {it.hop: it for it in (*fact.hops, *(fact.back.hops if fact.back else ()))}
    names = {hop: it.address for hop, it in known.items()} | names
    end = next((it.hop for it in path if it.target), max(names, default=0) + 1)
    numbers = sorted({*names, *(it.hop for it in path)} - {end})
    routers = [
        _Stop(hop, names.get(hop, "(silent)"), _there(fact, hop, names), _back(fact, hop))
        for hop in numbers
        if hop < end
    ]
    back = fact.back.passes if fact.back else 0
    return [*routers, _Stop(end, f"{fact.address} = target", fact.passes, back)]


def _there(fact: PathMtuFact, hop: int, names: Mapping[int, str]) -> int:
    """What gets to a router: all that was tried up to where it falls, behind that what passes."""
    largest = max(fact.segment, fact.passes) or fact.interface_mtu
    if fact.vanishes:
        reached = fact.reached.hop if fact.reached else 0
        return largest if hop <= reached else fact.passes
    if not fact.told:
        return fact.passes
    tellers = {it.responder for it in fact.too_big if it.mtu == fact.told}
    place = min((number for number, name in names.items() if name in tellers), default=0)
    return largest if hop <= place else fact.passes


def _back(fact: PathMtuFact, hop: int) -> int:
    """What comes back from a router; whole replies of the target say it of all on the way."""
    back = fact.back
    if back is None:
        return 0
    if not back.vanishes:
        return back.passes
    whole = [it for it in back.hops if it.back >= back.vanishes]
    if not back.hops or (hop < max((it.hop for it in whole), default=0)):
        return next((it.back for it in whole if it.hop == hop), 0)
    return next((it.back for it in whole if it.hop == hop), back.passes)


def _plain(fact: PathMtuFact, target: _Stop) -> Iterator[str]:
    hops = f"{target.hop} hop{'s' if target.hop > 1 else ''}"
    yield f"  there  this machine ===== {target.there} =====> target, {hops}"
    if target.back:
        yield f"  back   this machine <===== {target.back} ===== target"
    yield from _remarks(fact)


def _drawn(fact: PathMtuFact, stops: Sequence[_Stop]) -> Iterator[str]:
    most = max(max(it.there, it.back) for it in stops)
    yield f"  hop  {'there':<{_BAR + 7}}{'back':<{_BAR + 7}}address"
    before = _Stop(0, "", max(stops[0].there, most), most)
    for stop in stops:
        yield from _falls(fact, before, stop)
        yield f"  {stop.hop:>3}  {_bar(stop.there, most)}{_bar(stop.back, most)}{stop.name}"
        before = _Stop(stop.hop, stop.name, stop.there, stop.back or before.back)
    yield from _remarks(fact)


def _bar(size: int, most: int) -> str:
    if not size:
        return f"{'?':>5} {'':<{_BAR}} "
    return f"{size:>5} {'#' * max(1, round(_BAR * size / most)):<{_BAR}} "


def _falls(fact: PathMtuFact, before: _Stop, stop: _Stop) -> Iterator[str]:
    """Say between two hops what happens there."""
    if 0 < stop.there < before.there:
        said = f'a router says "too big, MTU {fact.told}"' if fact.told else 'nobody says "too big"'
        if fact.vanishes:
            yield f"       v larger than {fact.passes} vanish here on the way there; {said}"
        else:
            yield f"       | larger than {fact.passes} do not pass; {said}"
    back = fact.back
    if back and back.hops and 0 < stop.back < back.vanishes <= before.back:
        said = "the target is not told"
        yield f"       ^ larger than {back.passes} vanish here on the way back; {said}"


def _remarks(fact: PathMtuFact) -> Iterator[str]:
    """Say what has no place on the path."""
    if fact.remembered:
        yield f"  this machine's kernel keeps to MTU {fact.remembered} on this path"
    if fact.back:
        yield from _of_the_way_back(fact.back)


def _of_the_way_back(back: WayBack) -> Iterator[str]:
    if back.vanishes and not back.hops:
        yield f"  back   larger than {back.passes} vanish; at which hop can't be told"
    elif back.echo is EchoFate.PIECES and not back.vanishes:
        yield f"  back   larger echo replies come in pieces of {back.piece}"
    elif back.echo is EchoFate.LOST and not back.vanishes:
        yield "  back   large echo replies are lost, or not given"
