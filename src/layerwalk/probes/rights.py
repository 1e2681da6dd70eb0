"""Giving up rights: a thread keeps what a walk needs, and its children begin with no more.

Capabilities belong to a thread (capabilities(7)); those started later inherit them.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum


class Right(IntEnum):
    """The capabilities that a walk can use, by their numbers (linux/capability.h)."""

    DAC_READ_SEARCH = 2
    NET_ADMIN = 12
    NET_RAW = 13
    SYS_PTRACE = 19


_VERSION_3 = 0x20080522
_WORD = 32
_NUMBERS = range(64)  # the header above has room for so many
_PR_CAPBSET_DROP = 24


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def keep_only(*rights: Right) -> bool:
    """Give up every capability of the calling thread but these; tells whether it worked.

    Nothing is gained: a right that the thread does not hold stays unheld (capset(2)). The programs
    that it starts get no more, not even as root, but for the right that ping has for everyone.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _bound(libc, {*rights, Right.NET_RAW})
    header, held = _Header(_VERSION_3, 0), (_Sets * 2)()
    if libc.capget(ctypes.byref(header), held) != 0:
        return False
    for word, sets in enumerate(held):
        mask = sum(1 << right % _WORD for right in rights if right // _WORD == word)
        sets.permitted &= mask
        sets.effective &= mask
        sets.inheritable = 0
    return bool(libc.capset(ctypes.byref(header), held) == 0)


def _bound(libc: ctypes.CDLL, rights: set[Right]) -> None:
    """Take all but these out of what execve() gives a program of root's (PR_CAPBSET_DROP).

    It takes CAP_SETPCAP, so it goes before the rights do; an ordinary user has none to bound.
    """
    for number in _NUMBERS:
        if number not in rights:
            libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)
