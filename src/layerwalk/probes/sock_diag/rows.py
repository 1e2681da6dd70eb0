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
from layerwalk.probes.sock_diag.request import FAMILIES, TCPDIAG_GETSOCK
from layerwalk.probes.sock_diag.spelling import spelled

_BEGIN = struct.Struct("=IH")
_HEADER = 16
_WHOLE = struct.Struct("=IH10x4sHH36sQIIIII")
_ERROR, _DONE = 2, 3  # NLMSG_ERROR, NLMSG_DONE
_VERSIONS = {int(family): version for version, family in FAMILIES.items()}
_SIZES = {4: 4, 6: 16}
_STATES = {int(state): state for state in TcpState}
_TIMERS = dict.fromkeys(range(256), SocketTimer.NONE) | {int(it): it for it in SocketTimer}


class _Ends(dict[bytes, tuple[str, str, int]]):
    """The addresses of both ends, and the device bound to: spelled out when they are first met."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self._family, self._size = FAMILIES[version], _SIZES[version]
        self._spelled: dict[bytes, str] = {}

    def __missing__(self, packed: bytes) -> tuple[str, str, int]:
        interface = int.from_bytes(packed[32:], sys.byteorder)
        found = self[packed] = (self._address(packed), self._address(packed[16:]), interface)
        return found

    def _address(self, packed: bytes) -> str:
        """A server has one address, and 50,000 clients with as many."""
        own = packed[: self._size]
        if own not in self._spelled:
            self._spelled[own] = spelled(self._family, own)
        return self._spelled[own]


class _Manners(dict[bytes, tuple[int, TcpState, SocketTimer, int, _Ends]]):
    """IP version, state, timer and retransmits; and where the addresses of that version stand."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = {version: _Ends(version) for version in FAMILIES}

    def __missing__(self, packed: bytes) -> tuple[int, TcpState, SocketTimer, int, _Ends]:
        family, state, timer, retransmits = packed
        version = _VERSIONS[family]
        ends = self._ends[version]
        found = self[packed] = (version, _STATES[state], _TIMERS[timer], retransmits, ends)
        return found


class _Attributes(dict[bytes, Extras]):
    """What attributes say, read when they are first met."""

    def __missing__(self, data: bytes) -> Extras:
        found = read_attributes(data)
        if not found[2]:  # TCP_INFO is hardly ever the same twice
            self[data] = found
        return found


class Rows:
    """Takes in what the kernel answers, datagram by datagram, until it has told all."""

    def __init__(self) -> None:
        self.found: list[Socket] = []
        self.done = False
        self._manners, self._attributes = _Manners(), _Attributes()

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
        manners, extras, add = self._manners, self._attributes, self.found.append
        read, head, end = _WHOLE.unpack_from, _WHOLE.size, len(datagram)
        while at + head <= end:
            row: Any = Blank()
            (
                size,
                kind,
                manner,
                source_port,
                destination_port,
                between,
                row.cookie,
                expires,
                row.receive_queue,
                row.send_queue,
                row.uid,
                row.inode,
            ) = read(datagram, at)
            if kind != TCPDIAG_GETSOCK:
                break
            if not head <= size <= end - at:
                raise broken()
            row.family, row.state, row.timer, row.retransmits, ends = manners[manner]
            row.source, row.destination, row.interface = ends[between]
            row.source_port, row.destination_port = ntohs(source_port), ntohs(destination_port)
            row.expires_s = expires / 1000 if expires else 0.0
            row.mark, row.only_v6, row.info = extras[datagram[at + head : at + size]]
            row.__class__ = Socket
            add(row)
            at += size + 3 & ~3
        return at

    def _other(self, datagram: bytes, at: int) -> int:
        """Read a message that is not about a socket: the last one, or a refusal."""
        size, kind = _BEGIN.unpack_from(datagram, at)
        if not _HEADER <= size <= len(datagram) - at or kind == TCPDIAG_GETSOCK:
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
