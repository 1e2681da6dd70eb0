"""The report's shape (``layerwalk.report/1``): what scripts read and the app shows.

One schema for all: these structures are what goes out as JSON, comes back from a file, and makes
up the state that a screen shows. Field by field they are described in the shipped JSON Schema.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA = "layerwalk.report/1"

OutcomeWord = Literal["fault", "healthy", "inconclusive"]
Relation = Literal["explains", "alternative", "also"]
Confidence = Literal["certain", "likely", "possible"]
PhaseWord = Literal["name", "connect", "tls", "read", "unknown"]
TimerWord = Literal["kernel", "program", "none", "unknown"]
Ending = Literal["done", "interrupted", "budget", "broken-off"]
PortWord = Literal["open", "closed", "filtered"]
SynFate = Literal["answered", "silent", "rejected", "not_run"]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report."""


class Tool(_Part, frozen=True, kw_only=True):
    """Who wrote the report."""

    name: str = "layerwalk"
    version: str


class Privileges(_Part, frozen=True, kw_only=True):
    """What this walk was allowed: raw sockets, and the settings that only root reads."""

    raw: bool
    admin: bool


class Host(_Part, frozen=True, kw_only=True):
    """The machine that was walked from."""

    name: str
    os: str
    kernel: str
    privileges: Privileges


class OriginEntry(_Part, frozen=True, kw_only=True):
    """Where packets came from, as far as somebody asked for it: 0 and "" stand for nothing.

    ``network`` is empty where the process has the network of this machine.
    """

    mark: int = 0
    address: str = ""
    interface: str = ""
    pid: int | None = None
    process: str = ""
    network: str = ""


class TargetEntry(_Part, frozen=True, kw_only=True):
    """The target as given and as understood."""

    input: str
    host: str
    port: int | None
    scheme: str
    addresses: tuple[str, ...] = ()


class ErrorEntry(_Part, frozen=True, kw_only=True):
    """What a pasted error line says: ``limit_s`` in seconds, ``None`` where it names none."""

    text: str
    phase: PhaseWord
    errno: str
    runtime: str
    timer: TimerWord
    limit_s: float | None


class Recommendation(_Part, frozen=True, kw_only=True):
    """One step to take: on which machine, what, with which command."""

    on: str
    action: str
    command: str = ""
    changes_state: bool = False


class CauseEntry(_Part, frozen=True, kw_only=True):
    """A cause that the verdict names."""

    id: str
    title: str
    layer: int
    relation: Relation
    confidence: Confidence
    where: dict[str, Any]
    explanation: str
    decide_by: str = ""
    evidence: tuple[str, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()


class RuledOut(_Part, frozen=True, kw_only=True):
    """A cause that the evidence excludes, and why."""

    id: str
    evidence: tuple[str, ...] = ()
    why: str = ""


class NotChecked(_Part, frozen=True, kw_only=True):
    """What could not be looked at, and what would unlock it."""

    id: str
    why: str
    unlock: str = ""


class TimerFigure(_Part, frozen=True, kw_only=True):
    """A time limit of this machine's kernel: when it fires, at the soonest and at the latest."""

    name: str
    phases: tuple[str, ...]
    after_s: float
    until_s: float
    means: str
    fits: bool = False


class TimerEntry(_Part, frozen=True, kw_only=True):
    """Whose timer ended it; times in seconds, ``None`` where not known.

    ``timers`` are the kernel's limits, each with whether ``limit_s`` fits it.
    """

    whose: Literal["kernel", "program", "unknown"]
    kernel_s: float | None
    limit_s: float | None
    says: str
    timers: tuple[TimerFigure, ...] = ()


class Verdict(_Part, frozen=True, kw_only=True):
    """What the walk amounts to. ``causes`` is empty unless ``outcome`` is ``fault``."""

    outcome: OutcomeWord
    summary: str
    timer: TimerEntry | None = None
    causes: tuple[CauseEntry, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()


class HopRow(_Part, frozen=True, kw_only=True):
    """One hop of the path. ``rtt_s`` has best, mean and worst in seconds, or nothing.

    ``probes`` counts by kind what was sent and answered (``{"icmp": [2, 2], "syn": [2, 0]}``).
    ``extensions`` is what its routers add to their ICMP errors, in words. ``names`` has a name for
    each address, empty where none is known; nothing at all where none of them has one.
    """

    hop: int
    addresses: tuple[str, ...] = ()
    sent: int = 0
    received: int = 0
    rtt_s: dict[str, float] = {}
    syn: SynFate = "not_run"
    probes: dict[str, tuple[int, int]] = {}
    target: bool = False
    extensions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class EvidenceEntry(_Part, frozen=True, kw_only=True):
    """A fact as the report shows it; ``started`` and ``seconds`` count from the walk's start."""

    id: str
    probe: str
    layer: int
    started: float
    seconds: float
    status: str
    finding: str
    data: dict[str, Any] = {}
    command: str = ""


class PortEntry(_Part, frozen=True, kw_only=True, gc=False):
    """A port of the target that was asked for, in nmap's words."""

    port: int
    state: PortWord
    reason: str


class OfferedChoice(_Part, frozen=True, kw_only=True):
    """An outcome that a step may have, or an answer: its words, and what it would prove."""

    id: str
    text: str
    proves: str


class Offer(_Part, frozen=True, kw_only=True):
    """A step that waits for a person: what it asks, why now, its cost, and what it would prove.

    ``packets`` and ``seconds`` are from the least to the most; ``again`` says that it has been
    measured before.
    """

    step: str
    kind: Literal["measurement", "question"]
    title: str
    about: str
    layer: int
    asks: str
    why: str
    packets: tuple[int, int]
    seconds: tuple[float, float]
    choices: tuple[OfferedChoice, ...]
    again: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One walk, whole."""

    schema: Literal["layerwalk.report/1"] = "layerwalk.report/1"
    tool: Tool
    host: Host
    target: TargetEntry
    role: str = "client"
    client: str | msgspec.UnsetType = msgspec.UNSET
    origin: OriginEntry | msgspec.UnsetType = msgspec.UNSET
    error_line: ErrorEntry | msgspec.UnsetType = msgspec.UNSET
    started: str
    seconds: float
    ended: Ending | msgspec.UnsetType = msgspec.UNSET
    verdict: Verdict
    path: tuple[HopRow, ...] = ()
    ports: tuple[PortEntry, ...] | msgspec.UnsetType = msgspec.UNSET
    evidence: tuple[EvidenceEntry, ...] = ()


def from_json(text: bytes) -> Report:
    """Read a report back.

    Raises:
        msgspec.MsgspecError: the text is no JSON, or no report of this schema.
    """
    return msgspec.json.decode(text, type=Report)
