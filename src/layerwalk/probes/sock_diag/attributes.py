"""What sock_diag(7) tells of a socket behind its row: attributes (linux/inet_diag.h). Pure."""

from __future__ import annotations

import struct
import sys

from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.tcp_info import read_tcp_info

_ATTRIBUTE = struct.Struct("=HH")
_INFO, _ONLY_V6, _MARK = 2, 11, 15  # INET_DIAG_INFO, _SKV6ONLY, _MARK

Extras = tuple[int | None, bool | None, TcpInfo | None]


def read_attributes(data: bytes) -> Extras:
    """Read the attributes that count: mark, IPV6_V6ONLY, TCP_INFO.

    Raises:
        IndexError: one of them is cut off.
        struct.error: likewise.
    """
    rest = memoryview(data)
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
