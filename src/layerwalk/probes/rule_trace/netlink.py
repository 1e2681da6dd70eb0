"""The kernel's rule engine over netlink: which tables there are, and traces as they happen.

Sources: linux/netfilter/nf_tables.h, linux/netfilter/nfnetlink.h, netlink(7). Needs CAP_NET_ADMIN
in the network namespace of the calling thread.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

_NETLINK_NETFILTER = 12
_SOL_NETLINK, _ADD_MEMBERSHIP = 270, 1
_TRACE_GROUP = 9
_SUBSYSTEM = 10 << 8
_NEW_TABLE, _GET_TABLE, _TRACE = _SUBSYSTEM, _SUBSYSTEM | 1, _SUBSYSTEM | 17
_REQUEST, _DUMP = 0x001, 0x300
_ERROR, _DONE = 2, 3
_HEAD = struct.Struct("=IHHII")
_GENERIC = struct.Struct(">BBH")
_ATTRIBUTE = struct.Struct("=HH")
_KIND = 0x3FFF
_GOES_ON = -1
_BUFFER = 1 << 18
_PATIENCE_S = 1.0

FAMILIES = {1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"}


class Kind(IntEnum):
    """What an event of a trace is about (enum nft_trace_types)."""

    POLICY = 1
    RETURN = 2
    RULE = 3


class Verdict(IntEnum):
    """What becomes of the packet; what jumps and goes on is below 0."""

    DROP = 0
    ACCEPT = 1
    STOLEN = 2
    QUEUE = 3


@dataclass(frozen=True, kw_only=True)
class Event:
    """One step of a packet through a chain.

    ``packet`` tells packets apart. ``incoming`` is ``None`` where the event does not carry the
    devices; the first one of each base chain does.
    """

    packet: int
    family: str
    table: str
    chain: str
    kind: int
    verdict: int
    handle: int | None = None
    incoming: bool | None = None


def tables() -> tuple[tuple[str, str], ...]:
    """Every table by its family and name.

    Raises:
        OSError: there is no right to ask, or nobody to answer.
    """
    with _opened() as netlink:
        netlink.settimeout(_PATIENCE_S)
        body = _GENERIC.pack(0, 0, 0)
        netlink.send(_HEAD.pack(20, _GET_TABLE, _REQUEST | _DUMP, 1, 0) + body)
        return tuple(_listed(netlink))


def _listed(netlink: socket.socket) -> Iterator[tuple[str, str]]:
    while True:
        for kind, body in _messages(netlink.recv(_BUFFER)):
            if kind == _DONE:
                return
            if kind == _ERROR:
                number = -int.from_bytes(body[:4], "little", signed=True)
                raise OSError(number, "the kernel does not list its tables")
            if kind == _NEW_TABLE:
                name = dict(_attributes(body[4:])).get(1, b"")
                yield FAMILIES.get(body[0], ""), _text(name)


class Ear:
    """Hears every trace of the network namespace, from its making on.

    Raises:
        OSError: there is no right to listen.
    """

    def __init__(self) -> None:
        self._netlink = _opened()
        try:
            self._netlink.bind((0, 0))  # else it has the kernel's own number, and hears nothing
            self._netlink.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, _TRACE_GROUP)
        except OSError:
            self._netlink.close()
            raise

    def hear(self, seconds: float) -> tuple[Event, ...]:
        """What has come by now, or comes within so long."""
        self._netlink.settimeout(max(seconds, 0.001))
        found: list[Event] = []
        with suppress(TimeoutError, OSError):  # ENOBUFS: more came than there is room for
            while True:
                messages = _messages(self._netlink.recv(_BUFFER))
                found += [event_of(body) for kind, body in messages if kind == _TRACE]
                self._netlink.settimeout(0.001)
        return tuple(found)

    def __enter__(self) -> Self:
        """Hear until it is left."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hear no more."""
        self._netlink.close()


def _opened() -> socket.socket:
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)


def event_of(body: bytes) -> Event:
    """Read a trace message behind its netlink header."""
    found = dict(_attributes(body[4:]))
    verdict = dict(_attributes(found.get(5, b"")))
    code = found.get(16) or verdict.get(1)  # a policy's, or a rule's
    return Event(
        packet=_number(found.get(6)),
        family=FAMILIES.get(body[0], ""),
        table=_text(found.get(1, b"")),
        chain=_text(found.get(2, b"")),
        kind=_number(found.get(4)),
        verdict=_GOES_ON if code is None else _number(code),
        handle=_number(found[3]) if 3 in found else None,
        incoming=10 in found if {10, 12} & found.keys() else None,
    )


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Split what one look brought into messages; each with its type and what is behind its head."""
    while len(data) >= _HEAD.size:
        length, kind, *_ = _HEAD.unpack_from(data)
        if not _HEAD.size <= length <= len(data):
            return
        yield kind, data[_HEAD.size : length]
        data = data[length + -length % 4 :]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data)
        if not _ATTRIBUTE.size <= length <= len(data):
            return
        yield kind & _KIND, data[_ATTRIBUTE.size : length]
        data = data[length + -length % 4 :]


def _number(data: bytes | None) -> int:
    """Read a number as nf_tables writes them: big-endian; verdicts may be negative."""
    if data is None:
        return 0
    return int.from_bytes(data, "big", signed=True)


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode(errors="replace")
