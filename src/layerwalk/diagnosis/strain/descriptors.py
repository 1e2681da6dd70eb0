"""Whether a process, or the machine, has as many files open as it may."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import Strain
from layerwalk.probes.facts import MachineSample, ProcessSample

_ALL_BUT = 2
"""So few are as good as none: a request takes one for the connection and one for what it reads."""

_NEARLY = 0.99


def of_descriptors(seen: Resources) -> Iterator[Strain]:
    """Give every process that can open nothing more, and the machine where it can't."""
    told: set[int] = set()
    for one in seen.every:
        if one.pid in told:
            continue
        if one.out_of_files:
            told.add(one.pid)
            yield Strain(
                words=f"process {one.pid} ({one.name}) has all the {one.limits.open_files} files "
                "open that it may",
                status=Status.CONFIRMED,
                process=one,
                fatal=seen.named,
            )
        elif _left(one) <= _ALL_BUT:
            told.add(one.pid)
            yield Strain(
                words=f"process {one.pid} ({one.name}) may open {_left(one):.0f} more besides the "
                f"{one.open_files} files that it has open",
                process=one,
            )
    if seen.machine is not None:
        yield from _of_machine(seen.machine.sample)


def _left(one: ProcessSample) -> float:
    """How many more files it may open; without end where that is not known."""
    if one.free_files is not None:
        return one.free_files
    if one.open_files is None or one.limits.open_files is None:
        return float("inf")
    return one.limits.open_files - one.open_files


def _of_machine(now: MachineSample) -> Iterator[Strain]:
    """All processes share fs.file-max; root's may go beyond it (kernel's admin-guide/sysctl/fs)."""
    if 0 < now.most_open_files * _NEARLY <= now.open_files:
        words = f"{now.open_files} files are open on this machine, of {now.most_open_files}"
        yield Strain(words=f"{words} (fs.file-max)", status=Status.CONFIRMED)
