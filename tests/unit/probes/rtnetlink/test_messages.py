"""What rtnetlink tells, read from messages as the kernel writes them."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.rtnetlink import (
    AddressMessage,
    Attributes,
    LinkMessage,
    NeighbourMessage,
    Queue,
    RouteMessage,
    RuleMessage,
)
from layerwalk.probes.rtnetlink.attributes import attribute, numbered

GATEWAY = socket.inet_aton("192.0.2.1")
OTHER = socket.inet_aton("192.0.2.2")


def test_a_link_is_read() -> None:
    settings = struct.pack("=33I", *range(1, 34))  # each setting has its own number as value
    message = LinkMessage(
        struct.pack("=BxHiII", 0, 1, 7, 0x1043, 0)
        + attribute(1, bytes.fromhex("020000000001"))
        + attribute(3, b"eth0\0")
        + numbered(4, 1400)
        + numbered(10, 3)
        + attribute(16, b"\6")
        + attribute(18, attribute(1, b"veth\0"))
        + attribute(23, struct.pack("=24Q", *range(24)))
        + attribute(26, attribute(2, attribute(1, settings)))
        + attribute(33, b"\1")
    )
    assert (message.index, message.hardware, message.flags) == (7, 1, 0x1043)
    assert (message.name, message.mtu, message.state, message.kind) == ("eth0", 1400, "up", "veth")
    assert (message.mac, message.master) == ("02:00:00:00:00:01", 3)
    assert (message.carrier, message.rp_filter) == (True, 8)
    counted = message.counters
    assert (counted["rx_packets"], counted["tx_dropped"], counted["tx_window_errors"]) == (0, 7, 20)


def test_what_a_link_does_not_tell_is_not_made_up() -> None:
    message = LinkMessage(struct.pack("=BxHiII", 0, 772, 1, 0x9, 0))
    assert (message.name, message.mtu, message.state, message.kind) == ("", 0, "", "")
    assert (message.mac, message.master, message.carrier) == ("", 0, None)
    assert (message.rp_filter, message.counters) == (0, {})


def test_of_a_point_to_point_link_the_own_address_counts() -> None:
    head = struct.pack("=BBBBI", 2, 24, 0, 0, 5)
    theirs, own = attribute(1, OTHER), attribute(2, GATEWAY)
    assert AddressMessage(head + theirs + own).address == "192.0.2.1"
    six = AddressMessage(
        struct.pack("=BBBBI", 10, 64, 0, 0, 5)
        + attribute(1, socket.inet_pton(socket.AF_INET6, "2001:db8::1"))
    )
    assert (six.address, six.length, six.index) == ("2001:db8::1", 64, 5)


def test_a_neighbour_and_a_queue_are_read() -> None:
    entry = NeighbourMessage(
        struct.pack("=BxxxiHBB", 2, 4, 0x20, 0, 1)
        + attribute(1, GATEWAY)
        + attribute(2, bytes.fromhex("0200000000fe"))
    )
    assert (entry.index, entry.state) == (4, 0x20)
    assert (entry.address, entry.mac) == ("192.0.2.1", "02:00:00:00:00:fe")
    lost = attribute(7, attribute(3, struct.pack("=5I", 0, 0, 9, 0, 0)))
    queue = Queue(struct.pack("=BxxxiIII", 0, 4, 1, 0xFFFFFFFF, 2) + lost)
    assert (queue.index, queue.parent, queue.drops) == (4, 0xFFFFFFFF, 9)


def route(*told: bytes, length: int = 24, kind: int = 1) -> RouteMessage:
    return RouteMessage(
        struct.pack("=BBBBBBBBI", 2, length, 0, 0, 254, 3, 0, kind, 0) + b"".join(told)
    )


def test_a_route_is_read() -> None:
    found = route(
        attribute(1, socket.inet_aton("198.51.100.0")),
        numbered(4, 7),
        attribute(5, GATEWAY),
        numbered(6, 77),
        attribute(7, OTHER),
        attribute(8, numbered(2, 1300)),
        numbered(15, 1000),
    )
    assert (found.destination, found.length, found.kind) == ("198.51.100.0", 24, 1)
    assert (found.table, found.metric, found.mtu) == (1000, 77, 1300)
    assert (found.source, found.hop.gateway, found.hop.interface) == ("192.0.2.2", "192.0.2.1", 7)
    assert found.hops == (found.hop,)


def test_a_gateway_of_the_other_family_is_read() -> None:
    packed = socket.inet_pton(socket.AF_INET6, "2001:db8::9")
    found = route(attribute(18, struct.pack("=H", socket.AF_INET6) + packed), numbered(4, 7))
    assert (found.hop.gateway, found.hop.via6, found.table) == ("", "2001:db8::9", 254)


def test_the_next_hops_of_a_route_are_told_apart() -> None:
    hops = b"".join(
        struct.pack("=HBBi", 16, 0, 0, index) + attribute(5, gateway)
        for index, gateway in ((7, GATEWAY), (8, OTHER))
    )
    found = route(attribute(9, hops))
    assert [(it.gateway, it.interface) for it in found.hops] == [("192.0.2.1", 7), ("192.0.2.2", 8)]


def test_a_rule_is_read() -> None:
    found = RuleMessage(
        struct.pack("=BBBBBxxBI", 2, 32, 16, 0, 100, 4, 2)
        + attribute(1, GATEWAY)
        + attribute(2, OTHER)
        + attribute(3, b"lo\0")
        + numbered(4, 900)
        + numbered(6, 5)
        + numbered(10, 7)
        + numbered(16, 0xFF)
        + attribute(17, b"eth0\0")
    )
    assert (found.destination, found.destination_length) == ("192.0.2.1", 32)
    assert (found.source, found.source_length) == ("192.0.2.2", 16)
    assert (found.table, found.priority, found.action, found.goto) == (100, 5, 4, 900)
    assert (found.incoming, found.outgoing, found.mark, found.mask) == ("lo", "eth0", 7, 0xFF)
    assert (found.inverted, found.selects_otherwise) == (True, False)


def test_a_rule_that_selects_by_something_else_says_so() -> None:
    head = struct.pack("=BBBBBxxBI", 2, 0, 0, 0, 254, 1, 0)
    assert RuleMessage(head + attribute(23, struct.pack("=HH", 22, 22))).selects_otherwise


@pytest.mark.parametrize("data", [b"", b"\1\0", b"\1\0\1\0", b"\xff\0\1\0ab"])
def test_attributes_that_are_cut_off_end_the_reading(data: bytes) -> None:
    told = Attributes(numbered(4, 9) + data)
    assert (told.number(4), told.number(1)) == (9, None)


@given(st.binary(max_size=120))
def test_no_attributes_break_the_reading(data: bytes) -> None:
    for read in (
        LinkMessage(bytes(16) + data).counters,
        LinkMessage(bytes(16) + data).rp_filter,
        Queue(bytes(20) + data).drops,
        RouteMessage(bytes(12) + data).hops,
        RuleMessage(bytes(12) + data).outgoing,
        AddressMessage(bytes(8) + data).address,
        NeighbourMessage(bytes(12) + data).mac,
    ):
        assert read is not None
