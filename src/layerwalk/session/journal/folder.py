"""The folder of the journals: where it is, whose it is, and what may stay in it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

KEPT = 50
"""How many journals are kept beside the new one."""
OLDEST_S = 90 * 86_400.0
"""How long a journal is kept, in seconds."""

_NAME = re.compile(r"\d{8}T\d{9}Z-\d+-[0-9a-f]{8}\.jsonl")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW
_NEW = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_OTHERS = 0o077


def folder_path(environment: Mapping[str, str]) -> Path:
    """Name the folder: ``$XDG_STATE_HOME/layerwalk``, by default below ``~/.local/state``.

    A relative ``XDG_STATE_HOME`` is ignored, as the XDG Base Directory Specification demands.

    Raises:
        OSError: this user has no home.
    """
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path.home() / ".local" / "state"
        except RuntimeError as error:
            raise OSError(errno.ENOENT, "this user has no home") from error
    return state / "layerwalk"


def opened_folder(path: Path) -> int:
    """Open the folder, made where it is missing, and give its descriptor.

    Root makes it for whoever owns the folder around it: with sudo and a kept ``HOME``, that user
    can still write there afterwards.

    Raises:
        OSError: it can't be made or opened, or belongs to somebody else.
    """
    _make(path)
    descriptor = os.open(path, _FOLDER)
    try:
        _check(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _make(path: Path) -> None:
    """Make a folder and those around it (mode 0700), each for the owner of the one around it."""
    if path.is_dir():
        return
    _make(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        around = path.parent.stat()
        if os.geteuid() == 0 and around.st_uid != 0:
            with contextlib.suppress(OSError):  # root of a user namespace knows few owners
                os.chown(path, around.st_uid, around.st_gid, follow_symlinks=False)


def _check(descriptor: int) -> None:
    """See that nobody but its owner gets in, and that this is who asks, or root for them."""
    found = os.fstat(descriptor)
    if os.geteuid() not in {0, found.st_uid}:
        raise PermissionError(errno.EACCES, "the folder belongs to another user")
    if found.st_mode & _OTHERS:
        os.fchmod(descriptor, 0o700)


def new_file(folder: int) -> tuple[str, int]:
    """Make a journal's file (mode 0600) and lock it; give its name and descriptor.

    The name is the time (UTC), the process and chance, so that it is nobody else's. The lock
    (flock(2)) says that it is being written; it ends with the process, however that ends.

    Raises:
        OSError: it can't be made.
    """
    now = time.time()
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now)) + f"{int(now % 1 * 1000):03d}Z"
    name = f"{stamp}-{os.getpid()}-{os.urandom(4).hex()}.jsonl"
    descriptor = os.open(name, _NEW, 0o600, dir_fd=folder)
    with contextlib.suppress(OSError):  # a file system without locks: others may tidy up too early
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    owner = os.fstat(folder)
    if os.geteuid() == 0 and owner.st_uid != 0:
        with contextlib.suppress(OSError):  # root without CAP_CHOWN can at least write it
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return name, descriptor


def names(folder: int) -> list[str]:
    """Name the journals in the folder, the newest first; whatever else stands there is not ours."""
    return sorted(filter(_NAME.fullmatch, os.listdir(folder)), reverse=True)


def prune(folder: int, now_s: float, kept: int = KEPT) -> None:
    """Remove the journals beyond the newest ``kept``, and the old ones.

    ``now_s`` is the time since the epoch. What some process still writes stays, and so does what
    this one has written: a walk to a hundred targets keeps a hundred journals while it lasts.
    """
    limit = time.strftime("%Y%m%dT", time.gmtime(now_s - OLDEST_S))
    for place, name in enumerate(names(folder)):
        if (place >= kept or name < limit) and f"Z-{os.getpid()}-" not in name:
            with contextlib.suppress(OSError):
                _remove(folder, name)


def _remove(folder: int, name: str) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
    try:
        if not is_written(descriptor):
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(descriptor)


def is_written(descriptor: int) -> bool:
    """Tell whether some process still writes this journal."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
