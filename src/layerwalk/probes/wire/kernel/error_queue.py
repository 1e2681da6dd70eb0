"""ICMP errors as the kernel hands them to the socket that they are about (IP_RECVERR, ip(7))."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.refusals import meaning
from layerwalk.probes.wire.stamps import Ancillary, stamp_of

_IP_RECVERR, _IPV6_RECVERR = 11, 25
_IP_RECVTTL = 12

_EXTENDED = struct.Struct("=IBBBBII")
_BY_ICMP = {2, 3}
_IPV6_HOPLIMIT = 52
_MOST = 8


@dataclass(frozen=True)
class Report:
    """One ICMP error: who sent it, what it says, and when it came (wall clock).

    ``mtu`` is 0 where none is told; ``ttl`` is the error's own, 0 where the kernel does not say.
    ``quoted`` is what it quotes of the packet: of a datagram's payload, of an echo from the ICMP
    header on. ``errno`` is what the kernel makes of it.
    """

    version: int
    offender: str
    icmp_type: int
    icmp_code: int
    mtu: int
    ttl: int
    stamp: float
    quoted: bytes = b""
    errno: int = 0

    def heard(self, identity: Identity) -> Heard | None:
        """The error as an answer to this probe; ``None`` where it is none that we know."""
        meant = meaning(self.version, self.icmp_type, self.icmp_code)
        if meant is None:
            return None
        kind, refusal = meant
        return Heard(
            kind=kind,
            identity=identity,
            responder=self.offender,
            ttl=self.ttl,
            icmp_type=self.icmp_type,
            icmp_code=self.icmp_code,
            refusal=refusal,
            mtu=self.mtu,
        )


def listen_for_errors(sock: socket.socket, version: int) -> None:
    """Queue ICMP errors for this socket, each with its TTL."""
    if version == 6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)


def reports(sock: socket.socket, version: int) -> Iterator[Report]:
    """Take every ICMP error off the queue; errors of this machine's own are left out."""
    with suppress(OSError):
        for _ in range(_MOST):
            flags = socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT
            quoted, ancillary, _, _ = sock.recvmsg(512, 512, flags)
            found = _report(ancillary, version, quoted)
            if found:
                yield found


def _report(
    ancillary: list[tuple[int, int, bytes]], version: int, quoted: bytes = b""
) -> Report | None:
    wanted = (socket.IPPROTO_IPV6, _IPV6_RECVERR) if version == 6 else (0, _IP_RECVERR)
    data = next((data for level, kind, data in ancillary if (level, kind) == wanted), b"")
    start, length = (24, 16) if version == 6 else (20, 4)
    if len(data) < start + length:
        return None
    number, origin, icmp_type, icmp_code, _, info, _ = _EXTENDED.unpack_from(data)
    if origin not in _BY_ICMP:
        return None
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    return Report(
        version=version,
        offender=socket.inet_ntop(family, data[start : start + length]),
        icmp_type=icmp_type,
        icmp_code=icmp_code,
        mtu=info,
        ttl=ttl_of(ancillary),
        stamp=stamp_of(ancillary),
        quoted=quoted,
        errno=number,
    )


def ttl_of(ancillary: Ancillary) -> int:
    """The TTL that a packet arrived with (IP_RECVTTL, IPV6_RECVHOPLIMIT), 0 where not told."""
    kinds = {(socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, _IPV6_HOPLIMIT)}
    for level, kind, data in ancillary:
        if (level, kind) in kinds and len(data) >= 4:
            return int(struct.unpack_from("i", data)[0])
    return 0
