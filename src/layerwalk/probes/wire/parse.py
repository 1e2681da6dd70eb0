"""Reading what comes back: bytes from the network become ``Heard``, or nothing.

Whatever is too short, foreign or nonsensical is ``None``; nothing here raises.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.refusals import meaning
from layerwalk.probes.wire.tcp_options import read_options

_MODULUS = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A packet from the network that may answer one of ours."""

    kind: AnswerKind
    identity: Identity
    responder: str
    ttl: int
    icmp_type: int | None = None
    icmp_code: int | None = None
    refusal: Refusal | None = None
    mtu: int = 0
    mss: int | None = None
    window: int | None = None
    options: tuple[str, ...] = ()
    numbers: tuple[int, int] = (0, 0)
    sack: tuple[int, int] | None = None


def read(packet: bytes) -> Heard | None:
    """Read one IP packet of either family."""
    try:
        return _read_4(packet) if packet[0] >> 4 == 4 else _read_6(packet)
    except (IndexError, struct.error, ValueError):
        return None


def _read_4(packet: bytes) -> Heard | None:
    length = (packet[0] & 0x0F) * 4
    source, ttl, body = str(IPv4Address(packet[12:16])), packet[8], packet[length:]
    if packet[9] == 1:
        return _icmp_4(source, ttl, body)
    return _transport(source, ttl, packet[9], body)


def _read_6(packet: bytes) -> Heard | None:
    source, ttl, body = str(IPv6Address(packet[8:24])), packet[7], packet[40:]
    if packet[6] == 58:
        return _icmp_6(source, ttl, body)
    return _transport(source, ttl, packet[6], body)


def _icmp_4(source: str, ttl: int, body: bytes) -> Heard | None:
    kind, code = body[0], body[1]
    if kind == 0:
        return _echo_reply(source, ttl, body)
    meant = meaning(4, kind, code)
    if meant is None:
        return None
    quote = body[8:]
    start = (quote[0] & 0x0F) * 4
    destination = str(IPv4Address(quote[16:20]))
    identity = _quoted(destination, quote[9], quote[start:], echo=8)
    if identity is None:
        return None
    mtu = struct.unpack_from("!H", body, 6)[0] if (kind, code) == (3, 4) else 0
    return Heard(
        kind=meant[0],
        identity=identity,
        responder=source,
        ttl=ttl,
        icmp_type=kind,
        icmp_code=code,
        refusal=meant[1],
        mtu=mtu,
    )


def _icmp_6(source: str, ttl: int, body: bytes) -> Heard | None:
    kind, code = body[0], body[1]
    if kind == 129:
        return _echo_reply(source, ttl, body)
    meant = meaning(6, kind, code)
    if meant is None:
        return None
    quote = body[8:]
    destination = str(IPv6Address(quote[24:40]))
    identity = _quoted(destination, quote[6], quote[40:], echo=128)
    if identity is None:
        return None
    return Heard(
        kind=meant[0],
        identity=identity,
        responder=source,
        ttl=ttl,
        icmp_type=kind,
        icmp_code=code,
        refusal=meant[1],
        mtu=struct.unpack_from("!I", body, 4)[0] if kind == 2 else 0,
    )


def _echo_reply(source: str, ttl: int, body: bytes) -> Heard:
    ident, number = struct.unpack_from("!HH", body, 4)
    identity = Identity("echo", source, ident, 0, number)
    return Heard(kind=AnswerKind.ECHO_REPLY, identity=identity, responder=source, ttl=ttl)


def _quoted(destination: str, protocol: int, body: bytes, *, echo: int) -> Identity | None:
    """The identity of a packet of ours that an ICMP error quotes."""
    if protocol in {1, 58}:
        if body[0] != echo:
            return None
        ident, number = struct.unpack_from("!HH", body, 4)
        return Identity("echo", destination, ident, 0, number)
    first, second = struct.unpack_from("!HH", body)
    if protocol == 6:
        return Identity("tcp", destination, first, second, struct.unpack_from("!I", body, 4)[0])
    if protocol == 17:
        return Identity("udp", destination, first, second, struct.unpack_from("!H", body, 6)[0])
    return None


def _transport(source: str, ttl: int, protocol: int, body: bytes) -> Heard | None:
    theirs, ours = struct.unpack_from("!HH", body)
    if protocol == 17:
        identity = Identity("udp", source, ours, theirs, 0)
        return Heard(kind=AnswerKind.UDP, identity=identity, responder=source, ttl=ttl)
    if protocol != 6:
        return None
    number, ack, offset, flags, window = struct.unpack_from("!IIBBH", body, 4)
    if not flags & 0x10:
        return None
    options = read_options(body[20 : (offset >> 4) * 4])
    return Heard(
        kind=_tcp_kind(flags),
        identity=Identity("tcp", source, ours, theirs, (ack - 1) & _MODULUS),
        responder=source,
        ttl=ttl,
        mss=options.mss,
        window=window,
        options=options.names,
        numbers=(number, ack),
        sack=options.sack,
    )


def _tcp_kind(flags: int) -> AnswerKind:
    if flags & 0x04:
        return AnswerKind.RST
    return AnswerKind.SYN_ACK if flags & 0x02 else AnswerKind.ACK
