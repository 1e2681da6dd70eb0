"""The door to this machine's system bus: a socket that is connected, and whose it is.

It stands apart so that D-Bus is loaded only where a bus is.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Sequence


class BusError(Exception):
    """There is no bus that can be asked; ``mute`` where one is there and says nothing in time."""

    def __init__(self, words: str, *, mute: bool = False) -> None:
        super().__init__(words)
        self.mute = mute


def opened(paths: Sequence[str], patience_s: float) -> socket.socket:
    """Connect to the first bus that there is, if it is this machine's.

    Raises:
        BusError: there is none, or it is another machine's or another user's.
    """
    why = "there is no system bus"
    for path in paths:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(patience_s)
        try:
            sock.connect(path)
            why = _foreign(sock)
        except OSError as error:
            why = f"the system bus can't be reached: {error.strerror or 'its path is too long'}"
        if not why:
            return sock
        sock.close()
    raise BusError(why)


def _foreign(sock: socket.socket) -> str:
    """Why a bus is not to be believed, by who listens there (SO_PEERCRED, unix(7)).

    A container may be lent the bus of the machine around it: process numbers mean others there.
    """
    told = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, user, _ = struct.unpack("3i", told)
    if not pid:
        return "the system bus belongs to another namespace"
    return "" if user in {0, os.geteuid()} else "the system bus belongs to another user"
