"""A rule: one sentence that a program prints, what it looks like, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from layerwalk.probes.facts.target import Scheme
from layerwalk.session.error_lines import places
from layerwalk.session.error_lines.durations import seconds
from layerwalk.session.error_lines.findings import Finding, Place, Symptom, joined
from layerwalk.session.report import PhaseWord, TimerWord

_PIECES = {
    "NAME": places.NAME,
    "HOST": places.HOST,
    "AT": places.AT,
    "URL": places.URL,
    "V6": places.V6,
    "NUMBER": r"(?:\d{1,9}(?:\.\d{1,9})?)",
}
_PIECE = re.compile(r"<([A-Z0-9]+)>")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A sentence. ``needs`` is a lower-case part of it, looked for first because that is cheap.

    ``looks`` is a regular expression; ``<HOST>``, ``<AT>`` (host:port), ``<URL>`` and ``<NUMBER>``
    in it stand for those. Its groups ``host`` and ``port``, ``at``, ``url`` name the place,
    ``address`` an address of that host, ``secure`` that TLS was to be spoken, ``limit`` and
    ``unit`` the time limit. ``measured`` says that the limit is a time that the program has taken,
    so a little more than its limit. ``alone`` says that no other place in the line counts.
    """

    needs: str
    looks: str
    runtime: str = ""
    phase: PhaseWord | None = None
    errno: str = ""
    timer: TimerWord | None = None
    scheme: Scheme = "tcp"
    measured: bool = False
    alone: bool = False
    every: bool = False
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        looks = _PIECE.sub(lambda piece: _PIECES[piece[1]], self.looks)
        object.__setattr__(self, "pattern", re.compile(looks, re.IGNORECASE))

    def read(self, line: str, lower: str) -> Finding | None:
        """Read a line (given in lower case, too); nothing where the sentence is not in it."""
        if self.needs not in lower:
            return None
        matches = list(self.pattern.finditer(line)) if self.every else []
        first = matches[0] if matches else self.pattern.search(line)
        if first is None:
            return None
        found = [place for it in matches or [first] for place in self._places(it)]
        return Finding(places=joined(tuple(found)), symptom=self._symptom(first))

    def _symptom(self, match: re.Match[str]) -> Symptom:
        groups = match.groupdict()
        limit = seconds(groups.get("limit"), groups.get("unit"), measured=self.measured)
        return Symptom(
            phase=self.phase,
            errno=self.errno,
            timer=self.timer,
            runtime=self.runtime,
            limit_s=limit,
        )

    def _places(self, match: re.Match[str]) -> Iterator[Place]:
        groups = match.groupdict()
        address = groups.get("address")
        scheme: Scheme = self.scheme
        if scheme == "http" and groups.get("secure"):
            scheme = "https"
        made: list[Place | None] = []
        if groups.get("url"):
            made.append(places.url(groups["url"]))
        if groups.get("at"):
            made.append(places.endpoint(groups["at"], scheme))
        if groups.get("host"):
            made.append(places.place(groups["host"], groups.get("port"), scheme, address))
        elif address:
            made.append(places.place(address, groups.get("port"), scheme))
        for found in made:
            if found is not None:
                known = places.place(address) if address and not found.addresses else None
                yield _with(found, known)


def _with(found: Place, known: Place | None) -> Place:
    if known is None or not known.is_address or known.host == found.host:
        return found
    return replace(found, addresses=(*found.addresses, known.host))
