"""Questions on the link itself: ARP (RFC 826) and neighbour solicitation (RFC 4861)."""

from __future__ import annotations

import fcntl
import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from layerwalk.probes.origin import HERE, Origin

_ARP, _IPV6 = 0x0806, 0x86DD
_SIOCGIFHWADDR = 0x8927
_ETHERNET = 1
_ADVERTISEMENT = 136


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
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(self.protocol))
        try:
            origin.stamp(sock)
            sock.bind((self.interface, self.protocol))
        except OSError:
            sock.close()
            raise
        return sock


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
    from scapy.layers.l2 import ARP, Ether

    request = ARP(op=1, hwsrc=mac, psrc=source, pdst=address)
    return bytes(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / request)


def _solicitation(address: str, source: str, mac: str) -> bytes:
    from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6
    from scapy.layers.l2 import Ether

    low = IPv6Address(address).packed[-3:]
    group = IPv6Address(bytes.fromhex("ff02" + "00" * 9 + "01ff") + low)
    network = IPv6(src=source.partition("%")[0], dst=str(group), hlim=255)
    asked = ICMPv6ND_NS(tgt=address) / ICMPv6NDOptSrcLLAddr(lladdr=mac)
    to = "33:33:" + ":".join(f"{byte:02x}" for byte in group.packed[-4:])
    return bytes(Ether(src=mac, dst=to) / network / asked)


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


def _text(mac: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in mac)
