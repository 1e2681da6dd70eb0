"""Reading several lines: which belong together, and which of them names the place.

A line that names both a place and a failure speaks for itself. Else they are looked for in the
lines of one block (a stack trace, a record), and then in lines close by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from layerwalk.session.error_lines.cleaning import cleaned, opened
from layerwalk.session.error_lines.findings import Place, Symptom, joined, settled
from layerwalk.session.error_lines.phrases import speaks_of_failure
from layerwalk.session.error_lines.reading import Said, read_line
from layerwalk.session.error_lines.wrapping import unwrapped

NEAR = 6
"""How many blocks a failure and its place may stand apart."""

MOST_FAILURES = 2000
"""How many failures of a text are looked at, from its end."""

_CONTINUES = re.compile(
    r"\s|at |Caused by|Suppressed:|\.\.\. |[\])}]|#\d+ |\* |- host: |Giving up|fatal: Could not"
    r"|details = |debug_error_string|Emitted 'error'"
)
_PLACES = re.compile(
    r"://|\btrying\b|[\w\]]:\d{2,5}\b|\bport\b|\|:\d|host|/dev/tcp/", re.IGNORECASE
)
_MOST_JOINED = 8


@dataclass(frozen=True, kw_only=True)
class Event:
    """One failure in the text: where, how, and the lines that say so.

    It is ``told`` where a dialect has both in one line.
    """

    places: tuple[Place, ...]
    symptom: Symptom
    lines: tuple[str, ...]
    told: bool = False


def events(text: str) -> tuple[Event, ...]:
    """Give every failure that the text reports, in its order. Those without a place come, too."""
    best: tuple[Event, ...] = ()
    for form in unwrapped(cleaned(text)):
        found = _linked(list(_blocks(form)))
        if _worth(found) > _worth(best) or not best:
            best = found
    return best


def _worth(found: Sequence[Event]) -> int:
    """Tell how much was understood, most of all what dialects know as a whole."""
    return sum(bool(it.places) * 2 + bool(it.symptom) + it.told * 3 for it in found)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Cut the lines where a new message begins."""
    block: list[str] = []
    for line in lines:
        if block and line.strip() and not _CONTINUES.match(line):
            yield block
            block = []
        if line.strip():
            block.append(line)
    if block:
        yield block


def _linked(blocks: Sequence[Sequence[str]]) -> tuple[Event, ...]:
    """Read every block; put a failure without a place to the nearest place, before or behind."""
    linking = _Linking()
    for number in _near_failures(blocks):
        event, mention = _event(blocks[number])
        if mention is not None:
            linking.mentioned(number, mention)
        if event is not None and event.places:
            linking.placed(number, event)
        elif event is not None:
            linking.unplaced(number, event)
    return linking.found


def _near_failures(blocks: Sequence[Sequence[str]]) -> list[int]:
    """Give the blocks that are worth reading: the last that may report a failure, and those near.

    All others of a long log are passed over, which is what makes it quick.
    """
    failing = [
        number
        for number, block in enumerate(blocks)
        if any(speaks_of_failure(line.lower()) for line in block)
    ]
    near: set[int] = set()
    for number in failing[-MOST_FAILURES:]:
        near.update(range(max(0, number - NEAR), min(len(blocks), number + NEAR + 1)))
    return sorted(near)


class _Linking:
    """Goes through the blocks of a text, and remembers what still lacks its other half."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._mention: tuple[int, Said] | None = None
        self._orphan: tuple[int, Event] | None = None

    @property
    def found(self) -> tuple[Event, ...]:
        """The failures; one without a place only where no other is there."""
        if self._events or self._orphan is None:
            return tuple(self._events)
        return (self._orphan[1],)

    def mentioned(self, number: int, mention: Said) -> None:
        """Take in a place without a failure; one that went before may be its."""
        self._mention = (number, mention)
        if self._orphan is not None and number - self._orphan[0] <= NEAR:
            self._events.append(_placed(self._orphan[1], mention))
            self._orphan = None

    def placed(self, number: int, event: Event) -> None:
        """Take in a failure that has its place."""
        self._events.append(_known(event, self._mention and self._mention[1]))
        self._mention = (number, Said(line="", places=event.places))
        self._orphan = None

    def unplaced(self, number: int, event: Event) -> None:
        """Take in a failure without a place: it is that of a failure just told, or of a mention."""
        if self._events:
            last = self._events[-1]
            if not last.symptom:
                lines = (*last.lines, *event.lines)
                self._events[-1] = replace(last, symptom=event.symptom, lines=lines)
        elif self._mention is not None and number - self._mention[0] <= NEAR:
            self._events.append(_placed(event, self._mention[1]))
        else:
            self._orphan = (number, event)


def _placed(event: Event, mention: Said) -> Event:
    """Put a failure to the place that a line near it mentions."""
    lines = tuple(dict.fromkeys((mention.line.strip(), *event.lines)))
    symptom = event.symptom.filled(mention.symptom)
    return replace(event, places=mention.places, symptom=symptom, lines=lines)


def _known(event: Event, mention: Said | None) -> Event:
    """Add what a line before said of the same host and port: that it is spoken to in HTTP."""
    if mention is None:
        return event
    same = {(place.host, place.port) for place in event.places}
    more = tuple(place for place in mention.places if (place.host, place.port) in same)
    return replace(event, places=joined((*event.places, *more)))


def _event(block: Sequence[str]) -> tuple[Event | None, Said | None]:
    """Read a block: its failure, if it has one, and a place that it mentions without one."""
    said = [read for line in block for part in opened(line) if (read := _worthwhile(part))]
    if len(block) > 1:
        joined_up = " ".join(line.strip() for line in block[:_MOST_JOINED])
        whole = _worthwhile(joined_up)
        if whole and whole.sure and not any(one.sure and one.whole for one in said):
            said = [replace(whole, line=joined_up), *said]
    failing = [one for one in said if one.fails]
    if not failing:
        mentions = [one for one in said if one.places]
        return None, mentions[-1] if mentions else None
    return _merged(said, failing), None


def _worthwhile(line: str) -> Said | None:
    """Read a line, where it could report a failure or name a place."""
    if speaks_of_failure(line.lower()) or _PLACES.search(line):
        return read_line(line)
    return None


def _merged(said: Sequence[Said], failing: Sequence[Said]) -> Event:
    """Make one failure of a block's lines: places that dialects know go before all others."""
    named = [one for one in said if one.sure and one.whole] or [one for one in said if one.sure]
    named = named or [one for one in failing if one.places] or [one for one in said if one.places]
    symptom = Symptom()
    for one in sorted(said, key=lambda it: it not in named):
        symptom = settled(symptom.filled(one.symptom))
    places = joined(tuple(place for one in named for place in one.places))
    lines = dict.fromkeys(one.line.strip() for one in (*named, *failing) if one.line.strip())
    told = any(one.sure and one.whole for one in named)
    return Event(places=places, symptom=symptom, lines=tuple(lines), told=told)
