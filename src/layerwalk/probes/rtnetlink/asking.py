"""Questions to rtnetlink(7), and the messages of the answers."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

_HEAD = struct.Struct("=IHHII")
_REQUEST, _DUMP, _MULTI = 0x1, 0x300, 0x2  # NLM_F_*
_ERROR, _DONE = 2, 3  # NLMSG_*
_SOL_NETLINK, _STRICT = 270, 12  # NETLINK_GET_STRICT_CHK
_BUFFER = 1 << 17
_PATIENCE_S = 2.0
"""The kernel answers while it is asked; what stands in for one may not answer at all."""


class Rtnetlink:
    """An open socket. ``OSError`` without one.

    With ``strict`` the kernel itself picks what a dump's question describes, where it can.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._sock = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE
        )
        self._sock.settimeout(_PATIENCE_S)
        self._asked = 0
        if strict:
            with suppress(OSError):  # kernels before 4.20 tell of all, and the caller picks
                self._sock.setsockopt(_SOL_NETLINK, _STRICT, 1)

    def __enter__(self) -> Self:
        """Use it as a context: the socket closes behind it."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close the socket."""
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def one(self, kind: int, question: bytes) -> bytes:
        """Ask for one thing; give its message, without netlink's header.

        Raises:
            OSError: the kernel has none, or does not tell; ``errno`` is what it says.
        """
        return next(self._answers(kind, question, _REQUEST), b"")

    def every(self, kind: int, question: bytes) -> Iterator[bytes]:
        """Ask for all that there is; give the messages, without netlink's header.

        Raises:
            OSError: the kernel does not tell; ``errno`` is what it says.
        """
        return self._answers(kind, question, _REQUEST | _DUMP)

    def _answers(self, kind: int, question: bytes, flags: int) -> Iterator[bytes]:
        self._asked += 1
        head = _HEAD.pack(_HEAD.size + len(question), kind, flags, self._asked, 0)
        self._sock.send(head + question)
        while True:
            for type_, told, number, body in messages(self._sock.recv(_BUFFER)):
                if number != self._asked:
                    continue  # of an earlier question, whose answers nobody read to their end
                if type_ in {_ERROR, _DONE}:
                    _check(body)
                    return
                yield body
                if not told & _MULTI:
                    return


def messages(datagram: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Take a datagram apart: type, flags, number and body of each of its messages.

    Raises:
        OSError: there is none in it, or one is cut off.
    """
    if not datagram:
        raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
    while datagram:
        if len(datagram) < _HEAD.size:
            raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
        size, kind, flags, number, _ = _HEAD.unpack_from(datagram)
        if not _HEAD.size <= size <= len(datagram):
            raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
        yield kind, flags, number, datagram[_HEAD.size : size]
        datagram = datagram[size + 3 & ~3 :]


def _check(body: bytes) -> None:
    code = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
    if code > 0:
        raise OSError(code, os.strerror(code))
