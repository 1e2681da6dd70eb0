"""The kernel's time stamps on what comes in."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable

SO_TIMESTAMPNS = 35

Ancillary = Iterable[tuple[int, int, bytes]]


def stamp_of(ancillary: Ancillary) -> float:
    """The kernel's time of arrival (SO_TIMESTAMPNS), or now where it gave none."""
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS and len(data) >= 16:
            seconds, nanoseconds = struct.unpack_from("qq", data)
            return float(seconds + nanoseconds / 1e9)
    return time.time()
