"""SYNs that carry data, on real networks: how large they are, who answers, and who reads them."""

import json

import pytest

from layerwalk.lab.build import Lab
from layerwalk.lab.firewall import SYN_ACK, TOO_BIG, ruleset
from layerwalk.lab.spec import FAMILIES, Family, Manner, Network, Service
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.laden_syns import laden_syns_vanish
from layerwalk.probes.syn import FIRST, syn
from tests.lab.client import half_open, peer, settle, wire_of, wired

pytestmark = pytest.mark.netns

SIZES = (128, 1401)
LARGE = "meta length > 1200"
OTHERS = ruleset(forward=[f"meta l4proto {{ icmp, icmpv6, udp }} {LARGE} drop"])
ALL = ruleset(forward=[f"{LARGE} drop"])
SEEN = "tcp flags & (fin | syn | rst | ack) == syn"


def vanish(network: Network, family: Family, *, raw: bool) -> bool | None:
    """Ask in a lab, and in another where round trips were too long to tell: the machine is busy."""
    tries = (tried(network, family, raw=raw) for _ in range(3))
    return next((found for found in tries if found is not None), None)


def tried(network: Network, family: Family, *, raw: bool) -> bool | None:
    with wired(network, raw=raw) as (_, ctx):
        to = peer(network, family)
        syn(to, PORT, FIRST, ctx)
        return laden_syns_vanish(to, PORT, SIZES, ctx, wire_of(ctx))


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "without"])
@pytest.mark.parametrize("family", FAMILIES)
def test_tcp_is_told_from_all_else(family: Family, *, raw: bool) -> None:
    assert vanish(line(2).with_host("r1", firewall=OTHERS), family, raw=raw) is False
    assert vanish(line(2).with_host("r1", firewall=ALL), family, raw=raw) is True


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "without"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_narrow_link_lets_none_through(family: Family, *, raw: bool) -> None:
    """They are never sent in fragments."""
    silent = ruleset(output=TOO_BIG)
    network = line(2).with_end("r1", "eth1", mtu=1400).with_end("r2", "eth0", mtu=1400)
    assert vanish(network.with_host("r1", firewall=silent), family, raw=raw) is True


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "without"])
def test_where_no_syn_with_data_is_answered_nothing_is_said(*, raw: bool) -> None:
    rules = ruleset(forward=[f"{SEEN} meta length > 100 drop"])
    assert vanish(line(1).with_host("r1", firewall=rules), 4, raw=raw) is None


def counted(lab: Lab, sizes: tuple[int, ...]) -> list[int]:
    listed = json.loads(lab.run("server", ["nft", "-j", "list", "ruleset"]).stdout)
    rules = [entry["rule"]["expr"] for entry in listed["nftables"] if "rule" in entry]
    found = [part["counter"]["packets"] for rule in rules for part in rule if "counter" in part]
    return found[: len(sizes)]


@pytest.mark.parametrize(("raw", "largest"), [(True, 1500), (False, 1480)])
@pytest.mark.parametrize("family", FAMILIES)
def test_they_are_as_large_as_is_said_and_nobody_reads_them(
    family: Family, largest: int, *, raw: bool
) -> None:
    length = "ip6 length" if family == 6 else "ip length"
    sizes = tuple(size - 40 if family == 6 else size for size in (largest, SIZES[0]))
    rules = [f"{SEEN} {length} {size} counter" for size in sizes]
    service = Service(PORT, Manner.SINK)
    network = line(1).with_host("server", firewall=ruleset(input=rules), services=(service,))
    with wired(network, raw=raw) as (lab, ctx):
        to = peer(network, family)
        assert laden_syns_vanish(to, PORT, SIZES, ctx, wire_of(ctx)) is False
        settle(ctx, to)
        large, small = counted(lab, sizes)
        waiting = lab.run("server", ["ss", "-Hltn"]).stdout.split()
    assert 0 < large == small
    assert waiting[1] == "0"


def test_none_stays_half_open_where_the_answers_are_lost() -> None:
    rules = ruleset(forward=[f"tcp sport {PORT} {SYN_ACK} drop"])
    network = line(1).with_host("r1", firewall=rules)
    with wired(network) as (lab, ctx):
        to = peer(network, 4)
        assert laden_syns_vanish(to, PORT, SIZES, ctx, wire_of(ctx)) is None
        settle(ctx, to)
        assert half_open(lab) == ""
