"""What the command line may be asked for, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from layerwalk.probes.facts.target import Family, Target
from layerwalk.session.options import Options, Redact


class Detail(IntEnum):
    """How much is said: ``-q``, nothing, ``-v``."""

    LITTLE = 0
    USUAL = 1
    ALL = 2


@dataclass(frozen=True, kw_only=True)
class Diagnose:
    """Walk to each target without the app and print what comes of it.

    ``told`` is what a person reads before anything is sent.
    """

    targets: tuple[Target, ...]
    options: Options = field(default_factory=Options)
    json: bool = False
    output: Path | None = None
    detail: Detail = Detail.USUAL
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Open:
    """Open the app: on a walk to the target, or on its start screen (which minds the family).

    ``guided`` begins walks in guided mode.
    """

    target: Target | None = None
    family: Family | None = None
    options: Options = field(default_factory=Options)
    output: Path | None = None
    guided: bool = False


@dataclass(frozen=True)
class OpenSaved:
    """Show a saved session, the most recent one where no file is named; nothing is sent."""

    file: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Convert:
    """Write a saved session in the form that the suffix of ``output`` names."""

    file: Path
    output: Path
    redact: Redact | None = None


@dataclass(frozen=True)
class Causes:
    """Show the catalogue, or explain one cause of it."""

    cause: str | None = None


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Build a small broken network and walk in it, or only list what can be broken."""

    fault: str | None = None
    listing: bool = False
    unprivileged: bool = False
    detail: Detail = Detail.USUAL


@dataclass(frozen=True, kw_only=True)
class Sockets:
    """Show live sockets: those of a process, those with a port, or all; of one IP version."""

    pid: int | None = None
    port: int | None = None
    version: int | None = None
    json: bool = False
    detail: Detail = Detail.USUAL
    redact: Redact | None = None


Request = Diagnose | Open | OpenSaved | Convert | Causes | Demo | Sockets
