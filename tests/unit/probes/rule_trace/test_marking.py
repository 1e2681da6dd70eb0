"""Which packets are marked: those of one connection, written for nft on one line a chain."""

import pytest

from layerwalk.probes.rule_trace.marking import Marking

CONNECTION = Marking(
    address="192.0.2.9", port=443, other="192.0.2.2", other_port=40001, interface="eth0"
)


def test_only_our_own_connection_is_marked_both_ways() -> None:
    (chains,) = CONNECTION.chains.values()
    there = (
        "ip daddr 192.0.2.9 tcp dport 443 ip saddr 192.0.2.2 tcp sport 40001 meta nftrace set 1;"
    )
    back = "ip saddr 192.0.2.9 tcp sport 443 ip daddr 192.0.2.2 tcp dport 40001 meta nftrace set 1;"
    assert chains.count(there) == chains.count(back) == 2
    assert "hook output priority -2147483647; policy accept;" in chains
    assert "hook prerouting priority -2147483647; policy accept;" in chains
    assert "\n" not in chains


def test_of_clients_only_some_syns_are() -> None:
    (chains,) = Marking(address="2001:db8::9", port=443).chains.values()
    assert "ip6 daddr 2001:db8::9 tcp dport 443 tcp flags & (syn | ack) == syn limit" in chains
    assert "saddr 2001:db8::1" not in chains
    (named,) = Marking(address="2001:db8::9", port=443, other="2001:db8::1").chains.values()
    assert "tcp dport 443 ip6 saddr 2001:db8::1 tcp flags" in named


@pytest.mark.parametrize(("name", "early"), [("eth0", True), ("br-a.7@b", True), ('e"; x', False)])
def test_devices_are_marked_by_names_that_mean_nothing_else(name: str, *, early: bool) -> None:
    found = Marking(address="192.0.2.9", port=443, interface=name, devices=True).chains
    assert ("netdev" in found) is early
    assert all(f'device "{name}"' in chain for family, chain in found.items() if family != "inet")


def test_a_scope_is_left_out() -> None:
    (chains,) = Marking(address="fe80::1%eth0", port=443).chains.values()
    assert "ip6 daddr fe80::1 tcp" in chains
