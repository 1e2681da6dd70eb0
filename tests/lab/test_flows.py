"""Source ports, and flow labels, that a router drops, told from those that it lets through."""

import pytest

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.facts.flows import SURE
from layerwalk.probes.flows import flows
from tests.lab.client import half_open, peer, settle, wired

pytestmark = pytest.mark.netns


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("family", FAMILIES)
def test_each_flow_leaves_from_its_own_port(family: Family, *, raw: bool) -> None:
    rules = ruleset(forward=[f"tcp dport {PORT} tcp sport & 4 == 4 drop"])
    network = line(1).with_host("r1", firewall=rules)
    with wired(network, raw=raw) as (lab, ctx):
        fact = flows(peer(network, family), PORT, ctx)
        settle(ctx, peer(network, family))
        left = half_open(lab)
    assert {flow.port & 4 for flow in fact.never} == {4}
    assert {flow.port & 4 for flow in fact.always} == {0}
    assert not fact.sometimes
    assert fact.chance < SURE
    assert left == ""


@pytest.mark.parametrize("raw", [True, False])
def test_each_flow_keeps_its_label(*, raw: bool) -> None:
    rules = ruleset(forward=[f"tcp dport {PORT} ip6 flowlabel & 1 == 1 drop"])
    network = line(1).with_host("r1", firewall=rules)
    with wired(network, raw=raw) as (_, ctx):
        fact = flows(peer(network, 6), PORT, ctx)
    assert {flow.label & 1 for flow in fact.never} == {1}
    assert {flow.label & 1 for flow in fact.always} == {0}
    assert not fact.sometimes


def test_nothing_stays_half_open_where_some_flows_answers_are_lost() -> None:
    rules = ruleset(forward=[f"tcp sport {PORT} tcp dport & 4 == 4 drop"])
    network = line(1).with_host("r1", firewall=rules)
    with wired(network) as (lab, ctx):
        fact = flows(peer(network, 4), PORT, ctx)
        settle(ctx, peer(network, 4))
        left = half_open(lab)
    assert {flow.port & 4 for flow in fact.never} == {4}
    assert {flow.port & 4 for flow in fact.always} == {0}
    assert left == ""
