"""What the failing program said: evidence that a person brought, before anything was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome

_LAYERS = {"name": 7, "connect": 4, "tls": 6, "read": 5}
_PHASES = {
    "name": "the look-up of the name failed",
    "connect": "connecting failed",
    "tls": "the TLS handshake failed",
    "read": "waiting for an answer failed",
}
_NAMED = 5
_TIMERS = {"kernel": "by the kernel's timer", "program": "by the program's own limit"}


@dataclass(frozen=True, kw_only=True)
class ErrorLineFact(Fact):
    """An error line as it was understood; what it does not say is empty, or ``unknown``.

    ``phase`` is name, connect, tls, read or unknown; ``timer`` kernel, program, none or unknown;
    ``limit_s`` the program's time limit in seconds. ``addresses`` are those that it gives for the
    target, ``others`` the targets in the same text that are not walked to.
    """

    probe: ClassVar[str] = "error-line"
    layer: ClassVar[int] = 7

    outcome: Outcome = Outcome.ANSWERED_BY_PERSON
    text: str
    phase: str = "unknown"
    errno: str = ""
    runtime: str = ""
    timer: str = "unknown"
    limit_s: float | None = None
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def of_layer(self) -> int:
        """The layer that the failing program had come to."""
        return _LAYERS.get(self.phase, 7)

    @property
    def finding(self) -> str:
        """What it says, in the field's words, then the line itself."""
        said = f"The error line says: {in_short(self)}: {self.text}"
        if not self.others:
            return said
        return f"{said} (one of several targets in the text; also: {listed(self.others)})"


def listed(names: tuple[str, ...]) -> str:
    """Name a few, and count the rest."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def in_short(fact: ErrorLineFact) -> str:
    """Say phase, error, timer, limit and program in a few words."""
    phase = _PHASES.get(fact.phase, "the connection failed")
    limit = f" ({fact.limit_s:g} s)" if fact.limit_s is not None else ""
    words = (phase, fact.errno, f"{_TIMERS.get(fact.timer, '')}{limit}".strip())
    by = f" [{fact.runtime}]" if fact.runtime else ""
    return ", ".join(word for word in words if word) + by
