"""When this machine itself, and a process on it, are looked at: at once, and again at the end.

What they have left is only told by what moves between two looks, so the second one comes behind all
else; and it is spared where no connection suffers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from layerwalk.diagnosis.own_processes import first_look, processes
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ProcessFact

_PROCESS = Measure(Step.PROCESS)
_FIRST = (Measure(Step.MACHINE), _PROCESS)
_AGAIN = (Measure(Step.MACHINE_AGAIN), Measure(Step.PROCESS_AGAIN))
_STIRS = {Step.INTAKE}
"""What a service may die of."""


def with_this_machine(view: WalkView, others: Iterable[Measure]) -> Iterator[Measure]:
    """Put the looks at this machine behind all other measurements of a walk."""
    ended = {evidence.step for evidence in view.evidence}
    first, again = _looks(view)
    found = list(_in_turn(others, first, ended))
    yield from (*found, *first)
    if ended.issuperset(one.name for one in (*found, *first)) and _matters(view):
        yield from again


def _looks(view: WalkView) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    count = 2 if processes(view) else 1
    return _FIRST[:count], _AGAIN[:count]


def _in_turn(
    others: Iterable[Measure], first: Collection[Measure], ended: Collection[str]
) -> Iterator[Measure]:
    """Look at the service before it is stirred: first see which process it is."""
    before = {Step.LISTENERS, *(one.step for one in first if one == _PROCESS)}
    early = not before.issubset(ended)
    return (one for one in others if not (early and one.step in _STIRS))


def _matters(view: WalkView) -> bool:
    """Whether the connection suffers, or a process that is named is at its limit already."""
    if view.standpoint.serves:
        return any(ServerView(host).suffers for host in view.hosts)
    fact = first_look(view, ProcessFact)
    full = any(one.out_of_files or one.out_of_tasks for one in fact.processes) if fact else False
    return full or any(host.lags for host in view.hosts)
