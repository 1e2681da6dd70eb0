"""What a line can say, as data: a place that was not reached, and how it failed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layerwalk.probes.facts.target import Scheme
from layerwalk.session.report import PhaseWord, TimerWord


@dataclass(frozen=True, kw_only=True)
class Place:
    """The other end of a connection; ``addresses`` are those that the line gives for the host.

    ``path`` is that of an HTTP URL, without query.
    """

    host: str
    port: int | None = None
    scheme: Scheme = "tcp"
    addresses: tuple[str, ...] = ()
    path: str = ""

    @property
    def is_address(self) -> bool:
        """Whether the host is written as an address: names have a letter that no address has."""
        return ":" in self.host or self.host.replace(".", "").isdigit()


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """How it failed. What is empty was not said; ``limit_s`` is the program's limit in seconds."""

    phase: PhaseWord | None = None
    errno: str = ""
    timer: TimerWord | None = None
    runtime: str = ""
    limit_s: float | None = None

    def __bool__(self) -> bool:
        """Whether it says more than who speaks."""
        return bool(self.phase or self.errno or self.timer or self.limit_s is not None)

    def filled(self, other: Symptom) -> Symptom:
        """Take from another symptom what this one leaves open, or says not to know."""
        return Symptom(
            phase=_phase(self.phase, other.phase),
            errno=self.errno or other.errno,
            timer=other.timer or self.timer if self.timer in {None, "unknown"} else self.timer,
            runtime=self.runtime or other.runtime,
            limit_s=self.limit_s if self.limit_s is not None else other.limit_s,
        )


NOTHING = Symptom()


def _phase(first: PhaseWord | None, second: PhaseWord | None) -> PhaseWord | None:
    """Take the first word, but for a handshake that a library reports as reading."""
    if first == "read" and second == "tls":
        return second
    return first or second


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule makes of one line."""

    places: tuple[Place, ...] = ()
    symptom: Symptom = NOTHING


def settled(symptom: Symptom) -> Symptom:
    """Take out what an error does not have: a refusal needs no timer, a name's error is of names.

    Only a time-out, and a resolver that was waited for, end a wait.
    """
    if symptom.errno.startswith("EAI_"):
        symptom = replace(symptom, phase="name")
    if symptom.errno and symptom.errno not in {"ETIMEDOUT", "EAI_AGAIN"}:
        symptom = replace(symptom, timer="none")
    if symptom.timer in {"none", "kernel"}:
        symptom = replace(symptom, limit_s=None)
    return symptom


def joined(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Put an address to the name that it belongs to: the name is walked, the address is tried.

    They belong together where the line has one name, and the ports don't contradict each other.
    """
    first = places[0] if places else None
    names = [place for place in places if not place.is_address]
    if first is None or not names:
        return _once(places)
    name = names[0]
    if first.is_address and not _fits(name, first):
        return _once(tuple(place for place in places if place.is_address))
    for place in places:
        if place.is_address and _fits(name, place):
            name = _with(name, place)
        elif place.host == name.host:
            name = _richer(name, place)
    others = (it for it in names[1:] if it.host != name.host)
    return _once((name, *others))


def _fits(name: Place, address: Place) -> bool:
    return name.port is None or address.port is None or name.port == address.port


def _with(name: Place, address: Place) -> Place:
    known = dict.fromkeys((*name.addresses, address.host, *address.addresses))
    port = address.port if name.port is None else name.port
    return replace(name, port=port, addresses=tuple(known))


def _richer(name: Place, other: Place) -> Place:
    """Join what two mentions of one name say."""
    if other.port is not None and name.port is not None and other.port != name.port:
        return name
    known = dict.fromkeys((*name.addresses, *other.addresses))
    scheme = other.scheme if name.scheme == "tcp" else name.scheme
    port = other.port if name.port is None else name.port
    path = name.path or other.path
    return replace(name, port=port, scheme=scheme, addresses=tuple(known), path=path)


def _once(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Keep one place of each host and port."""
    kept: dict[tuple[str, int | None], Place] = {}
    for place in places:
        key = (place.host, place.port)
        kept[key] = _richer(kept[key], place) if key in kept else place
    return tuple(kept.values())
