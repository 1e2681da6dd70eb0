"""Every packet that leaves this network namespace: when, and to which address.

A program of its own, to be run on a host of the lab. It says "ready" on standard output, watches
until standard input closes, and then writes one line of JSON: pairs of a time and an address. With
the word "in" it tells what comes in instead, and from which address.
"""

import json
import select
import socket
import struct
import sys

ETH_P_ALL = 3  # if_ether.h
IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
SO_TIMESTAMPNS = 35  # asm-generic/socket.h
SOL_PACKET, PACKET_STATISTICS = 263, 6  # if_packet.h
TIME = struct.Struct("@ll")
BUFFER = 8 << 20

Packet = tuple[float, str]


def opened() -> socket.socket:
    """A socket on all interfaces, with the kernel's own times."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    tap.setblocking(False)
    return tap


def watched(tap: socket.socket, *, comes: bool = False) -> list[Packet]:
    """What left until standard input closed, the packets still in the queue then included."""
    found: list[Packet] = []
    while sys.stdin not in select.select([tap, sys.stdin], [], [])[0]:
        found += queued(tap, comes=comes)
    return found + queued(tap, comes=comes)


def queued(tap: socket.socket, *, comes: bool = False) -> list[Packet]:
    """What waits in the socket's queue and goes this way, without that on loopback."""
    found: list[Packet] = []
    while True:
        try:
            data, marks, _, (interface, protocol, kind, *_) = tap.recvmsg(128, 64)
        except BlockingIOError:
            return found
        if (kind == socket.PACKET_OUTGOING) != comes and interface != "lo":
            seconds, nanoseconds = TIME.unpack(marks[0][2])
            address = source(protocol, data) if comes else destination(protocol, data)
            found.append((seconds + nanoseconds / 1e9, address))


def destination(protocol: int, data: bytes) -> str:
    """The address that a packet, from its network header on, is for; ARP's is the one it asks."""
    return address_at(protocol, data, {IPV4: 16, IPV6: 24, ARP: 24})


def source(protocol: int, data: bytes) -> str:
    """The address that a packet, from its network header on, comes from."""
    return address_at(protocol, data, {IPV4: 12, IPV6: 8, ARP: 14})


def address_at(protocol: int, data: bytes, places: dict[int, int]) -> str:
    """The address at the protocol's place."""
    if protocol not in places:
        return f"protocol {protocol:#06x}"
    at = places[protocol]
    if protocol == IPV6:
        return socket.inet_ntop(socket.AF_INET6, data[at : at + 16])
    return socket.inet_ntop(socket.AF_INET, data[at : at + 4])


def missed(tap: socket.socket) -> int:
    """How many packets the kernel had to leave out."""
    dropped: int = struct.unpack("II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
    return dropped


def main() -> int:
    """Watch until standard input closes."""
    with opened() as tap:
        print("ready", flush=True)
        found = watched(tap, comes="in" in sys.argv[1:])
        if lost := missed(tap):
            print(f"{lost} packets were not counted", file=sys.stderr)
            return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
