"""How many packets this machine itself dropped, for want of room, before they could be read."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress

_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_STATISTICS = struct.Struct("=II")
_SO_MEMINFO = 55
_MEMINFO = struct.Struct("=9I")
_DROPS = 8


def dropped_by_tap(sock: socket.socket) -> int:
    """What a packet socket has dropped since it was last asked (PACKET_STATISTICS, packet(7))."""
    with suppress(OSError, struct.error):
        data = sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, _STATISTICS.size)
        return int(_STATISTICS.unpack(data)[1])
    return 0


def dropped_by(sock: socket.socket) -> int:
    """What any other socket has dropped in all (SO_MEMINFO, Linux from 4.12 on)."""
    with suppress(OSError, struct.error):
        data = sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
        return int(_MEMINFO.unpack(data)[_DROPS])
    return 0
