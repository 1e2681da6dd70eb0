"""The path's MTU on real networks: to the byte, whoever tells and whoever answers."""

import pytest

from layerwalk.lab.firewall import TOO_BIG, ruleset
from layerwalk.lab.spec import FAMILIES, Family, Network
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import (
    Outcome,
    PathMtuFact,
    SizeMethod,
)
from layerwalk.probes.path_mtu import path_mtu
from layerwalk.probes.syn import FIRST, syn
from tests.lab.client import peer, wired

pytestmark = pytest.mark.netns

SMALL = 1400


def measured(
    network: Network, family: Family, port: int | None, *, raw: bool = True
) -> PathMtuFact:
    """Measure as a walk does: once the target's round trip is known."""
    with wired(network, raw=raw) as (_, ctx):
        echo(peer(network, family), ctx)
        syn(peer(network, family), PORT, FIRST, ctx)
        return path_mtu(peer(network, family), port, ctx)


def narrow(*, told: bool, pings: bool = True) -> Network:
    """A path of three routers with a smaller link behind the second one."""
    network = line(3).with_end("r2", "eth1", mtu=SMALL).with_end("r3", "eth0", mtu=SMALL)
    if not told:
        network = network.with_host("r2", firewall=ruleset(output=TOO_BIG))
    if not pings:
        echoes = ["icmp type echo-request drop", "icmpv6 type echo-request drop"]
        network = network.with_host("server", firewall=ruleset(input=echoes))
    return network


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("port", [PORT, None])
def test_a_small_link_is_measured_to_the_byte(family: Family, port: int | None) -> None:
    network = narrow(told=True)
    fact = measured(network, family, port)
    assert (fact.outcome, fact.passes, fact.vanishes) == (Outcome.ANSWERED, SMALL, 0)
    assert fact.told == SMALL
    assert fact.too_big[0].responder == network.hop_address(2, family)
    assert fact.by is (SizeMethod.ECHO if port is None else SizeMethod.TCP)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("port", [PORT, None])
def test_where_nobody_says_too_big_it_is_all_the_same(family: Family, port: int | None) -> None:
    network = narrow(told=False)
    fact = measured(network, family, port)
    assert (fact.passes, fact.vanishes, fact.told) == (SMALL, SMALL + 1, 0)
    assert fact.reached
    assert fact.reached.responder == network.hop_address(2, family)
    assert fact.segment_passes is (None if port is None else False)


@pytest.mark.parametrize("told", [True, False])
def test_a_port_whose_host_ignores_pings_is_measured_too(*, told: bool) -> None:
    network = narrow(told=told, pings=False)
    fact = measured(network, 4, PORT)
    assert (fact.by, fact.passes, fact.vanishes) == (
        SizeMethod.TCP,
        SMALL,
        0 if told else SMALL + 1,
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_path_without_a_small_link_takes_what_the_interface_sends(family: Family) -> None:
    network = line(2)
    with wired(network) as (lab, ctx):
        echo(peer(network, family), ctx)
        fact = path_mtu(peer(network, family), PORT, ctx)
        left = lab.run("server", ["ss", "-Htan", "state", "established"]).stdout
    assert (fact.passes, fact.vanishes, fact.segment_passes) == (1500, 0, True)
    assert left == ""


Sysctls = tuple[tuple[str, str], ...]

OPEN: Sysctls = (("net.ipv4.ping_group_range", "0 0"),)  # root's; more may not be mapped
CLOSED: Sysctls = ()  # as every network begins


@pytest.mark.parametrize("sockets", [OPEN, CLOSED], ids=["ping-socket", "ping"])
@pytest.mark.parametrize("family", FAMILIES)
def test_without_raw_sockets_echoes_and_laden_syns_tell(family: Family, sockets: Sysctls) -> None:
    network = narrow(told=False).with_host("client", sysctls=sockets)
    fact = measured(network, family, PORT, raw=False)
    assert (fact.passes, fact.vanishes, fact.told) == (SMALL, SMALL + 1, 0)
    assert (fact.by, fact.segment, fact.segment_passes) == (SizeMethod.ECHO, 1500, None)
    assert (fact.syns_vanish, fact.datagrams_vanish) == (True, None)
    assert fact.reached
    assert fact.reached.responder == network.hop_address(2, family)


@pytest.mark.parametrize("sockets", [OPEN, CLOSED], ids=["ping-socket", "ping"])
@pytest.mark.parametrize("family", FAMILIES)
def test_without_raw_sockets_routers_are_heard_too(family: Family, sockets: Sysctls) -> None:
    network = narrow(told=True).with_host("client", sysctls=sockets)
    fact = measured(network, family, PORT, raw=False)
    assert (fact.passes, fact.vanishes, fact.told) == (SMALL, 0, SMALL)
    assert fact.too_big[0].responder == network.hop_address(2, family)


def test_without_raw_sockets_a_clamped_port_is_asked_for_what_it_takes() -> None:
    clamp = ruleset(forward=["tcp flags syn tcp option maxseg size set 1300"], output=TOO_BIG)
    network = narrow(told=False).with_host("r2", firewall=clamp)
    fact = measured(network, 4, PORT, raw=False)
    assert (fact.mss, fact.segment, fact.passes, fact.vanishes) == (1300, 1340, 1340, 0)


def test_a_target_that_drops_large_echoes_alone_is_found_out() -> None:
    rules = ruleset(input=["icmp type echo-request meta length > 500 drop"])
    network = line(2).with_host("server", firewall=rules)
    fact = measured(network, 4, PORT, raw=False)
    assert (fact.passes, fact.vanishes, fact.syns_vanish) == (500, 501, False)
