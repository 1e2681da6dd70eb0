"""Which pictures there are: the fault that is walked in, the moment, and what must be seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A picture: ``seen`` must stand on the screen, so that none is ever blank.

    ``fault`` is ``None`` for the demo's own. A ``live`` one is taken while the walk runs, a
    ``guided`` one at its first step, which waits for the person. One that ``pastes`` is of the
    error that curl prints there, pasted on the start screen. An ``unprivileged`` one is of a walk
    without raw-socket rights.
    """

    name: str
    seen: str
    fault: str | None = None
    columns: int = 80
    rows: int = 24
    keys: tuple[str, ...] = ()
    live: bool = False
    guided: bool = False
    pastes: bool = False
    unprivileged: bool = False


PICTURES = (
    Picture("verdict", "[firewall-drop]"),
    Picture("walking", "198.18.1.2", fault="path-blackhole", live=True),
    Picture("path", "target", keys=("p",)),
    Picture("pasted", "Timeout was reached", pastes=True),
    Picture("unprivileged", "target", keys=("p",), unprivileged=True),
    Picture("guided", "What each outcome", guided=True),
    Picture("wide", "[firewall-drop]", columns=150, rows=40),
)
