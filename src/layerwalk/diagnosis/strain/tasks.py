"""Whether a process can start nothing more: its user, its group or the machine is at its limit."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import Strain
from layerwalk.probes.facts import MachineSample, ProcessSample, TasksLimit

_NEARLY = 0.99


def of_tasks(seen: Resources) -> Iterator[Strain]:
    """Give every limit of processes and threads that is reached."""
    for pair in seen.pairs:
        before = {one.folder: one for one in pair.first.confines.tasks}
        refusing = [
            (now, refused)
            for now in pair.last.confines.tasks
            if (refused := now.refused - before.get(now.folder, now).refused) > 0
        ]
        if refusing:  # of several, the one with the least room has refused
            limit, count = min(refusing, key=lambda it: it[0].limit - it[0].tasks)
            yield _refused(pair.last, limit, count)
    told: set[object] = set()
    for one in seen.every:
        for strain in _at_limit(one, fatal=seen.named):
            if strain.words not in told:
                told.add(strain.words)
                yield strain
    if seen.machine is not None:
        yield from _of_machine(seen.machine.sample)


def _refused(one: ProcessSample, limit: TasksLimit, count: int) -> Strain:
    times = "once" if count == 1 else f"{count} times"
    return Strain(
        words=f"the kernel refused {times} to start a process or thread in the group of process "
        f"{one.pid} ({one.name}), which may have {limit.limit} ({limit.folder})",
        status=Status.CONFIRMED,
        process=one,
    )


def _at_limit(one: ProcessSample, *, fatal: bool) -> Iterator[Strain]:
    who = f"process {one.pid} ({one.name})"
    if one.out_of_tasks:
        yield Strain(
            words=f"user {one.user} has {one.user_tasks} processes and threads, and {who} may "
            f"start none beyond {one.limits.tasks}",
            process=one,
            fatal=fatal,
            decide_by=_DECIDE,
        )
    for limit in one.confines.tasks:
        if limit.tasks >= limit.limit:
            yield Strain(
                words=f"the group of {who} has all the {limit.limit} processes and threads that it "
                f"may ({limit.folder})",
                process=one,
                fatal=fatal,
                decide_by=_DECIDE,
            )


_DECIDE = 'Does its log say "Resource temporarily unavailable" (EAGAIN) of fork or of a thread?'


def _of_machine(now: MachineSample) -> Iterator[Strain]:
    """The machine's own limits, of tasks (kernel.threads-max) and of numbers for them."""
    limits = {"kernel.threads-max": now.most_tasks, "kernel.pid_max": now.most_ids}
    for name, most in limits.items():
        if 0 < most * _NEARLY <= now.tasks:
            words = f"{now.tasks} processes and threads are there on this machine, of {most}"
            yield Strain(words=f"{words} ({name})", status=Status.CONFIRMED)
