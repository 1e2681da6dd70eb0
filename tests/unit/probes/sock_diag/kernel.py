"""What a kernel would say, made by hand: rows and messages of sock_diag(7)."""

import socket
import struct
from dataclasses import dataclass, field

SOCKET, DONE, ERROR = 18, 3, 2


@dataclass(kw_only=True)
class Told:
    """One struct inet_diag_msg with its attributes, to be changed in one place or another."""

    family: int = socket.AF_INET
    state: int = 1
    timer: int = 0
    retransmits: int = 0
    source: str = "192.0.2.10"
    source_port: int = 40000
    destination: str = "198.51.100.10"
    destination_port: int = 443
    interface: int = 0
    cookie: int = 0x1_0000_0007
    expires: int = 0
    queues: tuple[int, int] = (0, 0)
    uid: int = 1000
    inode: int = 4711
    attributes: dict[int, bytes] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        head = struct.pack("=BBBB", self.family, self.state, self.timer, self.retransmits)
        ends = struct.pack("!HH", self.source_port, self.destination_port)
        ends += self._packed(self.source) + self._packed(self.destination)
        ends += struct.pack("=IQ", self.interface, self.cookie)
        tail = struct.pack("=IIIII", self.expires, *self.queues, self.uid, self.inode)
        return head + ends + tail + b"".join(map(attribute, *self._pairs()))

    def _packed(self, text: str) -> bytes:
        return socket.inet_pton(self.family, text).ljust(16, b"\0")

    def _pairs(self) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
        return tuple(self.attributes), tuple(self.attributes.values())


def attribute(kind: int, value: bytes) -> bytes:
    size = 4 + len(value)
    return struct.pack("=HH", size, kind) + value.ljust(-(-len(value) // 4) * 4, b"\0")


def message(kind: int, body: bytes = b"") -> bytes:
    padded = body.ljust(-(-len(body) // 4) * 4, b"\0")
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + padded


def tcp_info(**figures: int) -> bytes:
    """A struct tcp_info of Linux 5.5 or so; the figures by their place, ``at_68=45000``."""
    data = bytearray(232)
    for name, value in figures.items():
        at = int(name.removeprefix("at_"))
        form = "=B" if at < 8 else "=Q" if at in {120, 128} else "=I"
        struct.pack_into(form, data, at, value)
    return bytes(data)
