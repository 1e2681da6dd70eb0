"""Reading one line: all that the dialects make of it, then the words that all programs share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layerwalk.session.error_lines.dialects import LIMITS, PLACES, QUOTED, RULES
from layerwalk.session.error_lines.findings import NOTHING, Finding, Place, Symptom, joined, settled
from layerwalk.session.error_lines.phrases import speaks_of_failure, symptom


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a line says. ``sure`` tells that a dialect named the place, not only its looks."""

    line: str
    places: tuple[Place, ...] = ()
    symptom: Symptom = NOTHING
    sure: bool = False
    fails: bool = False

    @property
    def whole(self) -> bool:
        """Whether it names both a place and a failure."""
        return bool(self.places) and (self.fails or bool(self.symptom))


def read_line(line: str) -> Said:
    """Read a line on its own."""
    lower = line.lower()
    pairs = [
        (rule, found)
        for rule in RULES
        if rule.needs in lower and (found := rule.read(line, lower)) is not None
    ]
    alone = [found for rule, found in pairs if rule.alone]
    named = alone[0].places if alone else _together([found for _rule, found in pairs])
    places = named if alone else _completed(named, line, lower)
    merged = Symptom()
    for _rule, finding in pairs:
        merged = merged.filled(finding.symptom)
    said = symptom(line, lower)
    merged = settled(_limited(merged.filled(_agreeing(merged, said)), line, lower))
    if not places and merged.phase == "name" and (quoted := QUOTED.read(line, lower)) is not None:
        places = quoted.places
    return Said(
        line=line,
        places=places,
        symptom=merged,
        sure=bool(named),
        fails=bool(merged) or speaks_of_failure(lower),
    )


def _together(found: list[Finding]) -> tuple[Place, ...]:
    return joined(tuple(place for finding in found for place in finding.places))


def _completed(named: tuple[Place, ...], line: str, lower: str) -> tuple[Place, ...]:
    """Add the name to an address that a dialect gives; where none gives anything, go by looks."""
    if any(not place.is_address for place in named):
        return named
    looks = _looks_like(line, lower)
    ports = {place.port for place in named}
    names = tuple(it for it in looks if not it.is_address and it.port in ports)
    return joined((*named, *names)) if named else looks


def _looks_like(line: str, lower: str) -> tuple[Place, ...]:
    """Give what looks like a place, by the strictest rule that finds one."""
    groups = [found.places for rule in PLACES if (found := rule.read(line, lower)) and found.places]
    if not groups:
        return ()
    first = joined(groups[0])
    names = {place.host for place in first if not place.is_address}
    more = [place for group in groups[1:] for place in group if _belongs(place, first, names)]
    return joined((*first, *more))


def _belongs(place: Place, first: tuple[Place, ...], names: set[str]) -> bool:
    """Tell whether a second place of a line is the first one's other half: name and address."""
    if place.host in names:
        return True
    return (
        len(first) == 1
        and place.is_address != first[0].is_address
        and bool(place.port is None or first[0].port is None or place.port == first[0].port)
    )


def _agreeing(known: Symptom, said: Symptom) -> Symptom:
    """Leave out of the shared words what contradicts the dialect: its own limit has no errno."""
    if known.timer == "program" and said.errno == "ETIMEDOUT" and not known.errno:
        return replace(said, errno="")
    if known.errno and said.errno and known.errno != said.errno:
        return Symptom()
    return said


def _limited(known: Symptom, line: str, lower: str) -> Symptom:
    """Look for a time limit, where it was the program's own timer or nobody knows whose."""
    if known.limit_s is not None or known.timer in {"kernel", "none"} or not known:
        return known
    for rule in LIMITS:
        found = rule.read(line, lower)
        if found and found.symptom.limit_s is not None:
            says = found.symptom if not known.errno else replace(found.symptom, timer=None)
            return known.filled(says)
    return known
