"""When this machine itself, and a process on it, are looked at: at once, and again at the end.

What they have left is only told by what moves between two looks, so the second one comes behind all
else; and it is spared where nothing suggests that they may be short of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layerwalk.diagnosis.own_processes import first_look, processes
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ProcessFact

_FIRST = (Measure(Step.MACHINE), Measure(Step.PROCESS))
_AGAIN = (Measure(Step.MACHINE_AGAIN), Measure(Step.PROCESS_AGAIN))


def with_this_machine(view: WalkView, others: Iterable[Measure]) -> Iterator[Measure]:
    """Put the looks at this machine behind all other measurements of a walk."""
    found = list(others)
    yield from found
    first, again = _looks(view)
    yield from first
    ended = {evidence.step for evidence in view.evidence}
    if ended.issuperset(one.name for one in (*found, *first)) and _matters(view):
        yield from again


def _looks(view: WalkView) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    count = 2 if processes(view) else 1
    return _FIRST[:count], _AGAIN[:count]


def _matters(view: WalkView) -> bool:
    """Whether connections come about late, or a process is at its limit already."""
    fact = first_look(view, ProcessFact)
    full = any(one.out_of_files or one.out_of_tasks for one in fact.processes) if fact else False
    return full or any(host.lags for host in view.hosts)
