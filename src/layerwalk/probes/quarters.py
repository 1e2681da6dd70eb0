"""Where another process lives: its network namespace, to be entered, and its resolver's files.

Namespaces belong to threads (setns(2)): whoever enters one takes along the threads and programs
that it starts afterwards, and nobody else. Entering takes CAP_SYS_ADMIN, here and in the user
namespace that owns the network; looking takes what ptrace(2) calls read access.
"""

from __future__ import annotations

import ctypes
import os
import select
import socket
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

_CLONE_NEWUTS, _CLONE_NEWNET = 0x04000000, 0x40000000  # linux/sched.h
_OPENAT2 = 437  # the same on every architecture (openat2(2))
_RESOLVE_NO_MAGICLINKS, _RESOLVE_IN_ROOT = 0x02, 0x10
_MOST_BYTES = 1 << 20

_Result = TypeVar("_Result")


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


@dataclass(frozen=True, kw_only=True)
class Quarters:
    """A process as far as a walk needs it: its network, its files, the name of its machine.

    The descriptors keep both, also when the process is gone. ``network`` is -1 where it is ours,
    too; ``foreign`` tells whether network or files are not our own.
    """

    pid: int
    name: str = ""
    network: int = -1
    label: str = ""
    root: int = -1
    hostname: str = ""
    foreign: bool = False

    def enter(self) -> None:
        """Move the calling thread into the network.

        Raises:
            OSError: it may not.
        """
        if self.network >= 0:
            _setns(self.network, _CLONE_NEWNET)

    def within(self, call: Callable[[], _Result]) -> _Result:
        """Call something from a thread of its own that has entered."""

        def entered() -> _Result:
            self.enter()
            return call()

        return _apart(entered)

    def path(self, path: str) -> Path:
        """Where a file of the process is seen from outside; links in it lead elsewhere there."""
        return Path(f"/proc/{self.pid}/root{path}")

    def read(self, path: Path) -> str:
        """Read a file that ``path`` named, following links as the process would; else empty."""
        inside = str(path).removeprefix(f"/proc/{self.pid}/root")
        try:
            descriptor = _openat2(self.root, inside)
        except OSError:
            return ""
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return ""
        with os.fdopen(descriptor, "rb") as file:
            return file.read(_MOST_BYTES).decode(errors="replace")


def quarters_of(pid: int) -> Quarters:
    """Look at a process.

    Raises:
        ProcessLookupError: there is none, or no longer.
        PermissionError: this user may not look at it, or not enter its network.
    """
    handle = os.pidfd_open(pid)
    try:
        found = _looked_at(pid)
        if select.select([handle], [], [], 0)[0]:
            raise ProcessLookupError
    finally:
        os.close(handle)
    found.within(lambda: None)
    return found


def _looked_at(pid: int) -> Quarters:
    home, ours = Path(f"/proc/{pid}"), Path("/proc/thread-self")
    try:
        network = os.open(home / "ns/net", os.O_RDONLY | os.O_CLOEXEC)
        root = os.open(home / "root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        name = (home / "comm").read_text(encoding="utf-8", errors="replace").strip()
        found = Quarters(pid=pid, name=name, root=root, label=str((home / "ns/net").readlink()))
        own_network = (home / "ns/net").samefile(ours / "ns/net")
        own_files = (home / "ns/mnt").samefile(ours / "ns/mnt") and (home / "root").samefile("/")
        hostname = _hostname(home)
    except FileNotFoundError as error:
        raise ProcessLookupError from error
    if own_network:
        os.close(network)
        network = -1
    foreign = not (own_network and own_files)
    return replace(found, network=network, hostname=hostname, foreign=foreign)


def _hostname(home: Path) -> str:
    """The name that the process has for its machine; ours, where it can't be asked."""
    if (home / "ns/uts").samefile("/proc/thread-self/ns/uts"):
        return socket.gethostname()

    def asked() -> str:
        with (home / "ns/uts").open("rb") as space:
            _setns(space.fileno(), _CLONE_NEWUTS)
        return socket.gethostname()

    try:
        return _apart(asked)
    except PermissionError:
        return socket.gethostname()


def _apart(call: Callable[[], _Result]) -> _Result:
    with ThreadPoolExecutor(1, thread_name_prefix="quarters") as alone:
        return alone.submit(call).result()


def _setns(descriptor: int, kind: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, kind) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _openat2(root: int, path: str) -> int:
    """Open a file below a directory that stands for "/", so that no link leads out of it."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    how = _OpenHow(flags, 0, _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS)
    libc = ctypes.CDLL(None, use_errno=True)
    found = libc.syscall(
        _OPENAT2, root, os.fsencode(path), ctypes.byref(how), ctypes.c_size_t(ctypes.sizeof(how))
    )
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(found)
