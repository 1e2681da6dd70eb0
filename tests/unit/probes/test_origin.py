"""What a walk's sockets get from its mark and its source."""

import errno
import socket
import struct

import pytest

from layerwalk.probes.facts import Outcome
from layerwalk.probes.origin import HERE, NO_INTERFACE, NO_MARK, Origin, OriginError

FOUR, SIX, HOME = "198.51.100.10", "2001:db8:1::10", "127.0.0.1"
MARKED = Origin(mark=5)
FIVE = struct.pack("I", 5)


class Bare:
    """A socket that notes its options, or refuses one of them as the kernel does."""

    family = socket.AF_INET

    def __init__(self, refused: int = 0) -> None:
        self.refused = refused
        self.options: dict[int, object] = {}
        self.bound: list[object] = []

    def setsockopt(self, _level: int, option: int, value: object) -> None:
        if option == self.refused:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        self.options[option] = value

    def bind(self, address: object) -> None:
        self.bound.append(address)


def test_a_walk_that_asks_for_nothing_changes_nothing() -> None:
    sock = Bare()
    HERE.prepare(sock, FOUR)  # type: ignore[arg-type]
    assert (sock.options, sock.bound) == ({}, [])
    assert (HERE.plain, HERE.bars(), HERE.version) == (True, "", None)


def test_a_socket_gets_mark_and_interface() -> None:
    sock = Bare()
    Origin(mark=5, interface="eth1").prepare(sock, FOUR)  # type: ignore[arg-type]
    assert sock.options == {socket.SO_MARK: FIVE, socket.SO_BINDTODEVICE: b"eth1\0"}
    assert sock.bound == []


@pytest.mark.parametrize("to", [HOME, "::1", "127.0.0.53"])
def test_what_stays_here_has_the_mark_alone(to: str) -> None:
    sock = Bare()
    origin = Origin(mark=5, interface="eth1")
    origin.prepare(sock, to)  # type: ignore[arg-type]
    assert sock.options == {socket.SO_MARK: FIVE}
    assert origin.towards(to) == MARKED
    assert origin.index(to) == 0


@pytest.mark.parametrize(
    ("origin", "to", "counts"),
    [
        (HERE, FOUR, False),
        (MARKED, FOUR, False),
        (Origin(address=FOUR), "203.0.113.10", True),
        (Origin(address="fe80::1%eth0"), "fe80::2%eth0", True),
        (Origin(address=FOUR), HOME, False),
        (Origin(address="127.0.0.2"), HOME, True),
        (Origin(address="127.0.0.2"), FOUR, False),
        (Origin(interface="lo"), "::1", True),
        (Origin(interface="eth1"), "::1", False),
    ],
)
def test_source_and_interface_count_for_what_leaves(
    origin: Origin, to: str, counts: object
) -> None:
    assert origin.concerns(to) is counts


@pytest.mark.parametrize(
    ("option", "origin", "words"),
    [
        (socket.SO_MARK, MARKED, NO_MARK),
        (socket.SO_BINDTODEVICE, Origin(interface="eth1"), NO_INTERFACE),
    ],
)
def test_without_the_right_nothing_is_sent(option: int, origin: Origin, words: str) -> None:
    with pytest.raises(OriginError) as refused:
        origin.prepare(Bare(option), FOUR)  # type: ignore[arg-type]
    assert (refused.value.strerror, refused.value.outcome) == (words, Outcome.NOT_PERMITTED)


def test_the_source_is_bound() -> None:
    origin = Origin(address="127.0.0.2")
    with origin.open_socket(socket.AF_INET, socket.SOCK_DGRAM, to=HOME) as sock:
        assert sock.getsockname()[0] == "127.0.0.2"


def test_the_other_family_is_not_tried() -> None:
    with pytest.raises(OriginError, match="of the other family") as refused:
        Origin(address=FOUR).open_socket(socket.AF_INET6, socket.SOCK_DGRAM, to=SIX)
    assert refused.value.outcome is Outcome.NOT_RUN


def test_a_source_that_is_not_here_is_the_kernels_to_refuse() -> None:
    with pytest.raises(OSError) as refused:  # noqa: PT011  # its number is looked at
        Origin(address=FOUR).open_socket(socket.AF_INET, socket.SOCK_DGRAM, to="203.0.113.10")
    assert refused.value.errno == errno.EADDRNOTAVAIL


def test_an_interface_that_is_not_there_bars_all() -> None:
    assert Origin(interface="none0").bars() == "none0: No such device"


def test_a_raw_packet_is_routed_by_its_source() -> None:
    packed = socket.inet_aton(FOUR)
    assert HERE.routed(FOUR, "203.0.113.10") == [(0, 8, struct.pack("I4s4x", 0, packed))]
    assert Origin(interface="lo").routed(HOME, HOME)[0][2][:4] == struct.pack("I", 1)


def test_of_ipv6_only_a_source_that_was_asked_for_counts() -> None:
    assert HERE.routed(SIX, "2001:db8:2::1") == []
    packed = socket.inet_pton(socket.AF_INET6, SIX)
    asked = Origin(address=SIX).routed(SIX, "2001:db8:2::1")
    assert asked == [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, packed + struct.pack("I", 0))]
