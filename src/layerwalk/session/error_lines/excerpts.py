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

MOST_FAILURES = 1000
"""How many failures of a text are looked at, from its end."""

_CONTINUES = re.compile(
    r"\s|at |Caused by|Suppressed:|\.\.\. |[\])}]|#\d+ |\* |- host: |Giving up|fatal: Could not"
    r"|details = |debug_error_string|Emitted 'error'"
)
_PLACES = re.compile(
    r"://|\btrying\b|[\w\]]:\d{2,5}\b|\bport\b|\|:\d|host|/dev/tcp/", re.IGNORECASE
)
_MOST_JOINED = 8
_URL_FIRST = {"wget"}


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
    """Read the blocks that report a failure; look near those that name no place for one."""
    found: list[Event] = []
    orphan: Event | None = None
    text = _Text(blocks)
    for number in _failing(blocks):
        event = text.read(number)[0]
        if event is None:
            continue
        if event.places:
            found.append(_known(event, text, number))
        elif found:
            found[-1] = _explained(found[-1], event)
        elif (mention := _mention(text, number)) is not None:
            found.append(_placed(event, mention))
        else:
            orphan = event
    return tuple(found) or ((orphan,) if orphan else ())


def _failing(blocks: Sequence[Sequence[str]]) -> list[int]:
    """Give the last blocks that may report a failure; all others of a long log are passed over."""
    failing = [
        number
        for number, block in enumerate(blocks)
        if any(speaks_of_failure(line.lower()) for line in block)
    ]
    return failing[-MOST_FAILURES:]


class _Text:
    """A text cut to blocks, each of which is read once at most."""

    def __init__(self, blocks: Sequence[Sequence[str]]) -> None:
        self.blocks = blocks
        self._read: dict[int, tuple[Event | None, Said | None]] = {}

    def read(self, number: int) -> tuple[Event | None, Said | None]:
        """Give a block's failure, or the place that it mentions without one."""
        if number not in self._read:
            self._read[number] = _event(self.blocks[number])
        return self._read[number]


def _mention(text: _Text, number: int) -> Said | None:
    """Give the place that is mentioned nearest to a block: before it, or else behind it."""
    before = range(number - 1, max(-1, number - 1 - NEAR), -1)
    behind = range(number + 1, min(len(text.blocks), number + 1 + NEAR))
    for near in (*before, *behind):
        event, mention = text.read(near)
        if mention is not None:
            return mention
        if event is not None and event.places:
            runtime = Symptom(runtime=event.symptom.runtime)
            return Said(line=event.lines[0], places=event.places, symptom=runtime)
    return None


def _explained(event: Event, other: Event) -> Event:
    """Let a failure that stands below an event say how it came, where the event does not."""
    if event.symptom:
        return event
    symptom = settled(event.symptom.filled(other.symptom))
    return replace(event, symptom=symptom, lines=(*event.lines, *other.lines))


def _placed(event: Event, mention: Said) -> Event:
    """Put a failure to the place that a line near it mentions."""
    lines = tuple(dict.fromkeys((mention.line.strip(), *event.lines)))
    symptom = event.symptom.filled(mention.symptom)
    return replace(event, places=mention.places, symptom=symptom, lines=lines)


def _known(event: Event, text: _Text, number: int) -> Event:
    """Add that HTTP is spoken to a place, where a program says so only in its first line."""
    if event.symptom.runtime not in _URL_FIRST:
        return event
    mention = _mention(text, number)
    same = {(place.host, place.port) for place in event.places}
    more = tuple(it for it in (mention.places if mention else ()) if (it.host, it.port) in same)
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
