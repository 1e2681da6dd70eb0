"""Control groups that keep a program short of processor time or memory; both versions (cgroups(7)).

A group is no part of a namespace: nothing takes it away by itself. So its folders are known before
they are made, and a process that outlives the keeper takes them away, however the keeper ends.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layerwalk.lab.errors import LabError, UnavailableError
from layerwalk.lab.spec import Network
from layerwalk.lab.spec.programs import Program

MOUNTED = Path("/sys/fs/cgroup")
_PERIOD_US = 100_000
_MIB = 1 << 20
_PATIENCE_S = 10.0
_Figures = Mapping[str, int]


@dataclass(frozen=True)
class Group:
    """A folder of a hierarchy, what is written into its files, and those that may be missing."""

    folder: Path
    figures: _Figures
    others: _Figures


def groups_of(program: Program, name: str) -> tuple[Group, ...]:
    """Plan the groups of a program; UnavailableError names what the machine lacks for it."""
    found = []
    if program.processors:
        quota = round(program.processors * _PERIOD_US)
        first = {"cpu.cfs_period_us": _PERIOD_US, "cpu.cfs_quota_us": quota}
        found.append(_group("cpu", name, first, {"cpu.max": quota}))
    if program.memory_mib:
        size = program.memory_mib * _MIB
        first = {"memory.limit_in_bytes": size}
        found.append(_group("memory", name, first, {"memory.max": size}, size))
    return tuple(found)


def _group(controller: str, name: str, first: _Figures, second: _Figures, size: int = 0) -> Group:
    """Choose the hierarchy; a machine with swap would swap instead of running out."""
    if (MOUNTED / controller / "cgroup.procs").exists():
        swap = {"memory.memsw.limit_in_bytes": size} if size else {}
        return Group(_room(MOUNTED / controller, controller) / name, first, swap)
    for folder in (MOUNTED, MOUNTED / "unified"):
        with contextlib.suppress(OSError):
            if controller in (folder / "cgroup.subtree_control").read_text().split():
                swap = {"memory.swap.max": 0} if size else {}
                return Group(_room(folder, controller) / name, second, swap)
    raise UnavailableError(
        f"this fault can't be built here: it takes control groups of the controller {controller}, "
        f"and {MOUNTED} has none"
    )


def _room(folder: Path, controller: str) -> Path:
    if not os.access(folder, os.W_OK):
        raise UnavailableError(
            f"this fault can't be built here: this user may make no control group of the "
            f"controller {controller} ({folder} is not writable); it takes root, in no container"
        )
    return folder


def check(network: Network) -> None:
    """UnavailableError where the groups of a network's programs can't be made on this machine."""
    for _, program in _confined(network):
        groups_of(program, "")


def _confined(network: Network) -> Iterator[tuple[str, Program]]:
    for host in network.hosts:
        for program in host.programs:
            if program.processors or program.memory_mib:
                yield host.name, program


@dataclass(frozen=True)
class Doors:
    """What takes a process into a program's groups: descriptors that a fork inherits."""

    of: Mapping[tuple[str, int], tuple[int, ...]]

    def enter(self, host: str, port: int) -> None:
        """Put the calling process into the groups of the program on this port."""
        for door in self.of.get((host, port), ()):
            os.write(door, b"0")


@contextlib.contextmanager
def standing(network: Network) -> Iterator[Doors]:
    """Make the groups of a network's programs, and take them away in the end."""
    planned = {
        (host, program.port): groups_of(
            program, f"layerwalk-lab-{os.getpid()}-{host}-{program.port}"
        )
        for host, program in _confined(network)
    }
    every = [group for groups in planned.values() for group in groups]
    if not every:
        yield Doors({})
        return
    sweeper, teller = _sweeper([group.folder for group in every])
    try:
        yield Doors({key: tuple(_made(one) for one in groups) for key, groups in planned.items()})
    finally:
        os.write(teller, b"!")
        os.waitpid(sweeper, 0)


def _made(group: Group) -> int:
    try:
        group.folder.mkdir()
        for name, value in group.figures.items():
            _write(group.folder / name, value)
        for name, value in group.others.items():
            if (group.folder / name).exists():
                _write(group.folder / name, value)
        return os.open(group.folder / "cgroup.procs", os.O_WRONLY)
    except OSError as error:
        raise LabError(f"control group {group.folder}: {error.strerror}") from error


def _write(path: Path, value: int) -> None:
    path.write_text(f"{value}\n", encoding="ascii")


def _sweeper(folders: list[Path]) -> tuple[int, int]:
    """Start the process that takes the folders away when the calling one ends, or writes to it."""
    keeper = os.pidfd_open(os.getpid())
    told, teller = os.pipe()
    pid = os.fork()
    if pid:
        os.close(keeper)
        os.close(told)
        return pid, teller
    with contextlib.suppress(BaseException):
        os.setsid()
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _let_go(keep=(keeper, told))
        select.select([keeper, told], [], [])
        sweep(folders)
    os._exit(0)


def _let_go(keep: Iterable[int]) -> None:
    """Hold none of the keeper's pipes: whoever waits for their end would wait for this process."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are what it takes
        if int(name) not in keep:
            with contextlib.suppress(OSError):
                os.close(int(name))


def sweep(folders: Iterable[Path]) -> None:
    """End what is in these groups, and take them away; what was never made is none to take."""
    left, until = list(folders), time.monotonic() + _PATIENCE_S
    while left and time.monotonic() < until:
        left = [folder for folder in left if not _gone(folder)]
        if left:
            time.sleep(0.01)


def _gone(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        for pid in (folder / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not folder.exists()
