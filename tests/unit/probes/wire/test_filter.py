"""The kernel's filter, run instruction by instruction over packets as scapy makes them."""

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6

from layerwalk.probes.wire import packets
from layerwalk.probes.wire.filter import Instruction, both_ways, program
from tests.unit.probes.wire.peers import FOUR, SIX, back, complaint, echo_reply

PORTS = (4000, 40000, 65535)
LOADS = {0x30: 1, 0x28: 2, 0x48: 2, 0x50: 1}


def kept(code: list[Instruction], data: bytes, *, leaves: bool = False, ethertype: int = 0) -> bool:
    """Run a classic BPF program as the kernel does: reading beyond the end drops the packet.

    What the kernel knows besides the bytes is read beyond SKF_AD_OFF (linux/filter.h).
    """
    known = {0xFFFFF000: ethertype, 0xFFFFF004: 4 if leaves else 0}
    register, index, at = 0, 0, 0
    while True:
        operation, _, _, value = code[at]
        at += 1
        try:
            if operation == 0x06:
                return value > 0
            if operation == 0xB1:
                index = (data[value] & 0x0F) * 4
            elif operation in LOADS:
                start = value + (index if operation in {0x48, 0x50} else 0)
                register = known[value] if value in known else number(data, start, LOADS[operation])
            else:
                at += distance(code[at - 1], register)
        except IndexError:
            return False


def number(data: bytes, start: int, width: int) -> int:
    if start + width > len(data):
        raise IndexError
    return int.from_bytes(data[start : start + width])


def distance(step: Instruction, register: int) -> int:
    operation, if_true, if_false, value = step
    assert operation in {0x05, 0x15, 0x45}
    if operation == 0x05:
        return value
    if operation == 0x45:
        return if_true if register & value else if_false
    return if_true if register == value else if_false


def passes(version: int, layers: Any, ports: Collection[int] = PORTS) -> bool:
    return kept(program(version, ports), bytes(layers))


PEER = {4: FOUR, 6: SIX}


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("layer", [inet.TCP, inet.UDP])
def test_only_packets_to_our_ports_are_kept(version: int, layer: Any) -> None:
    for port in (*PORTS, 22, 4001, 0):
        segment = back(PEER[version]) / layer(sport=5432, dport=port)
        assert passes(version, segment) is (port in PORTS)


@pytest.mark.parametrize("version", [4, 6])
def test_the_other_ends_port_does_not_matter(version: int) -> None:
    assert not passes(version, back(PEER[version]) / inet.TCP(sport=4000, dport=22))


@pytest.mark.parametrize("version", [4, 6])
def test_every_answer_by_icmp_is_kept(version: int) -> None:
    packet = packets.echo(PEER[version], 1, 2)
    error = inet.ICMP(type=11) if version == 4 else inet6.ICMPv6TimeExceeded()
    assert kept(program(version, ()), echo_reply(packet))
    assert kept(program(version, PORTS), complaint(packet, error))


@pytest.mark.parametrize(
    "layers",
    [
        inet.ICMP(type=8),
        inet.ICMP(type=5),
        inet.ICMP(type=13),
        inet6.ICMPv6EchoRequest(),
        inet6.ICMPv6ND_NS(),
        inet6.ICMPv6ND_RA(),
    ],
)
def test_what_icmp_asks_of_this_machine_is_dropped(layers: Any) -> None:
    version = 4 if isinstance(layers, inet.ICMP) else 6
    assert not passes(version, back(PEER[version]) / layers)


def test_only_the_first_fragment_has_a_header() -> None:
    header = inet.IP(src=FOUR.dst, dst=FOUR.source, flags="MF")
    for layers in (inet.TCP(dport=4000), inet.ICMP(type=0)):
        assert passes(4, header / layers)
        later = inet.IP(src=FOUR.dst, dst=FOUR.source, frag=185) / layers
        assert not passes(4, later)


@pytest.mark.parametrize(
    "extension",
    [
        inet6.IPv6ExtHdrHopByHop(),
        inet6.IPv6ExtHdrDestOpt(),
        inet6.IPv6ExtHdrRouting(),
        inet6.IPv6ExtHdrFragment(),
    ],
)
def test_what_is_behind_an_extension_header_is_left_to_the_reader(extension: Any) -> None:
    for layers in (inet.TCP(dport=4000), inet6.ICMPv6EchoReply(), inet6.ICMPv6TimeExceeded()):
        assert passes(6, back(SIX) / extension / layers, ())
    assert not passes(6, back(SIX) / extension / inet.UDP(dport=4000))


@pytest.mark.parametrize("version", [4, 6])
def test_without_ports_nothing_but_icmp_is_kept(version: int) -> None:
    assert not passes(version, back(PEER[version]) / inet.TCP(dport=4000), ())
    assert not passes(version, back(PEER[version]) / inet.UDP(dport=0), ())


def test_a_port_is_found_behind_options() -> None:
    header = inet.IP(src=FOUR.dst, dst=FOUR.source, options=[inet.IPOption(b"\x94\x04\0\0")])
    assert passes(4, header / inet.TCP(dport=4000))
    assert not passes(4, header / inet.TCP(dport=4001))


@pytest.mark.parametrize("protocol", [2, 47, 50, 132])
def test_other_protocols_are_dropped(protocol: int) -> None:
    rest = (4000).to_bytes(2, "big") * 10
    assert not passes(4, inet.IP(dst=FOUR.source, proto=protocol) / rest)
    assert not passes(6, inet6.IPv6(dst=SIX.source, nh=protocol) / rest)


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("layer", [inet.TCP, inet.UDP])
def test_both_ways_tells_our_port_from_theirs(version: int, layer: Any) -> None:
    code, ethertype = both_ways(version, PORTS), {4: 0x0800, 6: 0x86DD}[version]
    for first, second in ((4000, 53), (53, 4000), (53, 54)):
        data = bytes(back(PEER[version]) / layer(sport=first, dport=second))
        assert kept(code, data, leaves=True, ethertype=ethertype) is (first == 4000)
        assert kept(code, data, ethertype=ethertype) is (second == 4000)


@pytest.mark.parametrize("version", [4, 6])
def test_both_ways_sees_nothing_but_its_familys_transports(version: int) -> None:
    code, ethertype = both_ways(version, PORTS), {4: 0x0800, 6: 0x86DD}[version]
    ours = bytes(back(PEER[version]) / inet.UDP(sport=4000, dport=4000))
    assert not kept(code, ours, leaves=True, ethertype=0x0806)
    assert not kept(code, echo_reply(packets.echo(PEER[version], 4000, 2)), ethertype=ethertype)
    assert not kept(both_ways(version, ()), ours, leaves=True, ethertype=ethertype)


@pytest.mark.parametrize("make", [program, both_ways])
@pytest.mark.parametrize("version", [4, 6])
def test_more_ports_than_a_jump_is_long(version: int, make: Any) -> None:
    ports, ethertype = range(2000, 3201, 2), {4: 0x0800, 6: 0x86DD}[version]
    code = make(version, ports)
    assert all(max(step[1:3]) < 256 for step in code)
    for port in (*range(1990, 2010), *range(2490, 2510), 3199, 3200, 3201):
        data = bytes(back(PEER[version]) / inet.TCP(sport=5432, dport=port))
        assert kept(code, data, ethertype=ethertype) is (port in ports)


@given(
    st.sampled_from([4, 6]),
    st.sets(st.integers(1, 65535), max_size=40),
    st.integers(1, 65535),
    st.sampled_from([inet.TCP, inet.UDP]),
)
def test_any_set_of_ports_is_told_apart(
    version: int, ports: set[int], port: int, layer: Any
) -> None:
    assert passes(version, back(PEER[version]) / layer(dport=port), ports) is (port in ports)
    for one in ports:
        assert passes(version, back(PEER[version]) / layer(dport=one), ports)


@given(st.sampled_from([4, 6]), st.binary(max_size=60))
def test_it_ends_on_any_bytes(version: int, data: bytes) -> None:
    code = program(version, PORTS)
    assert all(if_true < len(code) and if_false < len(code) for _, if_true, if_false, _ in code)
    assert kept(code, data) in {True, False}
