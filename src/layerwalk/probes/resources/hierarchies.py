"""Where the control groups of a process are found: the mounted hierarchies and its place in them.

Of the first version each controller may have a hierarchy of its own, of the second all are in one;
a machine may have both (cgroups(7)). A container's hierarchy may begin at its own group. Where they
are not to be seen from here (``ip netns exec`` mounts another /sys), they are looked for where the
processes look that this one was started by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.probes.resources.figures import Files
from layerwalk.probes.resources.mounts import Mount, mounts

_DEEPEST, _OLDEST = 32, 16


@dataclass(frozen=True)
class Hierarchy:
    """A mounted hierarchy; ``controllers`` is empty for the second version, which has them all.

    ``files`` are those among which it is mounted.
    """

    files: Files
    version: int
    place: str
    root: str
    controllers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """The folders of a process's groups for one controller, from its own upwards to the root."""

    files: Files
    version: int
    group: str
    folders: tuple[str, ...]


def hierarchies(files: Files) -> tuple[Hierarchy, ...]:
    """Find the hierarchies that are mounted where this thread looks, or where its ancestors do."""
    for pid in ("thread-self", *_ancestors(files)):
        there = files if pid == "thread-self" else Files(files.path(f"/proc/{pid}/root"))
        every = mounts(files, pid, ("cgroup", "cgroup2"))
        found = tuple(_hierarchy(there, one) for one in every if _is_there(there, one.place))
        if found:
            return found
    return ()


def _ancestors(files: Files) -> Iterator[str]:
    pid = "self"
    for _ in range(_OLDEST):
        pid = str(files.pairs(f"/proc/{pid}/status").get("PPid", 0))
        if pid == "0":
            return
        yield pid


def _is_there(files: Files, place: str) -> bool:
    """Whether a mount is not hidden by a later one."""
    try:
        return files.path(f"{place}/cgroup.procs").exists()
    except OSError:
        return False


def _hierarchy(files: Files, mount: Mount) -> Hierarchy:
    if mount.kind == "cgroup2":
        return Hierarchy(files, 2, mount.place, mount.root)
    return Hierarchy(files, 1, mount.place, mount.root, frozenset(mount.options.split(",")))


def place_of(files: Files, found: tuple[Hierarchy, ...], pid: str, name: str) -> Iterator[Place]:
    """Give the places of a process for a controller, those of the first version first.

    The files tell which of them has the controller: of the second version a group has only what is
    handed down to it.
    """
    groups = dict(_groups(files.text(f"/proc/{pid}/cgroup")))
    for one in sorted(found, key=lambda it: it.version):
        if one.version == 1 and name not in one.controllers:
            continue
        group = groups.get("" if one.version == 2 else name)
        if group is not None:
            yield Place(one.files, one.version, group, tuple(_upwards(one, group)))


def _groups(text: str) -> Iterator[tuple[str, str]]:
    """Read lines of "5:cpu,cpuacct:/group" or "0::/group"."""
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        for name in controllers.split(","):
            yield name, group


def _upwards(hierarchy: Hierarchy, group: str) -> Iterator[str]:
    """The group's folder, as far as it is to be seen here, and those above it."""
    inside = group
    if hierarchy.root != "/" and f"{group}/".startswith(f"{hierarchy.root}/"):
        inside = group[len(hierarchy.root) :] or "/"
    if "/.." in inside:  # outside of what this namespace sees
        return
    parts = [part for part in inside.split("/") if part][:_DEEPEST]
    for count in range(len(parts), -1, -1):
        yield "/".join((hierarchy.place.rstrip("/"), *parts[:count]))
