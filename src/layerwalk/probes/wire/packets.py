"""The packets that go out: each is a template, as scapy makes it, whose bytes are patched.

Flows are kept constant as Paris traceroute does (Augustin et al., IMC 2006): a probe's number
stands where no router looks for the flow: in the TCP sequence number, in the UDP checksum, and in
the echo sequence number with two bytes of payload that even out the echo's checksum.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from ipaddress import ip_address

from layerwalk.probes.facts import LINUX, SynOption
from layerwalk.probes.wire.checksum import folded, pseudo_header
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.templates import build, build_syn

WHOLE_WAY = 64
"""The TTL of probes that are meant to arrive."""

_SECRET = os.urandom(16)
_TOKEN = 6

_PROTOCOLS = {"echo": {4: 1, 6: 58}, "udp": {4: 17, 6: 17}, "tcp": {4: 6, 6: 6}}


@dataclass(frozen=True)
class Peer:
    """The other end, and how this machine reaches it: both addresses, interface, its MTU.

    ``options`` are what this machine's kernel puts on its SYNs.
    """

    address: str
    source: str
    interface: str = ""
    mtu: int = 1500
    options: tuple[SynOption, ...] = LINUX

    @property
    def version(self) -> int:
        """The IP version."""
        return 6 if ":" in self.address else 4

    @property
    def header(self) -> int:
        """The length of the IP header in bytes."""
        return 40 if self.version == 6 else 20

    @property
    def dst(self) -> str:
        """The destination without a scope."""
        return self.address.partition("%")[0]


@dataclass(frozen=True)
class Packet:
    """One packet, whole, with the identity of its answers.

    ``least_ttl`` asks that answers of a smaller TTL be dropped, where the means can do that;
    ``patient`` that a router's late report be waited for, whatever that costs; ``bound`` that it
    leave from the very source port that it has, where the means choose their own.
    """

    peer: Peer
    data: bytes
    hop: int
    identity: Identity
    least_ttl: int = 0
    patient: bool = False
    bound: bool = False

    @property
    def label(self) -> int:
        """The flow label (RFC 6437); 0 in IPv4."""
        return int.from_bytes(self.data[1:4]) & MOST_LABEL if self.peer.version == 6 else 0


MOST_LABEL = 0xFFFFF


@cache
def _addresses(peer: Peer) -> tuple[bytes, bytes]:
    source = ip_address(peer.source.partition("%")[0]).packed
    return source, ip_address(peer.dst).packed


@cache
def _template(peer: Peer, kind: str) -> bytes:
    return build(peer.version, peer.source.partition("%")[0], peer.dst, kind)


@cache
def _syn_template(version: int, mtu: int, options: tuple[SynOption, ...]) -> bytes:
    return build_syn(version, mtu, options)


def _finished(peer: Peer, kind: str, payload: bytearray, hop: int, at: int) -> bytes:
    """Put TTL, lengths and the transport checksum (at offset ``at`` of the payload) in place."""
    header = bytearray(_template(peer, kind)[: peer.header])
    protocol = _PROTOCOLS["tcp" if kind == "bare" else kind][peer.version]
    struct.pack_into("!H", payload, at, 0)
    if kind == "echo" and peer.version == 4:
        total = folded(payload)
    else:
        total = folded(pseudo_header(*_addresses(peer), protocol, len(payload)) + payload)
    struct.pack_into("!H", payload, at, (~total & 0xFFFF) or _no_sum(kind))
    if peer.version == 4:
        header[8] = hop
        struct.pack_into("!H", header, 2, len(header) + len(payload))
    else:
        header[7] = hop
        struct.pack_into("!H", header, 4, len(payload))
    return bytes(header + payload)


def _no_sum(kind: str) -> int:
    """What is written for a sum of zero, which in UDP would say that there is none (RFC 768)."""
    return 0xFFFF if kind == "udp" else 0


def echo(peer: Peer, ident: int, number: int, hop: int = WHOLE_WAY, size: int = 0) -> Packet:
    """An echo request (RFC 792, RFC 4443 4.1), padded to ``size`` bytes of IP packet.

    Its data, which the reply brings back, begins with eight bytes that nobody can guess who has not
    seen the request: identifier and number alone might be hit by trying.
    """
    payload = bytearray(_template(peer, "echo")[peer.header :])
    payload += bytes(max(size - peer.header - len(payload), 0))
    struct.pack_into("!HH", payload, 4, ident, number)
    struct.pack_into(f"!H{_TOKEN}s", payload, 8, 0xFFFF - number, _token(peer.dst, ident))
    data = _finished(peer, "echo", payload, hop, 2)
    return Packet(peer, data, hop, Identity("echo", peer.dst, ident, 0, number))


@cache
def _token(destination: str, ident: int) -> bytes:
    """The same for all requests of a flow, so that they have one checksum."""
    return blake2b(f"{destination} {ident}".encode(), key=_SECRET, digest_size=_TOKEN).digest()


def returns(packet: Packet, data: bytes) -> bool:
    """Whether the data that a reply has brought back begins as that of the request did."""
    return packet.data[packet.peer.header + 8 :].startswith(data) and len(data) == 2 + _TOKEN


_FILLER = 10
"""Where a datagram's filler stands, from its UDP header on."""


def udp(
    peer: Peer, ports: tuple[int, int], number: int, hop: int = WHOLE_WAY, *, size: int = 0
) -> Packet:
    """A UDP datagram on a constant flow; ``number`` (1..65534) becomes its checksum.

    It is padded to ``size`` bytes of IP packet. What evens out the checksum stands behind two zero
    bytes, lest whoever looks at the packet take its beginning for that of some protocol.
    """
    payload = bytearray(_template(peer, "udp")[peer.header :])
    payload += bytes(max(size - peer.header - len(payload), 0))
    struct.pack_into("!HH", payload, 0, *ports)
    struct.pack_into("!HH", payload, 4, len(payload), 0)
    struct.pack_into("!H", payload, _FILLER, 0)
    pseudo = pseudo_header(*_addresses(peer), 17, len(payload))
    rest = folded(pseudo + payload)
    filler = (~number & 0xFFFF) - rest
    struct.pack_into("!H", payload, _FILLER, filler % 0xFFFF)
    data = _finished(peer, "udp", payload, hop, 6)
    return Packet(peer, data, hop, Identity("udp", peer.dst, *ports, number))


def syn(
    peer: Peer, ports: tuple[int, int], number: int, hop: int = WHOLE_WAY, *, least_ttl: int = 0
) -> Packet:
    """A SYN with the options that this machine's kernel sends (RFC 9293 3.5)."""
    data = _syn(peer, ports, number, hop)
    return Packet(peer, data, hop, Identity("tcp", peer.dst, *ports, number), least_ttl)


def laden_syn(
    peer: Peer, ports: tuple[int, int], number: int, size: int, hop: int = WHOLE_WAY
) -> Packet:
    """The same with data, of ``size`` bytes of IP packet: no service gets to read it.

    A host acknowledges the SYN alone, unless the service takes Fast Open without a cookie
    (RFC 9293 3.4, RFC 7413).
    """
    data = _syn(peer, ports, number, hop, size)
    return Packet(peer, data, hop, Identity("tcp", peer.dst, *ports, number))


def _syn(peer: Peer, ports: tuple[int, int], number: int, hop: int, size: int = 0) -> bytes:
    payload = bytearray(_syn_template(peer.version, peer.mtu, peer.options))
    payload += bytes(max(size - peer.header - len(payload), 0))
    struct.pack_into("!HHI", payload, 0, *ports, number)
    return _finished(peer, "bare", payload, hop, 16)


def of_flow(packet: Packet, label: int) -> Packet:
    """Make a packet one of its very flow: its own source port, and in IPv6 this flow label.

    Linux chooses among parallel paths by the label, or by the ports (fib_multipath_hash_policy).
    """
    if packet.peer.version == 4:
        return replace(packet, bound=True)
    first = (6 << 28 | label & MOST_LABEL).to_bytes(4)
    return replace(packet, data=first + packet.data[4:], bound=True)


def reset(of: Packet) -> Packet:
    """The reset that takes a SYN back (sequence number ISN+1, RFC 9293 3.10.7.4)."""
    mine = of.identity
    number = (mine.number + 1) & 0xFFFFFFFF
    payload = _bare(of.peer, (mine.first, mine.second), number, 0, 0x04)
    data = _finished(of.peer, "bare", payload, WHOLE_WAY, 16)
    identity = Identity("tcp", mine.address, mine.first, mine.second, number)
    return Packet(of.peer, data, WHOLE_WAY, identity)


def old_segment(
    peer: Peer, ports: tuple[int, int], numbers: tuple[int, int], size: int, hop: int = WHOLE_WAY
) -> Packet:
    """A segment of ``size`` bytes of IP packet whose data was acknowledged long ago.

    ``numbers`` are the next sequence number and the acknowledgement of a live connection. The data
    ends where the receiver's window begins, so that it is never delivered and must be answered by
    an ACK at once (RFC 9293 3.10.7.4).
    """
    length = size - peer.header - 20
    shift = 0 if hop == WHOLE_WAY else hop  # so that each expiring one has its own number
    first = (numbers[0] - length - shift) & 0xFFFFFFFF
    payload = _bare(peer, ports, first, numbers[1], 0x10) + bytearray(length)
    data = _finished(peer, "bare", payload, hop, 16)
    return Packet(peer, data, hop, Identity("tcp", peer.dst, *ports, first))


def last_ack(peer: Peer, ports: tuple[int, int], numbers: tuple[int, int]) -> Packet:
    """The ACK that ends the handshake of a live connection, once more (RFC 9293 3.5)."""
    payload = _bare(peer, ports, *numbers, 0x10)
    data = _finished(peer, "bare", payload, WHOLE_WAY, 16)
    return Packet(peer, data, WHOLE_WAY, Identity("tcp", peer.dst, *ports, numbers[0]))


def stray_ack(peer: Peer, ports: tuple[int, int], number: int) -> Packet:
    """An ACK of no connection; the reset for it repeats ``number`` (RFC 9293 3.10.7.1)."""
    payload = _bare(peer, ports, number, number, 0x10)
    data = _finished(peer, "bare", payload, WHOLE_WAY, 16)
    return Packet(peer, data, WHOLE_WAY, Identity("tcp", peer.dst, *ports, number))


def _bare(peer: Peer, ports: tuple[int, int], number: int, ack: int, flags: int) -> bytearray:
    """A TCP header without options."""
    payload = bytearray(_template(peer, "bare")[peer.header :])
    struct.pack_into("!HHIIBB", payload, 0, *ports, number, ack, 0x50, flags)
    return payload
