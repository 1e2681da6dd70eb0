"""Connections that a host tracks already: entries of its table, put there by netlink.

The table's maximum is the machine's and is left as it is; the entries count in the namespace that
they are made in, and go with it. Sources: linux/netfilter/nfnetlink_conntrack.h, nf_conntrack(4).
"""

import itertools
import math
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from layerwalk.lab.errors import LabError
from layerwalk.lab.traffic import Tracked

SETTINGS = Path("/proc/sys/net/netfilter")
MOST = 1_048_576
"""More than this takes too much memory for a lab."""

_NETLINK_NETFILTER = 12
_NEW = 1 << 8
_CREATE = 0x001 | 0x200 | 0x400  # request, exclusive, create
_ORIGINAL, _REPLY, _STATUS, _PROTOINFO, _TIMEOUT = 1, 2, 3, 4, 7
_NESTED = 0x8000
_CONFIRMED, _SEEN_REPLY, _ASSURED = 8, 2, 4
_ESTABLISHED = 3
_LASTING_S = 432_000
_AT_ONCE = 400
_PORTS = range(1024, 65_000)
_FAR_PORT = 443
_BLOCK = 0xC6130000  # 198.19.0.0/16, set aside for benchmarks (RFC 2544)


def fill(tracked: Tracked) -> None:
    """Fill the table of the calling process's network namespace; LabError where that fails."""
    wanted = math.ceil(tracked.share * _setting("max"))
    if wanted > MOST:
        raise LabError(f"this machine tracks up to {_setting('max')} connections: too many to fill")
    entries = itertools.islice(_entries(_tail(lasting=tracked.lasting)), wanted)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER) as netlink:
        while chunk := b"".join(itertools.islice(entries, _AT_ONCE)):
            netlink.send(chunk)
    if _setting("count") < wanted:
        raise LabError(f"only {_setting('count')} of {wanted} connections could be put in")


def _setting(name: str) -> int:
    try:
        return int((SETTINGS / f"nf_conntrack_{name}").read_text(encoding="ascii"))
    except OSError as error:
        raise LabError(f"connection tracking: {error.strerror}") from error


def _entries(tail: bytes) -> Iterator[bytes]:
    """Messages that make one entry each, for ever another source."""
    far = (_BLOCK | 0xFFFF).to_bytes(4, "big")
    for number in itertools.count(1):
        near = (_BLOCK | number).to_bytes(4, "big")
        for port in _PORTS:
            body = _tuple(_ORIGINAL, (near, far), (port, _FAR_PORT))
            body += _tuple(_REPLY, (far, near), (_FAR_PORT, port)) + tail
            yield struct.pack("=IHHII4B", 20 + len(body), _NEW, _CREATE, 0, 0, 2, 0, 0, 0) + body


def _tuple(kind: int, addresses: tuple[bytes, bytes], ports: tuple[int, int]) -> bytes:
    """One direction of a connection: addresses, protocol and ports, written at one go."""
    source, destination = addresses
    return struct.pack(
        "=HHHHHH4sHH4sHHHHBxxx",
        *(52, kind | _NESTED, 20, 1 | _NESTED, 8, 1, source, 8, 2, destination),
        *(28, 2 | _NESTED, 5, 1, socket.IPPROTO_TCP),
    ) + struct.pack(">2s2sHxx2s2sHxx", _U6, _PORT_2, ports[0], _U6, _PORT_3, ports[1])


_U6, _PORT_2, _PORT_3 = (struct.pack("=H", number) for number in (6, 2, 3))


def _tail(*, lasting: bool) -> bytes:
    """What all entries share: status, TCP's state, how long they last."""
    status = _CONFIRMED | ((_SEEN_REPLY | _ASSURED) if lasting else 0)
    state = struct.pack("=HHBxxx", 5, 1, _ESTABLISHED)
    inner = struct.pack("=HH", 4 + len(state), 1 | _NESTED) + state
    info = struct.pack("=HH", 4 + len(inner), _PROTOINFO | _NESTED) + inner
    return _number(_STATUS, status) + info + _number(_TIMEOUT, _LASTING_S)


def _number(kind: int, value: int) -> bytes:
    return struct.pack("=HH", 8, kind) + value.to_bytes(4, "big")
