"""Where a packet goes, read from its header."""

from ipaddress import ip_address

from benchmarks.tap import ARP, IPV4, IPV6, destination, source

V4, V6 = "198.51.100.7", "2001:db8::7"


def test_each_protocol_has_its_place_for_the_address() -> None:
    assert destination(IPV4, bytes(16) + ip_address(V4).packed + bytes(8)) == V4
    assert destination(IPV6, bytes(24) + ip_address(V6).packed + bytes(8)) == V6
    assert destination(ARP, bytes(24) + ip_address(V4).packed) == V4
    assert destination(0x88CC, bytes(40)) == "protocol 0x88cc"


def test_so_does_the_address_that_it_comes_from() -> None:
    assert source(IPV4, bytes(12) + ip_address(V4).packed + bytes(8)) == V4
    assert source(IPV6, bytes(8) + ip_address(V6).packed + bytes(24)) == V6
    assert source(ARP, bytes(14) + ip_address(V4).packed + bytes(10)) == V4
