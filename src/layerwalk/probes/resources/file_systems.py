"""The file systems that a process may need, and how much room they have: statvfs(3), by its mounts.

Looked at through its own root, so that a container's mounts are the container's. What a machine
elsewhere serves is left alone: to ask it may take for ever.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from itertools import islice

from layerwalk.probes.facts.file_systems import FileSystem, Tie
from layerwalk.probes.resources.figures import Files
from layerwalk.probes.resources.mounts import Mount, mounts

_NO_ROOM = (
    "autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts efivarfs fusectl hugetlbfs"
    " mqueue nsfs proc pstore ramfs rootfs rpc_pipefs securityfs selinuxfs sysfs tracefs"
)
_UNREAL = frozenset(_NO_ROOM.split())
_ELSEWHERE = ("afs", "ceph", "cifs", "fuse", "gluster", "lustre", "ncp", "nfs", "smb")
_NEVER_WRITTEN = frozenset({"squashfs", "iso9660", "erofs", "cramfs", "romfs", "udf"})
_USUAL = ("/", "/tmp", "/var", "/var/tmp", "/var/log", "/var/lib", "/run", "/dev/shm")  # noqa: S108
_MOST_MOUNTS, _MOST_FILES, _MOST_ENTRIES = 256, 4096, 512


def file_systems(files: Files, pid: str, *, root_user: bool, since: float) -> Iterator[FileSystem]:
    """Give those that the process has something to do with, and all others that are full.

    ``since`` is the moment, in seconds since 1970, from which a file counts as written to.
    """
    writable = [it for it in mounts(files, pid) if _may_fill(it)][-_MOST_MOUNTS:]
    by_place = {mount.place: mount for mount in writable}  # a later mount hides an earlier one
    ties = _ties(files, pid, by_place)
    for place, mount in by_place.items():
        found = _looked_at(files, pid, mount, root_user=root_user)
        tie = ties.get(place, Tie.NONE)
        if found is None or not (tie is not Tie.NONE or found.short or found.turned):
            continue
        changed = found.short and _changed(files, _seen(pid, place), since)
        yield _with(found, tie, changed=changed)


def _may_fill(mount: Mount) -> bool:
    plain = mount.kind not in _UNREAL and mount.kind not in _NEVER_WRITTEN
    return plain and mount.writable and not mount.kind.startswith(_ELSEWHERE)


def _seen(pid: str, place: str) -> str:
    return f"/proc/{pid}/root{place}"


def _looked_at(files: Files, pid: str, mount: Mount, *, root_user: bool) -> FileSystem | None:
    try:
        told = os.statvfs(files.path(_seen(pid, mount.place)))
    except OSError:
        return None
    return FileSystem(
        place=mount.place,
        kind=mount.kind,
        size=told.f_blocks * told.f_frsize,
        free=(told.f_bfree if root_user else told.f_bavail) * told.f_frsize,
        inodes=told.f_files,
        free_inodes=told.f_ffree if root_user else told.f_favail,
        turned=mount.turned,
    )


def _with(found: FileSystem, tie: Tie, *, changed: bool) -> FileSystem:
    return FileSystem(
        place=found.place,
        kind=found.kind,
        tie=tie,
        size=found.size,
        free=found.free,
        inodes=found.inodes,
        free_inodes=found.free_inodes,
        turned=found.turned,
        changed=changed,
    )


def _ties(files: Files, pid: str, by_place: Mapping[str, Mount]) -> dict[str, Tie]:
    """What ties the process to each place, by the closest that is found."""
    found: dict[str, Tie] = {}
    for tie, paths in (
        (Tie.OPEN, _open_paths(files, pid)),
        (Tie.FOLDER, [_link(files, f"/proc/{pid}/cwd")]),
        (Tie.USUAL, _USUAL),
    ):
        for path in paths:
            found.setdefault(_place_of(path, by_place), tie)
    told = _told(files, pid)
    for place in by_place:
        loose = found.get(place, Tie.USUAL) is Tie.USUAL
        if loose and place != "/" and _is_named(place, told):
            found[place] = Tie.NAMED
    found.pop("", None)
    return found


def _is_named(place: str, told: str) -> bool:
    """Whether a text names a place, or something below it, and not one that begins alike."""
    return re.search(rf"(?<![\w.-]){re.escape(place)}(?![\w.-])", told) is not None


def _told(files: Files, pid: str) -> str:
    """Its command line and environment: looked through for places, and never shown."""
    return files.text(f"/proc/{pid}/cmdline") + files.text(f"/proc/{pid}/environ")


def _open_paths(files: Files, pid: str) -> Iterator[str]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(files.path(folder))  # noqa: PTH208 - a generator of paths is slower
    except OSError:
        return
    for name in islice(names, _MOST_FILES):
        path = _link(files, f"{folder}/{name}")
        if path.startswith("/") and not path.startswith(("/dev/", "/proc/")):
            yield path


def _link(files: Files, path: str) -> str:
    try:
        return os.readlink(files.path(path))  # noqa: PTH115
    except OSError:
        return ""


def _place_of(path: str, by_place: Mapping[str, Mount]) -> str:
    """The mount that a path is on: the longest place that it begins with."""
    if not path.startswith("/"):
        return ""
    while path not in by_place and path != "/":
        path = path.rpartition("/")[0] or "/"
    return path if path in by_place else ""


def _changed(files: Files, folder: str, since: float) -> bool:
    """Whether the folder, or a file right in it, was written to since then."""
    try:
        with os.scandir(files.path(folder)) as entries:
            times = [_written(entry) for entry in islice(entries, _MOST_ENTRIES)]
        times.append(files.path(folder).stat().st_mtime)
    except OSError:
        return False
    return max(times) >= since


def _written(entry: os.DirEntry[str]) -> float:
    try:
        told = entry.stat(follow_symlinks=False)
    except OSError:
        return 0.0
    return 0.0 if stat.S_ISLNK(told.st_mode) else max(told.st_mtime, told.st_ctime)
