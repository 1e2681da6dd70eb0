"""From what sock_diag(7) tells of a socket to a row: struct inet_diag_msg, linux/inet_diag.h. Pure.

The numbers are in this machine's order, ports and addresses in the network's.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.sock_diag.replies import broken
from layerwalk.probes.sock_diag.tcp_info import read_tcp_info

_ROW = struct.Struct("=BBBBHH16s16sIQIIIII")
_ATTRIBUTE = struct.Struct("=HH")
_INFO, _ONLY_V6, _MARK = 2, 11, 15  # INET_DIAG_INFO, _SKV6ONLY, _MARK
_VERSIONS = {int(socket.AF_INET): 4, int(socket.AF_INET6): 6}
_MAPPED = bytes(10) + b"\xff\xff"
_STATES = {int(state): state for state in TcpState}
_TIMERS = {int(timer): timer for timer in SocketTimer}

_Extras = tuple[int | None, bool | None, TcpInfo | None]


class Rows:
    """Reads rows; an address that comes again and again is spelled out once."""

    def __init__(self) -> None:
        self._spelled: dict[tuple[int, bytes], str] = {}

    def read(self, message: memoryview) -> Socket:
        """Read one message: what stands behind its netlink header.

        Raises:
            OSError: it is cut off, or no TCP socket's (EBADMSG).
        """
        try:
            return self._row(_ROW.unpack_from(message), _extras(message[_ROW.size :]))
        except (KeyError, IndexError, struct.error) as error:
            raise broken() from error

    def _row(self, found: tuple[Any, ...], extras: _Extras) -> Socket:
        family, state, timer, again, source_port, destination_port, source, destination = found[:8]
        index, cookie, expires, received, unsent, uid, inode = found[8:]
        return Socket(
            _VERSIONS[family],
            _STATES[state],
            self._spelled.get((family, source)) or self._spell(family, source),
            socket.ntohs(source_port),
            self._spelled.get((family, destination)) or self._spell(family, destination),
            socket.ntohs(destination_port),
            _TIMERS.get(timer, SocketTimer.NONE),
            expires / 1000,
            again,
            received,
            unsent,
            uid,
            inode,
            index,
            cookie,
            *extras,
        )

    def _spell(self, family: int, packed: bytes) -> str:
        size = 4 if family == socket.AF_INET else 16
        text = self._spelled[family, packed] = spelled(family, packed[:size])
        return text


def spelled(family: int, packed: bytes) -> str:
    """Write an address; IPv4 in the clothes of IPv6 (RFC 4291 2.5.5.2) as what it is.

    Raises:
        ValueError: it is too long or too short.
    """
    if family == socket.AF_INET6 and packed.startswith(_MAPPED):
        family, packed = socket.AF_INET, packed[len(_MAPPED) :]
    return socket.inet_ntop(family, packed)


def _extras(rest: memoryview) -> _Extras:
    """Read the attributes that count: mark, IPV6_V6ONLY, TCP_INFO."""
    mark: int | None = None
    only_v6: bool | None = None
    info: TcpInfo | None = None
    while rest:
        size, kind = _ATTRIBUTE.unpack_from(rest)
        if size < _ATTRIBUTE.size:
            raise IndexError("an attribute without end")
        if kind == _INFO:
            info = read_tcp_info(bytes(rest[4:size]))
        elif kind == _MARK:
            mark = int.from_bytes(rest[4:8], sys.byteorder)
        elif kind == _ONLY_V6:
            only_v6 = bool(rest[4])
        rest = rest[size + 3 & ~3 :]
    return mark, only_v6, info
