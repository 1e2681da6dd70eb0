"""What a person may ask of a walk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from layerwalk.probes.facts.ports import PortsAsked
from layerwalk.probes.facts.standpoint import AS_CLIENT, Standpoint
from layerwalk.probes.origin import HERE, Origin

if TYPE_CHECKING:
    import msgspec

    from layerwalk.session.pcap.file import PacketFile
    from layerwalk.session.report import ErrorEntry

BUDGET_S = 30.0
"""The longest that a walk takes where nobody says otherwise."""

_Part = TypeVar("_Part", bound="msgspec.Struct")


def budget_for(timeout_s: float | None) -> float:
    """Give the budget of a walk on behalf of a program that waits so long, if that is known."""
    return BUDGET_S if timeout_s is None else max(BUDGET_S, 2 * timeout_s + 10)


class Redact(Protocol):
    """Replaces what must not be seen, always by the same stand-in."""

    def __call__(self, part: _Part) -> _Part:
        """Redact an event or a report."""

    def text(self, text: str, *names: str) -> str:
        """Redact a text that stands by itself; what ``names`` are given are known to be names."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that all walking commands share.

    ``budget_s`` bounds the whole walk in seconds; ``unprivileged`` behaves as without raw-socket
    rights even where they exist; ``timeout_s`` is how long the failing program waits for its
    connection; ``error_line`` is the line that the walk starts from, ``other_targets`` are those
    that its text names besides the one that is walked to; ``redact`` redacts every event before
    anybody hears it, one for all walks, so that they agree; ``packets`` is the file that takes in
    every packet that is sent and heard; ``origin`` is where packets come from: mark and source;
    ``ports`` are those whose state is asked for besides; ``names`` has nameservers asked for the
    names of hops; ``standpoint`` is the end of the connection that this machine is;
    ``trace_firewall`` is a person's consent to a table of our own among this machine's rules, by
    which the kernel itself says which of them refuses.
    """

    budget_s: float = BUDGET_S
    unprivileged: bool = False
    timeout_s: float | None = None
    error_line: ErrorEntry | None = None
    other_targets: tuple[str, ...] = ()
    redact: Redact | None = None
    packets: PacketFile | None = None
    names: bool = False
    origin: Origin = HERE
    ports: PortsAsked | None = None
    standpoint: Standpoint = AS_CLIENT
    trace_firewall: bool = False

    def from_line(self, line: ErrorEntry, others: tuple[str, ...] = ()) -> Options:
        """Give the options of a walk that starts from an error line.

        The line's time limit counts where no other is given. ``others`` are the targets that its
        text names besides; where names must not be shown, only how many.
        """
        timeout_s = self.timeout_s if self.timeout_s is not None else line.limit_s
        usual = self.budget_s == budget_for(self.timeout_s)
        if self.redact and others:
            others = (f"{len(others)} more",)
        return replace(
            self,
            budget_s=budget_for(timeout_s) if usual else self.budget_s,
            timeout_s=timeout_s,
            error_line=line,
            other_targets=others,
        )
