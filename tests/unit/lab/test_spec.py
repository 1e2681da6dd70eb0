"""A network as data: who has which address, and how one network becomes another."""

import pytest

from layerwalk.lab.spec import End, Host, Link, Network, Route, family_of

NETWORK = Network(
    (Host("a"), Host("b", routes=(Route("0.0.0.0/0", via="192.0.2.1"),))),
    (Link((End("a", "eth0", ("192.0.2.1/24", "2001:db8::1/64")), End("b", "eth0", ()))),),
    ("a",),
)


def test_an_address_is_found_by_its_family() -> None:
    assert NETWORK.address("a", 4) == "192.0.2.1"
    assert NETWORK.address("a", 6) == "2001:db8::1"
    assert NETWORK.hop_address(1, 6) == "2001:db8::1"


def test_what_is_not_there_is_a_lookup_error() -> None:
    for ask in (
        lambda: NETWORK.address("b", 4),
        lambda: NETWORK.host("c"),
        lambda: NETWORK.end("a", "eth1"),
    ):
        with pytest.raises(LookupError):
            ask()


def test_a_changed_host_leaves_the_first_network_as_it_was() -> None:
    changed = NETWORK.with_host("a", firewall="flush ruleset")
    assert changed.host("a").firewall == "flush ruleset"
    assert changed.host("b") == NETWORK.host("b")
    assert not NETWORK.host("a").firewall


def test_a_changed_end_changes_no_other() -> None:
    changed = NETWORK.with_end("b", "eth0", mtu=1300)
    assert changed.end("b", "eth0").mtu == 1300
    assert changed.end("a", "eth0") == NETWORK.end("a", "eth0")


def test_a_route_takes_the_place_of_one_to_the_same_prefix() -> None:
    other = Route("0.0.0.0/0", via="192.0.2.9")
    beside = Route("::/0", via="2001:db8::9")
    assert NETWORK.with_routes("b", other, beside).host("b").routes == (other, beside)
    assert NETWORK.without_routes("b", "0.0.0.0/0").host("b").routes == ()


def test_more_than_two_ends_need_a_switch() -> None:
    ends = tuple(End(name, "eth0") for name in "abc")
    assert Link(ends).has_switch
    assert not Link(ends[:2]).has_switch


def test_families_are_read_off_the_text() -> None:
    assert (family_of("192.0.2.1"), family_of("2001:db8::1")) == (4, 6)
    assert (Route("0.0.0.0/0").family, Route("::/0").family) == (4, 6)
