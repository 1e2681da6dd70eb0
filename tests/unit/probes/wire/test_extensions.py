"""What routers add to their ICMP errors: read where it is whole, left out where it is not."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.checksum import folded
from layerwalk.probes.wire.extensions import read_extensions
from layerwalk.probes.wire.parse import read
from tests.unit.probes.wire.peers import PEERS, back

MPLS = struct.pack("!I", (24015 << 12) | (5 << 9) | 0 << 8 | 1) + struct.pack(
    "!I", 16 << 12 | 0x1FF
)


def extension(*objects: tuple[int, int, bytes], summed: bool = True) -> bytes:
    body = b"".join(struct.pack("!HBB", len(it) + 4, a, b) + it for a, b, it in objects)
    head = bytes([0x20, 0])
    total = ~folded(head + b"\0\0" + body) & 0xFFFF if summed else 0
    return head + struct.pack("!H", total) + body


def error(version: int, added: bytes, *, told: bool = True, quote: bytes = b"") -> bytes:
    """An ICMP error from its header on, with a quote of 128 bytes and what is added to it."""
    words = 128 // (4 if version == 4 else 8) if told else 0
    length = bytes([0, words]) if version == 4 else bytes([words, 0])
    return bytes([11, 0, 0, 0]) + length + b"\0\0" + quote.ljust(128, b"\0") + added


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("summed", [True, False])
def test_a_label_stack_is_read_to_its_bottom(version: int, told: bool, summed: bool) -> None:  # noqa: FBT001
    body = error(version, extension((1, 1, MPLS + b"\0\0\0\0"), summed=summed), told=told)
    assert read_extensions(version, body) == (
        "MPLS label 24015, class 5, TTL 1",
        "MPLS label 16, class 0, TTL 255",
    )


def named(text: bytes) -> bytes:
    size = -(-(len(text) + 1) // 4) * 4
    return bytes([size]) + text.ljust(size - 1, b"\0")


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        (
            0x0F,
            struct.pack("!I", 7)
            + b"\0\1\0\0"
            + bytes([192, 0, 2, 1])
            + named(b"ge-0/0/1")
            + struct.pack("!I", 9000),
            "interface in: ge-0/0/1, index 7, 192.0.2.1, MTU 9000",
        ),
        (0x88, struct.pack("!I", 3), "interface out: index 3"),
        (
            0x04,
            b"\0\2\0\0" + bytes.fromhex("20010db8" + "0" * 22 + "01"),
            "interface in: 2001:db8::1",
        ),
        (0x02, named(b"\x1b[2Jx"), "interface in: \x1b[2Jx"),
    ],
)
def test_an_interface_is_read(kind: int, payload: bytes, words: str) -> None:
    assert read_extensions(4, error(4, extension((2, kind, payload)))) == (words,)


@pytest.mark.parametrize(
    "added",
    [
        b"",
        b"\x20\0",
        b"\x10\0\0\0" + struct.pack("!HBB", 8, 1, 1) + MPLS[:4],
        b"\x20\0\x12\x34" + struct.pack("!HBB", 8, 1, 1) + MPLS[:4],
        extension((2, 0x0F, b"\0\0")),
        extension((2, 0x04, b"\0\7\0\0\1\2\3\4")),
        extension((9, 9, b"what")),
        b"\x20\0\0\0" + struct.pack("!HBB", 2, 1, 1),
        b"\x20\0\0\0" + struct.pack("!HBB", 99, 1, 1),
    ],
)
def test_what_is_broken_is_left_out(added: bytes) -> None:
    assert read_extensions(4, error(4, added)) == ()


@given(st.sampled_from([4, 6]), st.binary(max_size=300))
def test_no_bytes_trip_it(version: int, body: bytes) -> None:
    assert isinstance(read_extensions(version, body), tuple)


@given(st.sampled_from([4, 6]), st.binary(max_size=120))
def test_no_objects_trip_it(version: int, data: bytes) -> None:
    found = read_extensions(version, error(version, b"\x20\0\0\0" + data))
    assert len(found) <= 8


@pytest.mark.parametrize("peer", PEERS)
def test_a_whole_error_carries_them(peer: packets.Peer) -> None:
    packet = packets.syn(peer, (4000, 80), 99, 3)
    body = bytearray(error(peer.version, extension((1, 1, MPLS)), quote=packet.data))
    body[0] = 11 if peer.version == 4 else 3
    header = bytes(back(peer))
    if peer.version == 4:
        header = header[:9] + b"\x01" + header[10:]
    else:
        header = header[:6] + bytes([58]) + header[7:]
    found = read(header + bytes(body))
    assert found is not None
    assert (found.kind, found.identity) == (AnswerKind.TIME_EXCEEDED, packet.identity)
    assert found.extensions[0] == "MPLS label 24015, class 5, TTL 1"
    assert found.quote.startswith(packet.data)
