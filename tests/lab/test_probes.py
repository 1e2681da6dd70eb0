"""The probes that ask the target and the next hop, on real networks."""

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES, Family, Impairment, Service
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.connect import connect
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT, control
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import (
    AnswerKind,
    Outcome,
    PortState,
    Refusal,
)
from layerwalk.probes.neighbour import neighbour
from layerwalk.probes.neighbour_table import Entry, entry
from layerwalk.probes.syn import FIRST, syn
from tests.lab.client import half_open, peer, settle, wire_of, wired

pytestmark = pytest.mark.netns


@pytest.mark.parametrize("family", FAMILIES)
def test_an_open_port_is_told_and_nothing_stays_half_open(family: Family) -> None:
    network = line(2)
    with wired(network) as (lab, ctx):
        fact = syn(peer(network, family), PORT, FIRST, ctx)
        settle(ctx, peer(network, family))
        left = half_open(lab)
    assert (fact.outcome, fact.state) == (Outcome.ANSWERED, PortState.OPEN)
    assert fact.answers[0].mss == (1460 if family == 4 else 1440)
    assert left == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_closed_and_a_rejected_port_are_told(family: Family) -> None:
    network = line(2).with_host("r2", firewall=ruleset(forward=["tcp dport 23 reject"]))
    with wired(network) as (_, ctx):
        closed = syn(peer(network, family), 24, FIRST, ctx)
        rejected = syn(peer(network, family), 23, FIRST, ctx)
    assert (closed.outcome, closed.state) == (Outcome.REFUSED, PortState.CLOSED)
    assert rejected.state is PortState.REJECTED
    assert rejected.answers[0].responder == network.hop_address(2, family)
    assert rejected.answers[0].refusal is Refusal.PORT


def test_what_our_own_rules_refuse_to_send_is_counted() -> None:
    rules = ruleset(output=[f"tcp dport {PORT} drop", "icmp type echo-request drop"])
    network = line(1).with_host("client", firewall=rules)
    with wired(network) as (_, ctx):
        fact = syn(peer(network, 4), PORT, FIRST, ctx)
        pings = echo(peer(network, 4), ctx)
    assert (fact.outcome, fact.state, fact.sent) == (Outcome.REJECTED, PortState.LOCAL, 0)
    assert fact.refused_locally == len(FIRST.gaps_s)
    assert (pings.outcome, pings.refused_locally) == (Outcome.REJECTED, 3)


@pytest.mark.parametrize("family", FAMILIES)
def test_other_ports_and_datagrams_tell_that_the_host_lives(family: Family) -> None:
    network = line(2)
    with wired(network) as (_, ctx):
        fact = control(peer(network, family), 443, ctx)
    assert fact.outcome is Outcome.ANSWERED
    assert {one.port: one.state for one in fact.ports} == dict.fromkeys(
        (22, 80, 49151), PortState.CLOSED
    )
    assert (fact.udp_port, fact.udp[0].refusal) == (UDP_PORT, Refusal.PORT)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_real_connection_is_made(family: Family) -> None:
    network = line(2).with_host("server", services=(Service(PORT),))
    with wired(network) as (_, ctx):
        fact = connect(peer(network, family), PORT, ctx)
    assert (fact.outcome, fact.errno) == (Outcome.ANSWERED, "")
    assert fact.source.startswith(network.address("client", family))
    assert fact.closed_after_s is None


@pytest.mark.parametrize("family", FAMILIES)
def test_who_refused_a_connection_is_named(family: Family) -> None:
    reject = "tcp dport 23 reject with icmpx admin-prohibited"
    network = line(2).with_host("r2", firewall=ruleset(forward=[reject]))
    with wired(network) as (_, ctx):
        refused = connect(peer(network, family), 23, ctx)
        closed = connect(peer(network, family), 24, ctx)
    assert refused.offender == network.hop_address(2, family)
    assert refused.report
    assert (refused.report.refusal, refused.report.timed) == (Refusal.PROHIBITED, True)
    assert (refused.report.responder, refused.report.hop) == (refused.offender, 64)
    assert refused.outcome in {Outcome.UNREACHABLE, Outcome.REJECTED}
    assert (closed.outcome, closed.errno, closed.offender) == (
        Outcome.REFUSED,
        "ECONNREFUSED",
        "",
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_connection_that_nobody_answers_is_silent(family: Family) -> None:
    network = line(1).with_host("r1", firewall=ruleset(forward=[f"tcp dport {PORT} drop"]))
    with wired(network) as (_, ctx):
        assert echo(peer(network, family), ctx).replies
        fact = connect(peer(network, family), PORT, ctx)
    assert (fact.outcome, fact.errno) == (Outcome.SILENT, "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_next_hop_is_asked_on_the_link(family: Family) -> None:
    network = line(1)
    with wired(network) as (lab, ctx):
        gateway = network.hop_address(1, family)
        there = neighbour(peer(network, family), gateway, ctx)
        mac = lab.run("r1", ["cat", "/sys/class/net/eth0/address"]).stdout.strip()
        gone = "198.51.100.99" if family == 4 else "2001:db8:1::99"
        nobody = neighbour(peer(network, family), gone, ctx)
        unknown = entry(gone, "none0")
    assert (there.outcome, there.macs, there.gateway) == (Outcome.ANSWERED, (mac,), True)
    assert (nobody.outcome, nobody.macs, nobody.asked) == (Outcome.SILENT, (), 10)
    assert unknown == Entry()


def test_without_rights_the_kernels_entry_is_watched() -> None:
    network = line(1).with_host(
        "client", neighbours=("198.51.100.77 lladdr 02:00:00:00:00:77 dev eth0",)
    )
    with build(network) as lab, lab.inside("client"):
        ctx = ProbeContext()
        known = neighbour(peer(network, 4), "198.51.100.77", ctx)
        ctx.cancel.set()
        unsettled = neighbour(peer(network, 4), "198.51.100.99", ctx)
    assert (known.outcome, known.state, known.macs) == (Outcome.ANSWERED, "PERMANENT", ())
    assert unsettled.outcome is Outcome.NOT_PERMITTED


def test_round_trips_are_measured_across_a_long_cable() -> None:
    sends = Impairment(0.03)
    network = line(1).with_end("r1", "eth1", sends=sends).with_end("server", "eth0", sends=sends)
    with wired(network) as (_, ctx):
        fact = echo(peer(network, 4), ctx)
        slowest = wire_of(ctx).known.rtt_s(peer(network, 4))
    assert len(fact.replies) == 3
    assert min(answer.rtt_s for answer in fact.replies) >= 0.06
    assert slowest == max(answer.rtt_s for answer in fact.replies)
    assert {answer.kind for answer in fact.answers} == {AnswerKind.ECHO_REPLY}
