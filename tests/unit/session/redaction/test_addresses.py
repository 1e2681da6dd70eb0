from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.session.redaction.addresses import STAND_INS_4, STAND_INS_6, Addresses

TRUE_4 = st.ip_addresses(v=4).filter(lambda it: it not in STAND_INS_4)
TRUE_6 = st.ip_addresses(v=6).filter(lambda it: it not in STAND_INS_6 and not it.is_multicast)


@given(st.lists(TRUE_4 | TRUE_6, max_size=40, unique=True))
def test_different_addresses_have_different_stand_ins(
    true: list[IPv4Address | IPv6Address],
) -> None:
    book = Addresses()
    shown = [book.stand_in(address) for address in true]
    assert len(set(shown)) == len(true)
    assert [book.stand_in(address) for address in true] == shown


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_a_network_stays_together(one: int, other: int, elsewhere: int) -> None:
    book = Addresses()
    near = [IPv4Address(f"198.51.100.{it}") for it in (one, other)]
    first, second = (ip_network(f"{book.stand_in(it)}/24", strict=False) for it in near)
    third = ip_network(f"{book.stand_in(IPv4Address(f'198.51.101.{elsewhere}'))}/24", strict=False)
    assert first == second != third


def test_a_network_of_ipv6_stays_together() -> None:
    book = Addresses()
    shown = [str(book.stand_in(IPv6Address(f"2001:db8:{it}"))) for it in ("1::1", "1::2", "2::1")]
    assert shown == ["3fff:0:1::1", "3fff:0:1::2", "3fff:0:2::1"]


def test_a_whole_network_has_room() -> None:
    book = Addresses()
    shown = [book.stand_in(address) for address in IPv4Network("198.51.100.0/24")]
    assert len(set(shown)) == 256
    assert (shown[0], shown[255]) == ("0.0.1.0", "0.0.1.255")


@pytest.mark.parametrize(
    ("true", "shown"),
    [
        ("10.1.2.3", "0.10.1.1"),
        ("172.16.0.1", "0.10.1.1"),
        ("192.168.1.0", "0.10.1.0"),
        ("100.64.0.1", "0.100.1.1"),
        ("169.254.9.9", "0.169.1.1"),
        ("198.51.100.7", "0.0.1.1"),
        ("fe80::5054:ff:feaa:bb01", "3fff:fe8:1::1"),
        ("fd00:1:2:3::4", "3fff:fd0:1::1"),
        ("2001:db8::", "3fff:0:1::"),
        ("::ffff:198.51.100.7", "::ffff:0.0.1.1"),
        ("64:ff9b::198.51.100.7", "64:ff9b::0.0.1.1"),
        ("ff02::1:ff12:3456", "ff02::1:ff00:0"),
    ],
)
def test_the_kind_of_address_can_be_seen(true: str, shown: str) -> None:
    assert Addresses().stand_in(ip_address(true)) == shown


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.53", "0.0.0.0", "255.255.255.0", "224.0.0.1", "0.0.1.3"),
        *("::1", "::", "ff02::1", "3fff:0:1::3"),
    ],
)
def test_what_tells_nothing_stays(address: str) -> None:
    assert Addresses().stand_in(ip_address(address)) == address


def test_stand_ins_of_another_redaction_are_given_to_nobody_else() -> None:
    book = Addresses()
    for there in ("0.0.1.1", "3fff:0:1::1"):
        book.stand_in(ip_address(there))
    assert book.stand_in(IPv4Address("198.51.100.7")) == "0.0.2.1"
    assert book.stand_in(IPv6Address("2001:db8::7")) == "3fff:0:2::1"


def test_more_networks_than_there_is_room_for_raise_nothing() -> None:
    book = Addresses()
    shown = [book.stand_in(IPv4Address((1 << 24) + (it << 8) + 1)) for it in range(2700)]
    assert all(IPv4Address(it) in STAND_INS_4 for it in shown)
    assert len(set(shown)) > 2500
