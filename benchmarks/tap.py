"""Every packet that leaves this network namespace: when, and to which address.

A program of its own, to be run on a host of the lab. It says "ready" on standard output, watches
until standard input closes, and then writes one line of JSON: pairs of a time and an address.
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


def watched(tap: socket.socket) -> list[Packet]:
    """What left until standard input closed, the packets still in the queue then included."""
    found: list[Packet] = []
    while sys.stdin not in select.select([tap, sys.stdin], [], [])[0]:
        found += queued(tap)
    return found + queued(tap)


def queued(tap: socket.socket) -> list[Packet]:
    """What waits in the socket's queue, without that on loopback and that which comes in."""
    found: list[Packet] = []
    while True:
        try:
            data, marks, _, (interface, protocol, kind, *_) = tap.recvmsg(128, 64)
        except BlockingIOError:
            return found
        if kind == socket.PACKET_OUTGOING and interface != "lo":
            seconds, nanoseconds = TIME.unpack(marks[0][2])
            found.append((seconds + nanoseconds / 1e9, destination(protocol, data)))


def destination(protocol: int, data: bytes) -> str:
    """The address that a packet, from its network header on, is for; ARP's is the one it asks."""
    if protocol == IPV4:
        return socket.inet_ntop(socket.AF_INET, data[16:20])
    if protocol == IPV6:
        return socket.inet_ntop(socket.AF_INET6, data[24:40])
    if protocol == ARP:
        return socket.inet_ntop(socket.AF_INET, data[24:28])
    return f"protocol {protocol:#06x}"


def missed(tap: socket.socket) -> int:
    """How many packets the kernel had to leave out."""
    dropped: int = struct.unpack("II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
    return dropped


def main() -> int:
    """Watch until standard input closes."""
    with opened() as tap:
        print("ready", flush=True)
        found = watched(tap)
        if lost := missed(tap):
            print(f"{lost} packets were not counted", file=sys.stderr)
            return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
