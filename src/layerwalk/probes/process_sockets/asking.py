"""A socket's options and TCP_INFO, asked of the process that holds it, or why they are unknown."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

from layerwalk.probes.facts.live_sockets import Holder, LiveSocket
from layerwalk.probes.process_sockets.borrowing import borrowed
from layerwalk.probes.process_sockets.options import read_info, read_options
from layerwalk.probes.process_sockets.traffic_class import keeps_class

BARRED = (
    "this user may not borrow the sockets of that process: it takes CAP_SYS_PTRACE, or"
    " the same user where kernel.yama.ptrace_scope is 0"
)
_REASONS = {
    errno.EPERM: BARRED,
    errno.ENOSYS: "this kernel can't lend a socket: pidfd_getfd(2) is there from Linux 5.6 on",
    errno.ESRCH: "its process has ended meanwhile",
    errno.EBADF: "it was closed meanwhile",
}
_REASONS[errno.EACCES] = BARRED

_OTHER_CLASS = (
    "its packets would be treated otherwise from now on (net_cls or net_prio of cgroups v1): such a"
    " socket is not borrowed; run layerwalk in the cgroup of that process"
)
TO_ALL = frozenset({BARRED, _REASONS[errno.ENOSYS], _OTHER_CLASS})
"""Reasons that hold for more than one socket."""

_NOBODY = "no process was found that holds it"


def asked(live: LiveSocket) -> LiveSocket:
    """Add a socket's options, and TCP_INFO where sock_diag did not give it; else why not."""
    if not live.socket.inode:
        return live
    why = _NOBODY
    for holder in live.holders:
        try:
            return _asked(live, holder)
        except OSError as error:
            why = _reason(error)
    return replace(live, why=why)


def _asked(live: LiveSocket, holder: Holder) -> LiveSocket:
    if not keeps_class(holder.pid):
        raise PermissionError(_OTHER_CLASS)
    with borrowed(holder.pid, holder.descriptor) as descriptor:
        if os.fstat(descriptor).st_ino != live.socket.inode:
            raise OSError(errno.EBADF, "")
        options, info = read_options(descriptor), live.socket.info or read_info(descriptor)
    return replace(live, options=options, socket=replace(live.socket, info=info), why="")


def _reason(error: OSError) -> str:
    if error.errno is None:
        return str(error)
    return _REASONS.get(error.errno, os.strerror(error.errno))
