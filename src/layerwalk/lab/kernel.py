"""The few system calls that Python 3.11 does not offer: unshare, setns, mount, prctl.

Sources: unshare(2), setns(2), mount(2), prctl(2), umount(2).
"""

import ctypes
import os
import signal

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_TIMERSLACK = 29

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces named by these flags for fresh ones; OSError where refused."""
    _checked(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Move the calling thread into a namespace; OSError where refused."""
    _checked(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, *, options: str = "") -> None:
    """Mount `source` on `target`, with the file system's own options; OSError where refused."""
    names = (source.encode(), target.encode(), kind.encode() or None)
    code = _libc.mount(*names, ctypes.c_ulong(flags), options.encode() or None)
    _checked(code, f"mount {target}")


def unmount(target: str) -> None:
    """Take the topmost mount off `target`; what is bound from it elsewhere stays."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent, a process of one thread, ends."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def sharpen_timers() -> None:
    """Wake up when asked to, not up to 50 µs later."""
    _libc.prctl(_PR_SET_TIMERSLACK, 1, 0, 0, 0)


def _checked(code: int, what: str) -> None:
    if code != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
