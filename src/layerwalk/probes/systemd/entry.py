"""What systemd knows of a unit, whoever was asked, and the choice of those that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from layerwalk.probes.facts import Fit

ENDS = {1: "exited", 2: "killed by signal", 3: "killed by signal"}
"""How a main process ended, by ExecMainCode: CLD_EXITED, CLD_KILLED, CLD_DUMPED of siginfo.h."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A unit as systemd has it; ``commands`` are the arguments of its programs, not to be shown.

    ``path`` is its object on the bus, empty where no bus was asked.
    """

    name: str
    load: str = ""
    active: str = ""
    sub: str = ""
    result: str = ""
    status: str = ""
    enabled: str = ""
    restarts: int = 0
    listens: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    path: str = ""


Chosen = tuple[tuple[Entry, Fit], ...]
Choice = Callable[[Sequence[Entry], Collection[str]], Chosen]
"""Chooses among the units that are known; beside them the names of those whose processes listen."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be found out: ``choice`` among all that is loaded and what has one of ``names``.

    ``processes`` are those that listen, each with the unit that its control group names.
    """

    choice: Choice
    names: tuple[str, ...] = ()
    processes: Mapping[int, str] = field(default_factory=dict)


def status(code: int | None, number: int | None) -> str:
    """Say how a main process ended; empty where it has not."""
    return f"{ENDS[code]} {number}" if code in ENDS and number is not None else ""
