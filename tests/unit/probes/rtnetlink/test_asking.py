"""How rtnetlink is asked, and what becomes of answers that are none."""

import errno
import socket
import struct
from ipaddress import ip_address

import pytest

from layerwalk.probes.rtnetlink import LinkMessage, RouteMessage, Rtnetlink
from layerwalk.probes.rtnetlink.asking import messages
from layerwalk.probes.rtnetlink.attributes import Attributes
from layerwalk.probes.rtnetlink.local import GET_LINK, of_links
from layerwalk.probes.rtnetlink.ways import GET_ROUTE, Towards, of_routes, of_way


def message(kind: int, body: bytes, flags: int = 2, number: int = 1) -> bytes:
    head = struct.pack("=IHHII", 16 + len(body), kind, flags, number, 0)
    return head + body + bytes(-len(body) % 4)


def test_several_messages_of_a_datagram_are_told_apart() -> None:
    found = list(messages(message(16, b"abc") + message(3, bytes(4))))
    assert found == [(16, 2, 1, b"abc"), (3, 2, 1, bytes(4))]


@pytest.mark.parametrize("datagram", [b"", bytes(7), message(16, b"abcd")[:-2], bytes(16)])
def test_what_is_no_message_is_an_error(datagram: bytes) -> None:
    with pytest.raises(OSError, match="message"):
        list(messages(datagram))


def test_all_links_and_one_alone_are_the_same() -> None:
    with Rtnetlink() as kernel:
        every = [LinkMessage(it) for it in kernel.every(GET_LINK, of_links())]
        loopback = next(it for it in every if it.name == "lo")
        alone = LinkMessage(kernel.one(GET_LINK, of_links(loopback.index)))
    assert (alone.name, alone.flags, alone.mtu) == ("lo", loopback.flags, loopback.mtu)


def test_an_answer_that_nobody_read_to_its_end_does_not_confuse_the_next() -> None:
    with Rtnetlink() as kernel:
        next(kernel.every(GET_LINK, of_links()))
        asked = of_way(Towards(ip_address("127.0.0.1")))
        assert RouteMessage(kernel.one(GET_ROUTE, asked)).source == "127.0.0.1"


def test_what_is_not_there_is_told_by_its_errno() -> None:
    with Rtnetlink() as kernel, pytest.raises(OSError, match="No such device") as raised:
        kernel.one(GET_LINK, of_links(0x7FFFFFF0))
    assert raised.value.errno == errno.ENODEV


def test_a_strict_socket_gives_the_routes_of_a_kind() -> None:
    with Rtnetlink(strict=True) as kernel:
        kinds = {RouteMessage(it).kind for it in kernel.every(GET_ROUTE, of_routes(4, 2))}
    assert kinds <= {2}


def test_a_question_for_a_way_says_all_that_decides_it() -> None:
    asked = Towards(ip_address("2001:db8::1"), 7, ip_address("2001:db8::2"), mark=9, match=True)
    question = of_way(asked)
    head = struct.unpack_from("=BBBBBBBBI", question)
    told = Attributes(question[12:])
    assert (head[:3], head[-1]) == ((socket.AF_INET6, 128, 128), 0x2000)
    assert (told.address(1), told.address(2)) == ("2001:db8::1", "2001:db8::2")
    assert (told.number(4), told.number(16)) == (7, 9)
    assert struct.unpack_from("=I", of_way(Towards(ip_address("192.0.2.1"))), 8) == (0x1000,)
