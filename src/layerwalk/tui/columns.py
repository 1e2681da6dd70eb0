"""Every column of the app's tables: its heading, its width, and which leave first in a squeeze."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GAP = 1


@dataclass(frozen=True)
class Column:
    """One column.

    ``rank`` 0 is always shown; the highest rank leaves first where the width does not do. ``least``
    above 0 makes a column that takes what is left: no less than this, and no more than it needs.
    Rather than that it gets less than ``wish``, columns of a higher rank leave.
    """

    id: str
    title: str
    says: str
    rank: int = 0
    least: int = 0
    wish: int = 0
    right: bool = False


STEPS = (
    Column("number", "", "the layer that a step asks about"),
    Column("layer", "layer", "its name", rank=2),
    Column("branch", "", "which steps belong together"),
    Column("status", "status", "what came of the step"),
    Column("title", "step", "what is asked"),
    Column(
        "finding", "finding", "what was found, or what is waited for", rank=1, least=18, wish=36
    ),
)
PATH = (
    Column("hop", "hop", "the distance from this machine", right=True),
    Column("address", "address", "who answered there; several where paths divide"),
    Column("name", "name", "its name by DNS; what it adds to its answers", rank=2, least=12),
    Column("loss", "loss", "unanswered, of the kind of probe that it answers best", right=True),
    Column("sent", "sent", "probes of that kind sent to this hop", rank=4, right=True),
    Column("received", "back", "answers that came back", rank=5, right=True),
    Column("best", "best", "shortest round trip, in milliseconds", rank=3, right=True),
    Column("mean", "mean", "mean round trip, in milliseconds", rank=1, right=True),
    Column("worst", "worst", "longest round trip, in milliseconds", rank=3, right=True),
    Column("icmp", "ICMP", "whether this hop was seen by ICMP", rank=1),
    Column("udp", "UDP", "whether this hop was seen by UDP", rank=6),
    Column("syn", "SYN", "whether a SYN to the port was seen to get this far"),
)
EVIDENCE = (
    Column("id", "id", "its name in the report and in the verdict"),
    Column("layer", "layer", "the layer that was asked about", rank=2, right=True),
    Column("probe", "probe", "what was sent or read", rank=1),
    Column("status", "status", "what came of it"),
    Column("finding", "finding", "what it shows", least=12),
)
SESSIONS = (
    Column("when", "when", "when the walk began, by this machine's clock"),
    Column("target", "target", "what was walked to", least=16),
    Column("verdict", "verdict", "what came of it"),
)
ERRORS = (
    Column("target", "target", "what could not be reached", least=16),
    Column("phase", "while", "what the program was doing"),
    Column("error", "error", "the error by its symbol", rank=1),
    Column("program", "program", "whose words these are", rank=2),
)
SOCKETS = (
    Column("state", "state", "its state; ? marks what is worth a look"),
    Column("local", "local", "its own address and port"),
    Column("remote", "peer", "the other end; none of a listener"),
    Column("received", "recv-q", "bytes not read; of a listener, who waits", rank=3, right=True),
    Column("sent", "send-q", "bytes not acknowledged; how many may wait", rank=3, right=True),
    Column("whose", "program", "who has it open", rank=2, least=10),
    Column("says", "what about it", "what it waits for, what ends that", rank=1, least=16),
)
TABLES = {
    "Steps": STEPS,
    "Path": PATH,
    "Evidence": EVIDENCE,
    "Sessions": SESSIONS,
    "Error lines": ERRORS,
    "Sockets": SOCKETS,
}


def fitted(columns: Sequence[Column], needs: Mapping[str, int], width: int) -> dict[str, int]:
    """Choose the columns for a width and give the width of each, all in cells.

    ``needs`` has the widest cell of each column by its id; a column that needs nothing is left out.
    """
    useful = [column for column in columns if needs[column.id]]
    wishing = {column.rank for column in useful if column.wish}
    if wishing:
        useful = _thinned(useful, needs, width, beyond=min(wishing), wished=True)
    useful = _thinned(useful, needs, width)
    spare = width - _least(useful, needs)
    widths: dict[str, int] = {}
    for column in useful:
        taken = _floor(column, needs)
        more = max(0, min(spare, needs[column.id] - taken)) if column.least else 0
        spare -= more
        widths[column.id] = taken + more
    return _squeezed(useful, widths, width)


def _thinned(
    columns: Sequence[Column],
    needs: Mapping[str, int],
    width: int,
    *,
    beyond: int = 0,
    wished: bool = False,
) -> list[Column]:
    """Leave out columns of a rank beyond this until the others have room."""
    useful = list(columns)
    while _least(useful, needs, wished=wished) > width:
        worst = max((column.rank for column in useful), default=0)
        if worst <= beyond:
            break
        del useful[max(index for index, column in enumerate(useful) if column.rank == worst)]
    return useful


def _floor(column: Column, needs: Mapping[str, int], *, wished: bool = False) -> int:
    least = max(column.wish, column.least) if wished else column.least
    return min(needs[column.id], least) if column.least else needs[column.id]


def _least(columns: Sequence[Column], needs: Mapping[str, int], *, wished: bool = False) -> int:
    floors = sum(_floor(column, needs, wished=wished) for column in columns)
    return floors + GAP * max(0, len(columns) - 1)


def _squeezed(columns: Sequence[Column], widths: dict[str, int], width: int) -> dict[str, int]:
    """Cut the widest until even the columns that always show have room."""
    while sum(widths.values()) + GAP * (len(columns) - 1) > width:
        widest = max(widths, key=lambda name: widths[name])
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths
