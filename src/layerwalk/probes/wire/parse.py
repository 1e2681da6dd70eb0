"""Reading what comes back: bytes from the network become ``Heard``, or nothing.

Whatever is too short, foreign or nonsensical is ``None``; nothing here raises.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire.extensions import read_extensions
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.ip_header import Carried, carried_4, carried_6, quoted_4
from layerwalk.probes.wire.pieces import piece_of
from layerwalk.probes.wire.refusals import meaning
from layerwalk.probes.wire.tcp_options import read_options

_MODULUS = 0xFFFFFFFF
_RETURNED = 8
_EXTENSIBLE_6 = {1, 3}
_QUOTED = 100


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A packet from the network that may answer one of ours.

    ``returned`` is the beginning of the data that an echo reply brings back, where it was seen;
    ``piece`` is the size of the first piece of an answer that comes in pieces, 0 of a whole one.
    ``quote`` is the beginning of the packet that an ICMP error is about, as the reporter saw it.
    """

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
    returned: bytes | None = None
    piece: int = 0
    extensions: tuple[str, ...] = ()
    quote: bytes = b""


def read(packet: bytes) -> Heard | None:
    """Read one IP packet of either family."""
    try:
        version = packet[0] >> 4
        heard = _read_4(packet) if version == 4 else _read_6(packet) if version == 6 else None
        piece = piece_of(packet) if heard else None
        return replace(heard, piece=piece.size) if heard and piece and piece.more else heard
    except (IndexError, struct.error, ValueError):
        return None


def _read_4(packet: bytes) -> Heard | None:
    outer = carried_4(packet)
    if outer is None:
        return None
    return _icmp_4(outer) if outer.protocol == 1 else _transport(outer)


def _read_6(packet: bytes) -> Heard | None:
    outer = carried_6(packet)
    if outer is None:
        return None
    return _icmp_6(outer) if outer.protocol == 58 else _transport(outer)


def _icmp_4(outer: Carried) -> Heard | None:
    body = outer.body
    kind, code = body[0], body[1]
    if kind == 0:
        return _echo_reply(outer)
    meant = meaning(4, kind, code)
    identity = _quoted(quoted_4(body[8:]), echo=8) if meant else None
    if meant is None or identity is None:
        return None
    mtu = struct.unpack_from("!H", body, 6)[0] if (kind, code) == (3, 4) else 0
    return Heard(
        kind=meant[0],
        identity=identity,
        responder=outer.source,
        ttl=outer.ttl,
        icmp_type=kind,
        icmp_code=code,
        refusal=meant[1],
        mtu=mtu,
        extensions=read_extensions(4, body),
        quote=body[8 : 8 + _QUOTED],
    )


def _icmp_6(outer: Carried) -> Heard | None:
    body = outer.body
    kind, code = body[0], body[1]
    if kind == 129:
        return _echo_reply(outer)
    meant = meaning(6, kind, code)
    identity = _quoted(carried_6(body[8:]), echo=128) if meant else None
    if meant is None or identity is None:
        return None
    return Heard(
        kind=meant[0],
        identity=identity,
        responder=outer.source,
        ttl=outer.ttl,
        icmp_type=kind,
        icmp_code=code,
        refusal=meant[1],
        mtu=struct.unpack_from("!I", body, 4)[0] if kind == 2 else 0,
        extensions=read_extensions(6, body) if kind in _EXTENSIBLE_6 else (),
        quote=body[8 : 8 + _QUOTED],
    )


def _echo_reply(outer: Carried) -> Heard:
    ident, number = struct.unpack_from("!HH", outer.body, 4)
    return Heard(
        kind=AnswerKind.ECHO_REPLY,
        identity=Identity("echo", outer.source, ident, 0, number),
        responder=outer.source,
        ttl=outer.ttl,
        returned=outer.body[8 : 8 + _RETURNED],
    )


def _quoted(ours: Carried | None, *, echo: int) -> Identity | None:
    """The identity of a packet of ours that an ICMP error quotes."""
    if ours is None:
        return None
    body, destination = ours.body, ours.destination
    if ours.protocol in {1, 58}:
        if body[0] != echo:
            return None
        ident, number = struct.unpack_from("!HH", body, 4)
        return Identity("echo", destination, ident, 0, number)
    first, second = struct.unpack_from("!HH", body)
    if ours.protocol == 6:
        return Identity("tcp", destination, first, second, struct.unpack_from("!I", body, 4)[0])
    if ours.protocol == 17:
        return Identity("udp", destination, first, second, struct.unpack_from("!H", body, 6)[0])
    return None


def _transport(outer: Carried) -> Heard | None:
    source, ttl, body = outer.source, outer.ttl, outer.body
    theirs, ours = struct.unpack_from("!HH", body)
    if outer.protocol == 17:
        identity = Identity("udp", source, ours, theirs, 0)
        return Heard(kind=AnswerKind.UDP, identity=identity, responder=source, ttl=ttl)
    if outer.protocol != 6:
        return None
    number, ack, offset, flags, window = struct.unpack_from("!IIBBH", body, 4)
    if not flags & 0x14:
        return None
    options = read_options(body[20 : (offset >> 4) * 4])
    answered = (ack - 1) & _MODULUS if flags & 0x10 else number  # a reset for an ACK names that
    return Heard(
        kind=_tcp_kind(flags),
        identity=Identity("tcp", source, ours, theirs, answered),
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
