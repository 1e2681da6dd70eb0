"""What kernels write of a machine and of its groups, line by line: formats, with invented figures.

A machine that tests this need not have control groups of the second version, swap, or a slow disk.
Sources: the kernel's admin-guide (cgroup-v2, iostats, sysctl), cgroup-v1, accounting/psi, proc(5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Tree = dict[str, str]
DIGITS = "0123456789abcdef" * 4
PID, ROOM = 812, "/sys/fs/cgroup"


@dataclass(frozen=True)
class Kernel:
    """What differs between releases."""

    name: str
    full_cpu: bool = True  # cpu pressure has a second line from 5.13 on
    columns: int = 20  # of diskstats: 18 from 4.18 on, 20 from 5.5 on
    bursts: bool = True  # in cpu.stat, from 5.15 on
    group_kills: bool = True  # in memory.events, from 5.17 on
    local_pids: bool = False  # pids.events.local, from 6.11 on
    pressure: bool = True  # may be switched off when it is built or started


KERNELS = (
    Kernel("5.4", full_cpu=False, columns=18, bursts=False, group_kills=False),
    Kernel("5.15", group_kills=False),
    Kernel("6.1"),
    Kernel("6.8"),
    Kernel("6.12", local_pids=True),
)
OLDEST, NEWEST = KERNELS[0], KERNELS[-1]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How far things have come at one look; times are in microseconds."""

    tasks: int = 571
    open_files: int = 3401
    available_kb: int = 3_000_000
    swapped: int = 100
    faults: int = 900
    kills: int = 0
    stalled: Mapping[str, int] = field(default_factory=dict)
    disk_ms: int = 4500
    idle: int = 8000


def machine(kernel: Kernel, now: Figures) -> Tree:
    """The files of a machine of two processors, a disk, and some swap."""
    return {
        "/proc/loadavg": f"4.86 3.27 2.38 5/{now.tasks} 7115\n",
        "/proc/stat": (
            f"cpu  1000 200 300 {now.idle} 400 0 20 70 0 0\n"
            f"cpu0 500 100 150 {now.idle // 2} 200 0 10 35 0 0\n"
            f"cpu1 500 100 150 {now.idle // 2} 200 0 10 35 0 0\n"
            "intr 12345 0 9\nctxt 99\nbtime 1767225600\nprocesses 7115\nprocs_running 5\n"
        ),
        "/proc/meminfo": (
            "MemTotal:        4000000 kB\nMemFree:           40000 kB\n"
            f"MemAvailable:   {now.available_kb:8} kB\nBuffers:            1200 kB\n"
            "SwapTotal:       1000000 kB\nSwapFree:         600000 kB\nHugePages_Total:       0\n"
        ),
        "/proc/vmstat": (
            f"nr_free_pages 10000\npswpin {now.swapped // 2}\npswpout {now.swapped // 2}\n"
            f"pgfault 99999\npgmajfault {now.faults}\noom_kill {now.kills}\n"
        ),
        "/proc/diskstats": _disks(kernel, now.disk_ms),
        "/proc/sys/fs/file-nr": f"{now.open_files}\t0\t10000\n",
        "/proc/sys/kernel/threads-max": "30000\n",
        "/proc/sys/kernel/pid_max": "4194304\n",
        **(_pressures(kernel, "/proc/pressure/{}", now.stalled) if kernel.pressure else {}),
    }


def _disks(kernel: Kernel, busy_ms: int) -> str:
    more = " ".join("0" for _ in range(kernel.columns - 14))
    return (
        f"   7       0 loop0 12 0 3 4 0 0 0 0 0 50 60 {more}\n"
        f" 259       0 nvme0n1 100 0 800 50 200 0 1600 900 3 {busy_ms} 950 {more}\n"
        f" 259       1 nvme0n1p1 90 0 700 40 190 0 1500 800 0 {busy_ms} 840 {more}\n"
    )


def _pressures(kernel: Kernel, place: str, stalled: Mapping[str, int]) -> Tree:
    return {
        place.format(it): _pressure(stalled.get(it, 0), full=kernel.full_cpu or it != "cpu")
        for it in ("cpu", "memory", "io")
    }


def _pressure(total: int, *, full: bool) -> str:
    lines = [f"some avg10=1.53 avg60=0.87 avg300=0.73 total={2_000_000 + total}\n"]
    lines += [f"full avg10=0.80 avg60=0.40 avg300=0.10 total={500_000 + total}\n"] if full else []
    return "".join(lines)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The limits of one group, and what was counted in it so far; ``None`` for no limit.

    ``kills`` are of the whole tree below it, ``ooms`` at its own limit. ``refused`` are the forks
    that failed in it, ``refused_below`` those of groups beside that are in it, too.
    """

    quota: int | None = None
    throttled: int = 0
    stood_us: int = 0
    memory: int | None = None
    used: int = 60_000_000
    kills: int = 0
    ooms: int = 0
    tasks: int | None = None
    has: int = 7
    refused: int = 0
    refused_below: int = 0
    stalled: Mapping[str, int] = field(default_factory=dict)


def second(kernel: Kernel, folder: str, group: Group) -> Tree:
    """A group of the second version."""
    bursts = "nr_bursts 0\nburst_usec 0\n" if kernel.bursts else ""
    grouped = "oom_group_kill 0\n" if kernel.group_kills else ""
    files = {
        "cgroup.controllers": "cpu io memory pids\n",
        "cpu.max": f"{group.quota or 'max'} 100000\n",
        "cpu.stat": (
            "usage_usec 900000\nuser_usec 700000\nsystem_usec 200000\n"
            f"nr_periods {1000 + group.throttled}\nnr_throttled {group.throttled}\n"
            f"throttled_usec {group.stood_us}\n{bursts}"
        ),
        "memory.max": f"{group.memory or 'max'}\n",
        "memory.high": "max\n",
        "memory.current": f"{group.used}\n",
        "memory.swap.max": "max\n",
        "memory.stat": "anon 40000000\nfile 9000\ninactive_file 8192\npgfault 99\npgmajfault 12\n",
        "memory.events": (
            f"low 0\nhigh 0\nmax {group.ooms * 9}\noom {group.kills}\noom_kill {group.kills}\n"
            f"{grouped}"
        ),
        "memory.events.local": (
            f"low 0\nhigh 0\nmax {group.ooms * 9}\noom {group.ooms}\noom_kill 0\n{grouped}"
        ),
        "pids.max": f"{group.tasks or 'max'}\n",
        "pids.current": f"{group.has}\n",
        "pids.events": f"max {group.refused + kernel.local_pids * group.refused_below}\n",
        **({"pids.events.local": f"max {group.refused}\n"} if kernel.local_pids else {}),
    }
    told = _pressures(kernel, f"{folder}/{{}}.pressure", group.stalled) if kernel.pressure else {}
    return {**{f"{folder}/{name}": text for name, text in files.items()}, **told}


def first(kernel: Kernel, folders: Mapping[str, str], group: Group) -> Tree:
    """A group of the first version: a folder for each controller."""
    cpu, memory, pids = (folders[name] for name in ("cpu,cpuacct", "memory", "pids"))
    bursts = "nr_bursts 0\nburst_time 0\n" if kernel.bursts else ""
    none = 9_223_372_036_854_771_712
    return {
        f"{cpu}/cpu.cfs_quota_us": f"{group.quota or -1}\n",
        f"{cpu}/cpu.cfs_period_us": "100000\n",
        f"{cpu}/cpu.stat": (
            f"nr_periods {1000 + group.throttled}\nnr_throttled {group.throttled}\n"
            f"throttled_time {group.stood_us * 1000}\n{bursts}"
        ),
        f"{memory}/memory.limit_in_bytes": f"{group.memory or none}\n",
        f"{memory}/memory.usage_in_bytes": f"{group.used}\n",
        f"{memory}/memory.failcnt": f"{group.ooms * 9}\n",
        f"{memory}/memory.oom_control": (
            f"oom_kill_disable 0\nunder_oom 0\noom_kill {group.kills}\n"
        ),
        f"{memory}/memory.stat": (
            "cache 9000\nrss 40000000\npgmajfault 2\ninactive_file 1\n"
            "total_pgmajfault 12\ntotal_inactive_file 8192\n"
        ),
        f"{pids}/pids.max": f"{group.tasks or 'max'}\n",
        f"{pids}/pids.current": f"{group.has}\n",
        f"{pids}/pids.events": f"max {group.refused}\n",
    }


def process(state: str = "S", waited_ns: int = 0, ran_ns: int = 0) -> Tree:
    """The service's own process, with one thread; and the walk's."""
    stat = (
        f"{PID} (shop) {state} 1 {PID} {PID} 0 -1 4194560 2154 0 12 0 70 20 0 0 20 0 1 0 4711 "
        f"2097152 500 18446744073709551615{' 0' * 27}\n"
    )
    return {
        f"/proc/{PID}/stat": stat,
        f"/proc/{PID}/statm": "512 500 300 9 0 80 0\n",
        f"/proc/{PID}/status": (
            "Name:\tshop\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t812\nPid:\t812\nPPid:\t1\n"
            "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n"
            "VmSize:\t    2048 kB\nThreads:\t1\nCapEff:\t0000000000000000\n"
        ),
        f"/proc/{PID}/limits": (
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            "Max processes             15000                15000                processes \n"
            "Max open files            1024                 524288               files     \n"
            "Max address space         unlimited            unlimited            bytes     \n"
        ),
        f"/proc/{PID}/task/{PID}/schedstat": f"{1_500_000_000 + ran_ns} {waited_ns} 3\n",
        f"/proc/{PID}/task/{PID}/stat": stat,
        "/proc/self/task/7/schedstat": "2000000 500000 12\n",
        "/proc/self/task/7/stat": "7 (python3) R 1 2 3\n",
    }
