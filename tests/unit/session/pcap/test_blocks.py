"""Blocks of pcapng, read back by scapy."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from layerwalk.session.pcap import blocks
from layerwalk.session.pcap.blocks import LinkType
from tests.unit.session.pcap.packetfiles import Seen, seen_in

BEGINNING = blocks.section("layerwalk", "a walk") + blocks.interface("eth0", LinkType.IP, 2048)


@given(
    st.binary(min_size=1, max_size=200),
    st.integers(0, 1 << 62),
    st.text(max_size=60).filter(lambda it: "\0" not in it),
    st.sampled_from([1, 2]),
)
def test_a_packet_comes_back_as_it_went_in(
    data: bytes, stamp_ns: int, comment: str, direction: int
) -> None:
    block = blocks.packet(0, stamp_ns, (data, len(data) + 7), (comment, direction))
    assert seen_in(BEGINNING + block) == [
        Seen(data, len(data) + 7, stamp_ns, "eth0", 101, direction, comment)
    ]


def test_every_block_says_its_length_at_both_ends() -> None:
    whole = BEGINNING + blocks.packet(0, 1, (b"abc", 3), ("x", 1))
    at = 0
    while at < len(whole):
        (length,) = struct.unpack_from("=I", whole, at + 4)
        assert length % 4 == 0
        assert struct.unpack_from("=I", whole, at + length - 4) == (length,)
        at += length
    assert at == len(whole)


def test_sections_may_follow_each_other() -> None:
    first = BEGINNING + blocks.packet(0, 1, (b"abc", 3), ("x", 1))
    second = BEGINNING + blocks.packet(0, 2, (b"de", 2), ("y", 2))
    assert [(it.comment, it.data) for it in seen_in(first + second)] == [
        ("x", b"abc"),
        ("y", b"de"),
    ]


def test_a_comment_that_is_too_long_is_cut() -> None:
    block = blocks.packet(0, 1, (b"abc", 3), ("x" * 70_000, 1))
    assert seen_in(BEGINNING + block)[0].comment == "x" * 65_535
