"""The path, traced on real networks: every hop, however shy, and nothing made up."""

import pytest

from layerwalk.lab.firewall import TIME_EXCEEDED, ruleset
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control_trace import control_trace
from layerwalk.probes.facts import (
    Outcome,
    TraceKind,
)
from layerwalk.probes.trace import trace
from layerwalk.probes.wire.opening import open_wire
from tests.lab.client import half_open, hops, peer, whole_path, wired

pytestmark = pytest.mark.netns


@pytest.mark.parametrize("family", FAMILIES)
def test_the_whole_path_is_traced(family: Family) -> None:
    network = line(4)
    with wired(network) as (_, ctx):
        fact = trace(peer(network, family), PORT, ctx)
    assert hops(fact, TraceKind.ICMP) == whole_path(network, family)
    assert hops(fact, TraceKind.SYN) == whole_path(network, family)
    routers = {hop: who for hop, who in whole_path(network, family).items() if hop < 5}
    assert hops(fact, TraceKind.UDP) == routers
    assert len({one.flow for one in fact.tries}) == 3


def test_a_path_walked_again_and_again_has_the_same_hops() -> None:
    """Routers answer six expiring packets at once and one a second after: none must look lossy."""
    network = line(6)
    with wired(network) as (_, ctx):
        found = [hops(trace(peer(network, 4), PORT, ctx)) for _ in range(2)]
        more = open_wire()
        assert more is not None
        found += [hops(trace(peer(network, 4), PORT, ProbeContext(wire=more))) for _ in range(2)]
        more.close()
    assert found == [whole_path(network, 4)] * 4


def test_a_hop_is_silent_only_after_a_second_try() -> None:
    silent = ruleset(output=[f"{match} drop" for match in TIME_EXCEEDED])
    network = line(4).with_host("r2", firewall=silent)
    with wired(network) as (_, ctx):
        fact = trace(peer(network, 4), PORT, ctx)
    asked = [t for t in fact.tries if t.hop == 2]
    assert not any(t.answer for t in asked)
    assert any(t.again for t in asked)
    assert {t.hop for t in fact.tries if t.again} == {2}
    assert {t.kind for t in asked} == {TraceKind.ICMP, TraceKind.SYN, TraceKind.UDP}
    assert hops(fact).keys() == {1, 3, 4, 5}


def test_a_router_that_answers_only_at_the_second_try_is_not_silent() -> None:
    """It answers one expiring packet a second, whoever asks."""
    limit = "limit rate over 1/second burst 1 packets drop"
    rules = ruleset(output=[f"{match} {limit}" for match in TIME_EXCEEDED])
    network = line(3)
    for name in network.routers:
        network = network.with_host(name, firewall=rules)
    with wired(network) as (_, ctx):
        fact = trace(peer(network, 4), PORT, ctx)
    assert hops(fact) == whole_path(network, 4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("port", [PORT, 24])
def test_the_distance_shows_by_any_port_that_answers(family: Family, port: int) -> None:
    silent = ruleset(input=["icmp type echo-request drop", "icmpv6 type echo-request drop"])
    network = line(5).with_host("server", firewall=silent)
    with wired(network) as (lab, ctx):
        fact = control_trace(peer(network, family), port, ctx)
        left = half_open(lab)
    assert (fact.outcome, fact.control_port) == (Outcome.ANSWERED, port)
    assert hops(fact, TraceKind.CONTROL) == whole_path(network, family)
    assert left == ""
