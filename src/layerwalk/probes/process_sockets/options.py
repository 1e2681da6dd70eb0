"""Reading a socket's options by its bare descriptor, without changing anything about it.

Only options whose reading leaves no trace are here. SO_ERROR is not among them: whoever reads it
takes it away from the program that waits for it (socket(7)). Nor is anything else that empties as
it is read (TCP_SAVED_SYN, TCP_ZEROCOPY_RECEIVE).
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import socket
import struct

from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.tcp_info import read_tcp_info

_SOCKET, _TCP = socket.SOL_SOCKET, socket.IPPROTO_TCP
_PORT_RANGE = 51  # IP_LOCAL_PORT_RANGE, linux/in.h; Python has no name for it
_ROOM, _LARGE = 64, 512
_LONG = struct.calcsize("@l")


def read_options(descriptor: int) -> SocketOptions:
    """Read what can be read of a TCP socket; the rest is ``None``."""
    probes = _number(descriptor, _TCP, socket.TCP_KEEPCNT)
    user_ms = _number(descriptor, _TCP, socket.TCP_USER_TIMEOUT)
    return SocketOptions(
        blocks=_blocks(descriptor),
        receive_limit_s=_limit_s(descriptor, socket.SO_RCVTIMEO),
        send_limit_s=_limit_s(descriptor, socket.SO_SNDTIMEO),
        keepalive=_flag(descriptor, _SOCKET, socket.SO_KEEPALIVE),
        keepalive_idle_s=_number(descriptor, _TCP, socket.TCP_KEEPIDLE),
        keepalive_interval_s=_number(descriptor, _TCP, socket.TCP_KEEPINTVL),
        keepalive_probes=probes,
        user_timeout_s=None if user_ms is None else user_ms / 1000,
        syn_count=_number(descriptor, _TCP, socket.TCP_SYNCNT),
        max_segment=_number(descriptor, _TCP, socket.TCP_MAXSEG),
        receive_buffer=_number(descriptor, _SOCKET, socket.SO_RCVBUF),
        send_buffer=_number(descriptor, _SOCKET, socket.SO_SNDBUF),
        reuse_address=_flag(descriptor, _SOCKET, socket.SO_REUSEADDR),
        reuse_port=_flag(descriptor, _SOCKET, socket.SO_REUSEPORT),
        no_delay=_flag(descriptor, _TCP, socket.TCP_NODELAY),
        linger_s=_linger_s(descriptor),
        defer_accept_s=_number(descriptor, _TCP, socket.TCP_DEFER_ACCEPT),
        mark=_number(descriptor, _SOCKET, socket.SO_MARK),
        device=_device(descriptor),
        port_range=_port_range(descriptor),
    )


def read_info(descriptor: int) -> TcpInfo | None:
    """Read TCP_INFO."""
    return read_tcp_info(_read(descriptor, _TCP, socket.TCP_INFO, _LARGE) or b"")


def _blocks(descriptor: int) -> bool | None:
    try:
        return not fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_NONBLOCK
    except OSError:
        return None


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _read(descriptor: int, level: int, option: int, room: int = _ROOM) -> bytes | None:
    buffer, size = ctypes.create_string_buffer(room), ctypes.c_uint32(room)
    if _libc().getsockopt(descriptor, level, option, buffer, ctypes.byref(size)) != 0:
        return None
    return buffer.raw[: size.value]


def _number(descriptor: int, level: int, option: int) -> int | None:
    found = _read(descriptor, level, option) or b""
    return int(struct.unpack_from("=i", found)[0]) if len(found) >= 4 else None


def _flag(descriptor: int, level: int, option: int) -> bool | None:
    found = _number(descriptor, level, option)
    return None if found is None else bool(found)


def _limit_s(descriptor: int, option: int) -> float | None:
    """Read a struct timeval, as long as this machine's."""
    found = _read(descriptor, _SOCKET, option) or b""
    if len(found) != 2 * _LONG:
        return None
    whole, micro = struct.unpack("@ll", found)
    return float(whole + micro / 1e6)


def _linger_s(descriptor: int) -> int | None:
    found = _read(descriptor, _SOCKET, socket.SO_LINGER) or b""
    on, seconds = struct.unpack("=ii", found) if len(found) == 8 else (0, 0)
    return int(seconds) if on else None


def _device(descriptor: int) -> str | None:
    """The interface that it is bound to, by the name that its own namespace has for it."""
    found = _read(descriptor, _SOCKET, socket.SO_BINDTODEVICE)
    return None if found is None else found.partition(b"\0")[0].decode(errors="replace")


def _port_range(descriptor: int) -> tuple[int, int] | None:
    """Read two numbers of 16 bits, the first port in the lower half."""
    found = _number(descriptor, socket.IPPROTO_IP, _PORT_RANGE)
    return None if found is None else (found & 0xFFFF, found >> 16 & 0xFFFF)
