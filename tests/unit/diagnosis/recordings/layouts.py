"""Where service managers and container engines put a service: its groups, and how they are seen."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.unit.diagnosis.recordings.kernels import (
    DIGITS,
    NEWEST,
    OLDEST,
    PID,
    ROOM,
    Group,
    Kernel,
    Tree,
    first,
    second,
)

_FIRST = """\
30 23 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
31 30 0:29 {root} /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate
32 30 0:30 {root} /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup rw,xattr,name=systemd
33 30 0:31 {root} /sys/fs/cgroup/cpu,cpuacct rw shared:12 - cgroup cgroup rw,cpu,cpuacct
34 30 0:32 {root} /sys/fs/cgroup/memory rw shared:13 - cgroup cgroup rw,memory
35 30 0:33 {root} /sys/fs/cgroup/pids rw shared:14 - cgroup cgroup rw,pids
"""
_SECOND = "35 23 0:26 {root} /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
_CONTROLLERS = ("cpu,cpuacct", "memory", "pids")


@dataclass(frozen=True)
class Layout:
    """A service's own group and the one above it; ``seen`` is its path below what is mounted.

    ``above`` is empty where what is above can't be seen from here.
    """

    name: str
    group: str
    version: int = 2
    root: str = "/"
    seen: str = ""
    above: str = ""

    def tree(self, kernel: Kernel, own: Group, above: Group) -> Tree:
        """All files of the groups of the service, and of the walk, which is beside it."""
        files = _of_second if self.version == 2 else _of_first
        pairs = [(self.seen, own), *([(self.above, above)] if self.above else [])]
        mounts = (_SECOND if self.version == 2 else _FIRST).format(root=self.root)
        return {
            "/proc/thread-self/mountinfo": mounts,
            f"/proc/{PID}/cgroup": self._groups(),
            "/proc/self/cgroup": self._groups(),
            **{path: text for seen, group in pairs for path, text in files(kernel, seen, group)},
        }

    def _groups(self) -> str:
        if self.version == 2:
            return f"0::{self.group}\n"
        named = [*_CONTROLLERS, "name=systemd"]
        lines = [f"{10 - at}:{name}:{self.group}" for at, name in enumerate(named)]
        return "\n".join([*lines, "0::/system.slice/containerd.service", ""])


_Listed = list[tuple[str, str]]
_Write = Callable[[Kernel, str, Group], _Listed]


def _of_second(kernel: Kernel, seen: str, group: Group) -> _Listed:
    return [(f"{ROOM}/cgroup.procs", ""), *second(kernel, f"{ROOM}{seen}", group).items()]


def _of_first(kernel: Kernel, seen: str, group: Group) -> _Listed:
    folders = {name: f"{ROOM}/{name}{seen}" for name in _CONTROLLERS}
    roots = [(f"{ROOM}/{name}/cgroup.procs", "") for name in _CONTROLLERS]
    return [*roots, *first(kernel, folders, group).items()]


_POD = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1f2e_3d.slice"
_OLD_POD = "/kubepods/burstable/pod1f2e-3d"
UNIT = Layout(
    "a unit", "/shop.slice/shop.service", seen="/shop.slice/shop.service", above="/shop.slice"
)
KUBERNETES = Layout(
    "kubernetes",
    f"{_POD}/cri-containerd-{DIGITS}.scope",
    seen=f"{_POD}/cri-containerd-{DIGITS}.scope",
    above=_POD,
)
NEW = (
    UNIT,
    KUBERNETES,
    Layout(
        "docker",
        f"/system.slice/docker-{DIGITS}.scope",
        seen=f"/system.slice/docker-{DIGITS}.scope",
        above="/system.slice",
    ),
    Layout("inside a container", "/"),
    Layout("inside, with the machine's names", f"/docker/{DIGITS}", root=f"/docker/{DIGITS}"),
)
OLD = (
    Layout(
        "docker, both versions",
        f"/docker/{DIGITS}",
        version=1,
        seen=f"/docker/{DIGITS}",
        above="/docker",
    ),
    Layout(
        "kubernetes, both versions",
        f"{_OLD_POD}/{DIGITS}",
        version=1,
        seen=f"{_OLD_POD}/{DIGITS}",
        above=_OLD_POD,
    ),
    Layout("inside, first version", f"/docker/{DIGITS}", version=1, root=f"/docker/{DIGITS}"),
)
PLACES: tuple[tuple[Kernel, Layout], ...] = (
    *((kernel, KUBERNETES) for kernel in (OLDEST, NEWEST)),
    *((Kernel("6.1"), layout) for layout in NEW),
    *((OLDEST, layout) for layout in OLD),
    *((Kernel("6.8"), layout) for layout in OLD[:1]),
)
"""Every layout, and those of today under the oldest and the newest kernel."""


def spelled(place: tuple[Kernel, Layout]) -> str:
    """Name a place for a test."""
    return f"{place[0].name}: {place[1].name}"
