"""What happens in a walk, as data: the journal is these, in the order in which they came."""

from __future__ import annotations

import msgspec

from layerwalk.session.report import (
    Ending,
    ErrorEntry,
    EvidenceEntry,
    HopRow,
    Host,
    Offer,
    OriginEntry,
    TargetEntry,
    Tool,
    Verdict,
)


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Something that happened ``at_s`` seconds after the walk began."""

    at_s: float


class WalkStarted(_Event, frozen=True, kw_only=True, tag="walk-started"):
    """A walk begins; ``started`` is UTC in ISO 8601, ``budget_s`` the longest it may take."""

    target: TargetEntry
    tool: Tool
    host: Host
    role: str
    started: str
    budget_s: float
    timeout_s: float | None = None
    error_line: ErrorEntry | None = None
    origin: OriginEntry | None = None
    client: str = ""


class AddressesFound(_Event, frozen=True, kw_only=True, tag="addresses-found"):
    """The target's addresses are known."""

    addresses: tuple[str, ...]


class StepStarted(_Event, frozen=True, kw_only=True, tag="step-started"):
    """A measurement begins: what it asks, at which layer, and how long it takes at most."""

    step: str
    title: str
    layer: int
    waits_for: str
    at_most_s: float


class StepEnded(_Event, frozen=True, kw_only=True, tag="step-ended"):
    """A measurement ended and its evidence is there.

    ``vain`` says that it was stopped because it could change nothing any more.
    """

    step: str
    evidence: EvidenceEntry
    vain: bool = False


class ModeChanged(_Event, frozen=True, kw_only=True, tag="mode-changed"):
    """The walk goes on guided, a step at a time as a person says, or by itself."""

    guided: bool


class StepsOffered(_Event, frozen=True, kw_only=True, tag="steps-offered"):
    """The walk stands still until a person decides; the first of the offers is to come next."""

    offers: tuple[Offer, ...]


class StepNoted(_Event, frozen=True, kw_only=True, tag="step-noted"):
    """A step is over and was not measured: a person skipped or answered it, or it was in vain."""

    step: str
    title: str
    layer: int
    evidence: EvidenceEntry
    vain: bool = False


class NoteTakenBack(_Event, frozen=True, kw_only=True, tag="note-taken-back"):
    """A person took a skip or an answer back; ``note`` is the id of the evidence that is void."""

    step: str
    note: str


class PathSeen(_Event, frozen=True, kw_only=True, tag="path-seen"):
    """The path so far; replaces what was known before."""

    address: str
    path: tuple[HopRow, ...]


class VerdictReached(_Event, frozen=True, kw_only=True, tag="verdict-reached"):
    """The walk has its answer."""

    verdict: Verdict


class WalkEnded(_Event, frozen=True, kw_only=True, tag="walk-ended"):
    """Nothing more will come. ``reason`` is an ``Ending`` of the report."""

    reason: Ending


class RecordingStopped(_Event, frozen=True, kw_only=True, tag="recording-stopped"):
    """From here on, or from the start, nothing of the walk is written down, and why."""

    why: str


Event = (
    WalkStarted
    | AddressesFound
    | StepStarted
    | StepEnded
    | PathSeen
    | VerdictReached
    | WalkEnded
    | RecordingStopped
    | ModeChanged
    | StepsOffered
    | StepNoted
    | NoteTakenBack
)


def encode(event: Event) -> bytes:
    """Write an event as one line of JSON."""
    return msgspec.json.encode(event) + b"\n"


def decode(line: bytes) -> Event:
    """Read one line of a journal.

    Raises:
        msgspec.MsgspecError: the line is no event.
    """
    event: Event = msgspec.json.decode(line, type=Event)
    return event
