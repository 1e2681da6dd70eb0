"""The kernel's older list of its TCP sockets, for where sock_diag(7) is missing: proc(5).

It takes no rights, and it tells less: no mark, no interface, no limit of a listener's queue,
nothing of IPV6_V6ONLY, no TCP_INFO.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from os import sysconf
from pathlib import Path

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.sock_diag.spelling import spelled

_FOLDER = Path("/proc/thread-self/net")
_FILES = {4: "tcp", 6: "tcp6"}
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_COLUMNS = 10
_HALF_OPEN = 12
"""TCP_NEW_SYN_RECV, the kernel's own name for what all others call SYN_RECV."""


def proc_table(version: int, folder: Path = _FOLDER) -> Iterator[Socket]:
    """Give the sockets of a family, as far as their lines can be read.

    Raises:
        OSError: the file can't be read.
    """
    tick_s = 1 / sysconf("SC_CLK_TCK")
    try:
        text = (folder / _FILES[version]).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        if version == 6:  # no IPv6 in this kernel
            return
        raise
    for line in text.splitlines()[1:]:
        with suppress(KeyError, ValueError, struct.error, OSError):
            yield _row(version, line.split(), tick_s)


def _row(version: int, columns: list[str], tick_s: float) -> Socket:
    if len(columns) < _COLUMNS:
        raise ValueError("a line of /proc/net/tcp that is cut off")
    source, destination, state, queues, clock, again, uid, _probes, inode = columns[1:_COLUMNS]
    sent, _, received = queues.partition(":")
    timer, _, ticks = clock.partition(":")
    number = int(state, 16)
    listens = number == TcpState.LISTEN
    return Socket(
        version,
        TcpState.SYN_RECV if number == _HALF_OPEN else TcpState(number),
        *_end(version, source),
        *_end(version, destination),
        timer=_timer(int(timer, 16)),
        expires_s=int(ticks, 16) * tick_s if int(timer, 16) else 0.0,
        retransmits=int(again, 16),
        receive_queue=int(received, 16),
        send_queue=None if listens else int(sent, 16),
        uid=int(uid),
        inode=int(inode),
    )


def _timer(number: int) -> SocketTimer:
    return SocketTimer(number) if number in set(SocketTimer) else SocketTimer.NONE


def _end(version: int, text: str) -> tuple[str, int]:
    """Read an address: its 32-bit words stand in this machine's order, its port does not."""
    words, _, port = text.partition(":")
    packed = bytes.fromhex(words)
    if sys.byteorder == "little":
        count = len(packed) // 4
        packed = struct.pack(f">{count}I", *struct.unpack(f"<{count}I", packed))
    return spelled(_FAMILIES[version], packed), int(port, 16)
