"""The checksum, against scapy's."""

import struct

from hypothesis import given
from hypothesis import strategies as st
from scapy.utils import checksum

from layerwalk.probes.wire.checksum import folded, pseudo_header


@given(st.binary(max_size=1600))
def test_the_complement_of_the_sum_is_scapys_checksum(data: bytes) -> None:
    assert (~folded(data) & 0xFFFF) == checksum(data)


@given(st.binary(max_size=99))
def test_an_odd_end_counts_as_if_a_zero_followed(data: bytes) -> None:
    assert folded(data + b"\0" * (len(data) % 2)) == folded(data)


@given(st.binary(min_size=2, max_size=200))
def test_data_with_its_checksum_sums_up_to_all_ones(data: bytes) -> None:
    even = data + b"\0" * (len(data) % 2)
    assert folded(even + struct.pack("!H", ~folded(even) & 0xFFFF)) == 0xFFFF


def test_the_pseudo_header_sums_up_alike_in_either_direction() -> None:
    one, other = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 7])
    there, back = pseudo_header(one, other, 6, 20), pseudo_header(other, one, 6, 20)
    assert len(there) == 16
    assert folded(there) == folded(back)
