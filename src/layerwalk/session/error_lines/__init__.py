"""A pasted error line, or the log around it: what it says of the connection that failed.

Pure: nothing is looked up and nothing is sent. One dialect or family of dialects a file is in
``dialects``; what is said in a line is found in ``reading``, in several in ``excerpts``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from layerwalk.probes.facts.target import Family, Target, endpoint, family_of
from layerwalk.probes.secrets import without_secrets
from layerwalk.session.error_lines.excerpts import Event, events
from layerwalk.session.error_lines.findings import Place
from layerwalk.session.error_lines.meaning import meaning
from layerwalk.session.plain import plain
from layerwalk.session.report import ErrorEntry, PhaseWord, TimerWord
from layerwalk.session.targets import DEFAULT_PORTS, BadInput, parse_target

__all__ = ["ErrorLine", "read_errors"]

NOT_UNDERSTOOD = (
    "this is no error line that is understood: it has to say that a connection failed,"
    " and where to, as in 'dial tcp 192.0.2.10:5432: i/o timeout'"
)
_LONGEST_TEXT = 1200
_MOST = 50


@dataclass(frozen=True, kw_only=True)
class ErrorLine:
    """One failure: what failed to be reached, if the text names it, and what the text says of it.

    ``meaning`` explains that in a sentence or two.
    """

    target: Target | None
    entry: ErrorEntry
    meaning: str


def read_errors(text: str, family: Family | None = None) -> tuple[ErrorLine, ...]:
    """Read every failure in a text, one for each target, in the order in which they end.

    The last is the latest. A failure without a target is given only where no other has one.

    Raises:
        BadInput: the text reports no failure that could be understood.
    """
    refusals: list[BadInput] = []
    latest: list[ErrorLine] = []
    for one in _all(text, family, refusals):
        same = next((before for before in latest if _same(before, one)), None)
        if same is not None:
            latest.remove(same)
        latest.append(one if same is None else _both(same, one))
    placed = [one for one in latest if one.target]
    if not latest or not (placed or any(_says_something(one.entry) for one in latest)):
        raise refusals[-1] if refusals else BadInput(NOT_UNDERSTOOD)
    return tuple(placed or latest)[-_MOST:]


def _of(event: Event) -> tuple[Place | None, ...]:
    return event.places or (None,)


def _says_something(entry: ErrorEntry) -> bool:
    return bool(entry.errno) or entry.phase != "unknown" or entry.timer != "unknown"


def _same(before: ErrorLine, now: ErrorLine) -> bool:
    """Tell whether two failures are of one target: by its name, or an address known to be its."""
    one, other = before.target, now.target
    if one is None or other is None:
        return one is other
    ports = {one.port, other.port}
    if len(ports - {None}) > 1:
        return False
    if None in ports and one.host != other.host:
        return False
    return one.host == other.host or one.host in other.addresses or other.host in one.addresses


def _both(before: ErrorLine, now: ErrorLine) -> ErrorLine:
    """Let the later word on a target stand, with the name, port and addresses of both."""
    if before.target is None or now.target is None:
        return now
    target = _joined(before.target, now.target)
    if not _says_something(now.entry):
        return replace(before, target=target)
    return replace(now, target=target)


def _joined(before: Target, now: Target) -> Target:
    """Make one target of two: the name before the address, HTTP before TCP."""
    by_name = now if before.host in now.addresses or before.host == now.host else before
    richer = next((it for it in (now, before) if it.scheme != "tcp"), by_name)
    port = now.port if now.port is not None else before.port
    known = dict.fromkeys((*before.addresses, *now.addresses))
    shown = richer.input
    if richer.host != by_name.host or richer.port is None:
        text = endpoint(by_name.host, port) if port is not None else by_name.input
        shown = text if richer.scheme == "tcp" else f"{richer.scheme}://{text}"
    addresses = tuple(known)
    return replace(by_name, input=shown, port=port, scheme=richer.scheme, addresses=addresses)


def _all(text: str, family: Family | None, refusals: list[BadInput]) -> Iterator[ErrorLine]:
    """Give each failure with each of its places; collect why a place can't be walked to."""
    for event in events(text):
        entry = _entry(event)
        for place in _of(event):
            try:
                target = _target(place, family) if place else None
            except BadInput as refusal:
                refusals.append(refusal)
            else:
                yield ErrorLine(target=target, entry=entry, meaning=meaning(entry))


def _target(place: Place, family: Family | None) -> Target:
    """Make the target; addresses of the other family are left out.

    Raises:
        BadInput: it is none for this family.
    """
    if place.port in {None, DEFAULT_PORTS[place.scheme]}:
        text = f"[{place.host}]" if ":" in place.host else place.host
    else:
        text = endpoint(place.host, place.port or 0)
    scheme = "" if place.scheme == "tcp" else f"{place.scheme}://"
    target = parse_target(f"{scheme}{text}{place.path}", family)
    fitting = (it for it in place.addresses if family in {None, family_of(it)})
    return replace(target, addresses=tuple(it for it in fitting if it != target.host))


def _entry(event: Event) -> ErrorEntry:
    said = event.symptom
    errno = said.errno
    phase: PhaseWord = said.phase or _usual_phase(errno)
    timer: TimerWord = said.timer or _usual_timer(errno)
    text = plain(without_secrets(" ".join(" ".join(event.lines).split())))
    if len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT - 3]}..."
    return ErrorEntry(
        text=text,
        phase=phase,
        errno=errno,
        runtime=said.runtime,
        timer=timer,
        limit_s=said.limit_s if timer in {"program", "unknown"} else None,
    )


def _usual_phase(errno: str) -> PhaseWord:
    """Place an error that came without its phase: a time-out of the kernel's is a SYN's, mostly."""
    if errno == "ECONNRESET":
        return "read"
    return "connect" if errno in {"ETIMEDOUT", "EADDRNOTAVAIL"} else "unknown"


def _usual_timer(errno: str) -> TimerWord:
    """Say whose timer it was by errno alone: only the kernel makes an ETIMEDOUT."""
    if errno == "ETIMEDOUT":
        return "kernel"
    return "none" if errno else "unknown"
