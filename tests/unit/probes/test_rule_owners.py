"""Who keeps a rule, by the names that programs give to their tables and chains."""

import pytest

from layerwalk.probes.firewall.owners import owner_of
from layerwalk.probes.firewall.ruleset import Chain, Ruleset

NOTHING = Ruleset()


@pytest.mark.parametrize(
    ("table", "chains", "owner"),
    [
        ("filter", ("INPUT", "ufw-before-input", "ufw-user-input"), "ufw"),
        ("filter", ("INPUT", "ufw6-user-input"), "ufw"),
        ("firewalld", ("filter_INPUT", "filter_IN_public"), "firewalld"),
        ("filter", ("INPUT", "IN_public_deny"), "firewalld"),
        ("filter", ("FORWARD", "DOCKER-USER"), "Docker"),
        ("filter", ("FORWARD", "DOCKER-ISOLATION-STAGE-1"), "Docker"),
        ("docker-bridges", ("filter-FORWARD",), "Docker"),
        ("filter", ("INPUT", "LIBVIRT_INP"), "libvirt"),
        ("libvirt_network", ("forward",), "libvirt"),
        ("filter", ("INPUT", "KUBE-FIREWALL"), "kube-proxy"),
        ("kube-proxy", ("filter-input",), "kube-proxy"),
        ("filter", ("INPUT", "f2b-sshd"), "fail2ban"),
        ("f2b-table", ("f2b-chain",), "fail2ban"),
        ("filter (legacy)", ("INPUT", "ufw-user-input"), "ufw"),
        ("filter", ("INPUT", "mine"), ""),
        ("filter", ("INPUT",), ""),
    ],
)
def test_names_tell_the_owner(table: str, chains: tuple[str, ...], owner: str) -> None:
    assert owner_of(NOTHING, ("ip", table, chains[-1]), chains) == owner


def test_a_policy_is_the_firewalls_whose_chains_are_around() -> None:
    places = [("ip", "filter", name) for name in ("INPUT", "ufw-user-input")]
    around = Ruleset(chains={place: Chain(place=place) for place in places})
    assert owner_of(around, places[0], ()) == "ufw"
    assert owner_of(NOTHING, places[0], ()) == ""
