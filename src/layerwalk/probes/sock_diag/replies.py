"""The netlink messages that come back (netlink(7), struct nlmsghdr), taken apart. Pure."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator

from layerwalk.probes.sock_diag.request import SOCK_DIAG_BY_FAMILY

_HEADER = struct.Struct("=IHHII")
_ERROR, _DONE = 2, 3  # NLMSG_ERROR, NLMSG_DONE
_NUMBER = struct.Struct("=i")


class Replies:
    """Takes apart what comes in, datagram by datagram, until the last message."""

    def __init__(self) -> None:
        self.done = False

    def messages(self, datagram: memoryview) -> Iterator[memoryview]:
        """Give what stands behind the header of each message that is about a socket.

        Raises:
            OSError: the kernel refuses, or what came can't be read (EBADMSG).
        """
        at = 0
        while at < len(datagram) and not self.done:
            if len(datagram) - at < _HEADER.size:
                raise broken()
            size, kind, _flags, _number, _port = _HEADER.unpack_from(datagram, at)
            if not _HEADER.size <= size <= len(datagram) - at:
                raise broken()
            body = datagram[at + _HEADER.size : at + size]
            if kind == SOCK_DIAG_BY_FAMILY:
                yield body
            elif kind in {_ERROR, _DONE}:
                _complain(body)
                self.done = True
            at += size + 3 & ~3


def _complain(body: memoryview) -> None:
    """Raise what the kernel says went wrong, if it does; an end may come without a word."""
    number = _NUMBER.unpack_from(body)[0] if len(body) >= _NUMBER.size else 0
    if number < 0:
        raise OSError(-number, os.strerror(-number))


def broken() -> OSError:
    """What is raised where an answer can't be read."""
    return OSError(errno.EBADMSG, "the kernel's answer about sockets can't be read")
