"""Questions on the link itself: ARP (RFC 826) and neighbour solicitation (RFC 4861)."""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.checksum import folded, pseudo_header
from layerwalk.probes.wire.packets import Packet

_IPV4, _ARP, _IPV6 = 0x0800, 0x0806, 0x86DD
ETHERTYPES = {4: _IPV4, 6: _IPV6}
HEADER = 14
"""The length of an Ethernet header in bytes."""

_SIOCGIFHWADDR = 0x8927
_ETHERNET = 1
_ICMPV6, _SOLICITATION, _ADVERTISEMENT = 58, 135, 136


@dataclass(frozen=True)
class Question:
    """One frame that asks who has an address, and where to listen for the answer."""

    address: str
    interface: str
    protocol: int
    frame: bytes

    def open(self, origin: Origin = HERE) -> socket.socket:
        """Open a packet socket on the interface; what it sends has the origin's mark.

        Raises:
            OSError: no right to, or no such interface.
        """
        return opened(self.interface, self.protocol, origin)


def opened(interface: str, protocol: int, origin: Origin = HERE) -> socket.socket:
    """Open a packet socket for the frames of one protocol on one interface.

    Raises:
        OSError: no right to, or no such interface.
    """
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    try:
        origin.stamp(sock)
        sock.bind((interface, protocol))
    except OSError:
        sock.close()
        raise
    return sock


def send(sock: socket.socket, frame: bytes) -> None:
    """Send a frame; one that the interface's queue has no room for is lost like any other.

    Raises:
        OSError: the interface is gone.
    """
    try:
        sock.send(frame)
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            raise


def handed_to(mac: str, packet: Packet) -> bytes:
    """Make the frame that hands a packet to this machine on the link, whatever the routes say."""
    data = bytearray(packet.data)
    if packet.peer.version == 4:  # the kernel, which else does it, does not see the packet
        data[10:12] = bytes(2)
        data[10:12] = (~folded(data[:20]) & 0xFFFF).to_bytes(2)
    own = _own_mac(packet.peer.interface) or ""
    kind = ETHERTYPES[packet.peer.version].to_bytes(2)
    return _bytes(mac) + _bytes(own) + kind + bytes(data)


def sender_of(frame: bytes) -> str:
    """The MAC that a frame comes from."""
    return _text(frame[6:12])


def question(address: str, source: str, interface: str) -> Question | None:
    """Make the question; ``None`` where the link has no Ethernet addresses to ask for."""
    mac = _own_mac(interface)
    if mac is None:
        return None
    wanted = address.partition("%")[0]
    if ":" in wanted:
        return Question(wanted, interface, _IPV6, _solicitation(wanted, source, mac))
    return Question(wanted, interface, _ARP, _arp(wanted, source, mac))


def _own_mac(interface: str) -> str | None:
    """The interface's MAC (netdevice(7)), ``None`` where it is no Ethernet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("256s", interface.encode()[:15])
        try:
            answer = fcntl.ioctl(sock.fileno(), _SIOCGIFHWADDR, request)
        except OSError:
            return None
    if struct.unpack_from("H", answer, 16)[0] != _ETHERNET:
        return None
    return ":".join(f"{byte:02x}" for byte in answer[18:24])


def _arp(address: str, source: str, mac: str) -> bytes:
    """An ARP request to everybody (RFC 826), as scapy builds it."""
    own = _bytes(mac)
    frame = b"\xff" * 6 + own + struct.pack("!H", _ARP)
    asked = struct.pack("!HHBBH", _ETHERNET, _IPV4, 6, 4, 1) + own + IPv4Address(source).packed
    return frame + asked + bytes(6) + IPv4Address(address).packed


def _solicitation(address: str, source: str, mac: str) -> bytes:
    """A neighbour solicitation to the address's own group (RFC 4861 4.3), as scapy builds it."""
    own, wanted = _bytes(mac), IPv6Address(address).packed
    group = bytes.fromhex("ff02" + "00" * 9 + "01ff") + wanted[-3:]
    sender = IPv6Address(source.partition("%")[0]).packed
    asked = bytes([_SOLICITATION, 0, 0, 0]) + bytes(4) + wanted + b"\x01\x01" + own
    total = folded(pseudo_header(sender, group, _ICMPV6, len(asked)) + asked)
    asked = asked[:2] + struct.pack("!H", ~total & 0xFFFF) + asked[4:]
    frame = b"\x33\x33" + group[-4:] + own + struct.pack("!H", _IPV6)
    return frame + struct.pack("!IHBB", 6 << 28, len(asked), _ICMPV6, 255) + sender + group + asked


def answered_mac(asked: Question, frame: bytes) -> str | None:
    """The MAC that a frame gives for the address asked for; ``None`` for any other frame."""
    wanted = ip_address(asked.address).packed
    if asked.protocol == _ARP:
        reply = len(frame) >= 42 and frame[20:22] == b"\x00\x02" and frame[28:32] == wanted
        return _text(frame[22:28]) if reply else None
    advert = len(frame) >= 78 and frame[20] == 58 and frame[54] == _ADVERTISEMENT
    if not advert or frame[62:78] != wanted:
        return None
    option = frame[78:86]
    given = len(option) == 8 and option[:2] == b"\x02\x01"
    return _text(option[2:8] if given else frame[6:12])


def overrides(asked: Question, frame: bytes) -> bool:
    """Tell whether an answer claims the address for its sender alone.

    Neighbour advertisements of proxies, and for anycast addresses, say that they don't (RFC 4861
    4.4, 7.2.7 and 7.2.8); ARP has no word for it.
    """
    return asked.protocol == _ARP or bool(frame[58] & 0x20)


def _bytes(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def _text(mac: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in mac)
