"""One look at this machine. Nothing goes on the wire, and it takes a few milliseconds.

All that is read may be read by anyone: /proc/stat, loadavg, meminfo, vmstat, diskstats, pressure,
and the groups of the walk's own process.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator

from layerwalk.probes.facts.machine import Disk, MachineSample, Memory, ProcessorTimes
from layerwalk.probes.resources.confines import confines
from layerwalk.probes.resources.figures import HERE, Files, number
from layerwalk.probes.resources.hierarchies import hierarchies
from layerwalk.probes.resources.pressures import of_machine
from layerwalk.probes.resources.threads import threads

_KIB = 1024
_MILLI = 1000.0
_TICKS = os.sysconf("SC_CLK_TCK")
_MOST_DISKS = 32
_UNREAL = ("loop", "ram", "zram", "sr", "fd")
_PART = re.compile(r"(.*\d)p\d+|(.*\D)\d+")


def look(files: Files = HERE) -> MachineSample:
    """Look at the machine; a figure that can't be read stays 0."""
    load, counts = _loadavg(files.text("/proc/loadavg"))
    threads_now = threads(files, "self")
    open_files = files.text("/proc/sys/fs/file-nr").split()
    return MachineSample(
        at_s=time.monotonic(),
        processors=max(files.text("/proc/stat").count("\ncpu"), 1),
        load=load,
        running=counts[0],
        tasks=counts[1],
        most_tasks=files.number("/proc/sys/kernel/threads-max") or 0,
        most_ids=files.number("/proc/sys/kernel/pid_max") or 0,
        open_files=(number(open_files[0]) or 0) if open_files else 0,
        most_open_files=(number(open_files[-1]) or 0) if open_files else 0,
        times=_times(files.text("/proc/stat")),
        memory=_memory(files),
        disks=tuple(_disks(files.text("/proc/diskstats")))[:_MOST_DISKS],
        pressures=of_machine(files),
        own_s=time.process_time(),
        own_waited_s=threads_now.waited_s,
        confines=confines(files, hierarchies(files), "self"),
    )


def _loadavg(text: str) -> tuple[float, tuple[int, int]]:
    """Read "0.03 0.12 0.20 2/571 7115": load, tasks that want a processor, and tasks at all."""
    found = re.match(r"([\d.]+) \S+ \S+ (\d+)/(\d+)", text)
    return (float(found[1]), (int(found[2]), int(found[3]))) if found else (0.0, (0, 0))


def _times(text: str) -> ProcessorTimes:
    """Read the first line of /proc/stat; a guest's time is in its owner's (proc_stat(5))."""
    words = text.partition("\n")[0].split()[1:9]
    ticks = [number(word) or 0 for word in words] + [0] * (8 - len(words))
    user, nice, system, idle, waiting, hard, soft, stolen = (tick / _TICKS for tick in ticks)
    busy_s = user + nice + system + hard + soft
    return ProcessorTimes(busy_s=busy_s, idle_s=idle, io_wait_s=waiting, stolen_s=stolen)


def _memory(files: Files) -> Memory:
    free, counted = files.pairs("/proc/meminfo"), files.pairs("/proc/vmstat")
    return Memory(
        total=free.get("MemTotal", 0) * _KIB,
        available=free.get("MemAvailable", 0) * _KIB,
        swap_total=free.get("SwapTotal", 0) * _KIB,
        swap_free=free.get("SwapFree", 0) * _KIB,
        swapped=counted.get("pswpin", 0) + counted.get("pswpout", 0),
        major_faults=counted.get("pgmajfault", 0),
        oom_kills=counted.get("oom_kill", 0),
    )


def _disks(text: str) -> Iterator[Disk]:
    """Read /proc/diskstats (kernel's admin-guide/iostats): whole disks that did anything."""
    wholes: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 14 or words[2].startswith(_UNREAL) or words[12] == "0":
            continue
        name = words[2]
        part = _PART.fullmatch(name)
        if part and (part[1] or part[2]) in wholes:
            continue
        wholes.append(name)
        busy, waited = number(words[12]) or 0, number(words[13]) or 0
        yield Disk(name=name, busy_s=busy / _MILLI, waited_s=waited / _MILLI)
