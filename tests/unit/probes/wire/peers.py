"""Peers, and answers as scapy makes them."""

from typing import Any

from scapy.layers import inet, inet6
from scapy.packet import Packet as Layers
from scapy.packet import Raw

from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard, read

FOUR = Peer("198.51.100.10", "192.0.2.10", "eth0")
SIX = Peer("2001:db8:2::10", "2001:db8:1::10", "eth0")
PEERS = (FOUR, SIX)
ROUTERS = {4: "203.0.113.1", 6: "2001:db8:9::1"}


def dissected(packet: Packet) -> Any:
    """What scapy makes of our bytes."""
    return (inet.IP if packet.peer.version == 4 else inet6.IPv6)(packet.data)


def recomputed(packet: Packet) -> bytes:
    """The same packet with every checksum and length worked out anew by scapy."""
    layers = dissected(packet)
    for layer, names in (
        (layers, ("chksum", "len", "plen")),
        (layers.payload, ("chksum", "cksum")),
    ):
        for name in names:
            if name in layer.fields and name in layer.default_fields:
                delattr(layer, name)
    if isinstance(layers.payload, inet.UDP):
        del layers.payload.len
    return bytes(layers)


def back(peer: Peer, source: str = "", ttl: int = 61) -> Any:
    """An IP header from the peer, or from a router on the way, to us."""
    if peer.version == 4:
        return inet.IP(src=source or peer.dst, dst=peer.source, ttl=ttl)
    return inet6.IPv6(src=source or peer.dst, dst=peer.source, hlim=ttl)


def echo_reply(packet: Packet) -> bytes:
    mine = packet.identity
    kind = inet.ICMP(type=0) if packet.peer.version == 4 else inet6.ICMPv6EchoReply()
    kind.id, kind.seq = mine.first, mine.number
    return bytes(back(packet.peer) / kind / Raw(packet.data[packet.peer.header + 8 :]))


def tcp(packet: Packet, flags: str, **fields: Any) -> bytes:
    """A segment that acknowledges ours."""
    mine = packet.identity
    values = {"ack": (mine.number + 1) & 0xFFFFFFFF, "seq": 7, "window": 65160}
    ports = {"sport": mine.second, "dport": mine.first}
    return bytes(back(packet.peer) / inet.TCP(flags=flags, **{**values, **ports, **fields}))


def complaint(packet: Packet, error: Layers, *, quoted: int = 4096, spent: bool = True) -> bytes:
    """An ICMP error of a router about our packet, of which it quotes so many bytes."""
    mine = bytearray(packet.data)
    if spent:
        mine[8 if packet.peer.version == 4 else 7] = 1
    version = packet.peer.version
    return bytes(back(packet.peer, ROUTERS[version], 62) / error / Raw(bytes(mine[:quoted])))


def unreachable(version: int, code: int) -> Any:
    return inet.ICMP(type=3, code=code) if version == 4 else inet6.ICMPv6DestUnreach(code=code)


def exceeded(version: int) -> Any:
    return inet.ICMP(type=11) if version == 4 else inet6.ICMPv6TimeExceeded()


def too_big(version: int, mtu: int) -> Any:
    if version == 4:
        return inet.ICMP(type=3, code=4, nexthopmtu=mtu)
    return inet6.ICMPv6PacketTooBig(mtu=mtu)


def heard(data: bytes) -> Heard:
    found = read(data)
    assert found is not None
    return found
