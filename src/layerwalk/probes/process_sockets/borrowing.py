"""A descriptor of another process's socket, for a moment: pidfd_open(2) and pidfd_getfd(2).

The duplicate shares the open file with its owner, who must notice nothing: it is only asked for its
options, by a bare getsockopt(2), never made an object that might change whether it blocks, and is
closed at once, so that a connection that the owner closes meanwhile ends when it should.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_PIDFD_GETFD = 438  # the same on every architecture


@contextmanager
def borrowed(pid: int, descriptor: int) -> Iterator[int]:
    """Give a duplicate of another process's descriptor.

    It takes what ptrace(2) calls attach access: the same user, where Yama does not forbid it, or
    CAP_SYS_PTRACE.

    Raises:
        ProcessLookupError: the process has ended.
        PermissionError: this user may not.
        OSError: ENOSYS, the kernel is older than 5.6; EBADF, it has closed the descriptor.
    """
    process = os.pidfd_open(pid)
    try:
        duplicate = _getfd(process, descriptor)
    finally:
        os.close(process)
    try:
        yield duplicate
    finally:
        os.close(duplicate)


def _getfd(process: int, descriptor: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    found = int(libc.syscall(_PIDFD_GETFD, process, descriptor, 0))
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return found
