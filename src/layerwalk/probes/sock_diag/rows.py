"""From what sock_diag(7) tells of sockets to rows: netlink(7), linux/inet_diag.h. Pure.

Each message is a struct nlmsghdr, a struct inet_diag_msg and attributes. The numbers are in this
machine's order, ports and addresses in the network's. A machine may have 50,000 sockets: what comes
again and again, addresses and attributes, is read once, and the rest in as few steps as can be.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from socket import ntohs
from typing import Any

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.sock_diag.attributes import Extras, read_attributes
from layerwalk.probes.sock_diag.blank import Blank
from layerwalk.probes.sock_diag.request import FAMILIES, SOCK_DIAG_BY_FAMILY
from layerwalk.probes.sock_diag.spelling import spelled

_BEGIN = struct.Struct("=IH")
_HEADER = 16
_WHOLE = struct.Struct("=IH10xBBBBHH16s16sIQIIIII")
_ERROR, _DONE = 2, 3  # NLMSG_ERROR, NLMSG_DONE
_STATES = {int(state): state for state in TcpState}
_TIMERS = dict.fromkeys(range(256), SocketTimer.NONE) | {int(it): it for it in SocketTimer}


class _Addresses(dict[bytes, str]):
    """The addresses of a family, spelled out when they are first met."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self._family = FAMILIES[version]
        self._size = 4 if version == 4 else 16

    def __missing__(self, packed: bytes) -> str:
        text = self[packed] = spelled(self._family, packed[: self._size])
        return text


class _Attributes(dict[bytes, Extras]):
    """What attributes say, read when they are first met."""

    def __missing__(self, data: bytes) -> Extras:
        found = read_attributes(data)
        if not found[2]:  # TCP_INFO is hardly ever the same twice
            self[data] = found
        return found


class Rows:
    """Takes in what the kernel answers of a family, datagram by datagram, until it has told all."""

    def __init__(self, version: int) -> None:
        self.found: list[Socket] = []
        self.done = False
        self._version = version
        self._family = int(FAMILIES[version])
        self._addresses, self._attributes = _Addresses(version), _Attributes()

    def take(self, datagram: bytes) -> None:
        """Take in one datagram.

        Raises:
            OSError: the kernel refuses, or what came can't be read (EBADMSG).
        """
        try:
            at = 0
            while at < len(datagram) and not self.done:
                at = self._rows(datagram, at)
                at = self._other(datagram, at) if at < len(datagram) else at
        except (KeyError, IndexError, ValueError, struct.error) as error:
            raise broken() from error

    def _rows(self, datagram: bytes, at: int) -> int:
        """Read messages as long as they are about sockets; tells where the next one begins."""
        address, extras = self._addresses, self._attributes
        while at + _WHOLE.size <= len(datagram):
            row: Any = Blank()
            (
                size,
                kind,
                family,
                state,
                timer,
                row.retransmits,
                source_port,
                destination_port,
                source,
                destination,
                row.interface,
                row.cookie,
                expires,
                row.receive_queue,
                row.send_queue,
                row.uid,
                row.inode,
            ) = _WHOLE.unpack_from(datagram, at)
            if kind != SOCK_DIAG_BY_FAMILY:
                break
            if family != self._family or not _WHOLE.size <= size <= len(datagram) - at:
                raise broken()
            row.family, row.state, row.timer = self._version, _STATES[state], _TIMERS[timer]
            row.source, row.source_port = address[source], ntohs(source_port)
            row.destination, row.destination_port = address[destination], ntohs(destination_port)
            row.expires_s = expires / 1000
            row.mark, row.only_v6, row.info = extras[datagram[at + _WHOLE.size : at + size]]
            row.__class__ = Socket
            self.found.append(row)
            at += size + 3 & ~3
        return at

    def _other(self, datagram: bytes, at: int) -> int:
        """Read a message that is not about a socket: the last one, or a refusal."""
        size, kind = _BEGIN.unpack_from(datagram, at)
        if not _HEADER <= size <= len(datagram) - at or kind == SOCK_DIAG_BY_FAMILY:
            raise broken()
        if kind in {_ERROR, _DONE}:
            _complain(datagram[at + _HEADER : at + size])
            self.done = True
        return int(at + (size + 3 & ~3))


def _complain(body: bytes) -> None:
    """Raise what the kernel says went wrong, if it does; an end may come without a word."""
    number = int.from_bytes(body[:4], sys.byteorder, signed=True)
    if number < 0:
        raise OSError(-number, os.strerror(-number))


def broken() -> OSError:
    """What is raised where an answer can't be read."""
    return OSError(errno.EBADMSG, "the kernel's answer about sockets can't be read")
