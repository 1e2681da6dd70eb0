"""The same probes without raw sockets: by connect(), UDP and their error queues."""

import pytest

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES, Family, Service
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.control import control
from layerwalk.probes.control_trace import control_trace
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import AnswerKind, Outcome, PortState, Refusal, TraceKind
from layerwalk.probes.neighbour import neighbour
from layerwalk.probes.syn import FIRST, LAST, syn
from layerwalk.probes.trace import trace
from tests.lab.client import half_open, hops, peer, whole_path, wire_of, wired

pytestmark = pytest.mark.netns


@pytest.mark.parametrize("family", FAMILIES)
def test_an_open_port_is_told_with_what_its_kernel_announced(family: Family) -> None:
    network = line(2)
    with wired(network, raw=False) as (lab, ctx):
        fact = syn(peer(network, family), PORT, FIRST, ctx)
        left = half_open(lab)
    assert (fact.outcome, fact.state, fact.sent) == (Outcome.ANSWERED, PortState.OPEN, 1)
    assert fact.answers[0].mss == (1460 if family == 4 else 1440)
    assert "timestamps" in fact.answers[0].options
    assert left == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_closed_and_a_rejected_port_are_told_apart(family: Family) -> None:
    rules = ruleset(forward=["tcp dport 23 reject", "tcp dport 25 drop"])
    network = line(2).with_host("r2", firewall=rules)
    with wired(network, raw=False) as (_, ctx):
        closed = syn(peer(network, family), 24, FIRST, ctx)
        rejected = syn(peer(network, family), 23, FIRST, ctx)
        silent = syn(peer(network, family), 25, LAST, ctx)
    assert (closed.outcome, closed.state) == (Outcome.REFUSED, PortState.CLOSED)
    assert rejected.state is PortState.REJECTED
    assert rejected.answers[0].responder == network.hop_address(2, family)
    assert rejected.answers[0].refusal is Refusal.PORT
    assert rejected.answers[0].ttl == 63
    assert (silent.outcome, silent.sent, silent.answers) == (Outcome.SILENT, 3, ())


@pytest.mark.parametrize("family", FAMILIES)
def test_the_whole_path_is_traced_by_datagrams_and_by_connecting(family: Family) -> None:
    network = line(4)
    with wired(network, raw=False) as (_, ctx):
        fact = trace(peer(network, family), PORT, ctx)
    assert hops(fact, TraceKind.UDP) == whole_path(network, family)
    assert hops(fact, TraceKind.SYN) == whole_path(network, family)
    ended = {t.answer.kind for t in fact.of(TraceKind.SYN) if t.answer and t.hop == 5}
    assert ended == {AnswerKind.SYN_ACK}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_syn_trace_ends_where_the_rule_is(family: Family) -> None:
    rule = ruleset(forward=[f"tcp dport {PORT} drop"])
    network = line(3).with_host("r2", firewall=rule)
    with wired(network, raw=False) as (_, ctx):
        fact = trace(peer(network, family), PORT, ctx)
        far = control_trace(peer(network, family), 22, ctx)
    assert max(hops(fact, TraceKind.SYN)) == 2
    assert hops(far, TraceKind.CONTROL) == whole_path(network, family)


@pytest.mark.parametrize("family", FAMILIES)
def test_other_ports_and_datagrams_tell_that_the_host_lives(family: Family) -> None:
    network = line(2)
    with wired(network, raw=False) as (_, ctx):
        fact = control(peer(network, family), 443, ctx)
    assert {one.state for one in fact.ports} == {PortState.CLOSED}
    assert fact.udp[0].refusal is Refusal.PORT
    assert fact.udp[0].responder == network.address("server", family)


def test_a_datagram_that_is_answered_is_matched() -> None:
    network = line(1).with_host("server", services=(Service(33434, udp=True),))
    with wired(network, raw=False) as (_, ctx):
        fact = control(peer(network, 4), 443, ctx)
    assert fact.outcome is Outcome.ANSWERED
    assert {answer.kind for answer in fact.udp} <= {AnswerKind.UDP}


def test_a_kernels_refusal_is_its_number() -> None:
    rules = ruleset(output=["meta l4proto udp drop"])
    network = line(1).with_host("client", firewall=rules)
    with wired(network, raw=False) as (_, ctx):
        fact = control(peer(network, 4), 443, ctx)
    assert (fact.udp_sent, fact.udp) == (0, ())


def test_the_kernels_own_entry_stands_for_a_question_on_the_link() -> None:
    network = line(1)
    with wired(network, raw=False) as (_, ctx):
        to = peer(network, 4)
        assert syn(to, PORT, FIRST, ctx).state is PortState.OPEN
        there = neighbour(to, network.hop_address(1, 4), ctx)
        unsettled = neighbour(to, "198.51.100.99", ctx)
    assert (there.outcome, there.macs, there.asked) == (Outcome.ANSWERED, (), 0)
    assert unsettled.outcome is Outcome.NOT_PERMITTED


Sysctls = tuple[tuple[str, str], ...]

OPEN: Sysctls = (("net.ipv4.ping_group_range", "0 0"),)  # root's; more may not be mapped
CLOSED: Sysctls = ()  # as every network begins
RANGES = pytest.mark.parametrize("sockets", [OPEN, CLOSED], ids=["ping-socket", "ping"])


@RANGES
@pytest.mark.parametrize("family", FAMILIES)
def test_echoes_are_answered(family: Family, sockets: Sysctls) -> None:
    network = line(2).with_host("client", sysctls=sockets)
    with wired(network, raw=False) as (_, ctx):
        fact = echo(peer(network, family), ctx)
        dear = wire_of(ctx).means.is_dear("echo")
    assert (fact.outcome, len(fact.replies), dear) == (Outcome.ANSWERED, 3, sockets is CLOSED)
    assert {(a.ttl, a.timed) for a in fact.replies} == {(62, True)}


@RANGES
@pytest.mark.parametrize("family", FAMILIES)
def test_who_refuses_an_echo_is_named(family: Family, sockets: Sysctls) -> None:
    rule = "meta l4proto { icmp, icmpv6 } reject with icmpx admin-prohibited"
    network = line(2).with_host("client", sysctls=sockets)
    network = network.with_host("r2", firewall=ruleset(forward=[rule]))
    with wired(network, raw=False) as (_, ctx):
        fact = echo(peer(network, family), ctx)
    said = {(a.kind, a.refusal, a.responder) for a in fact.answers}
    who = network.hop_address(2, family)
    assert said == {(AnswerKind.UNREACHABLE, Refusal.PROHIBITED, who)}
    assert {a.timed for a in fact.answers} == {sockets is OPEN}


@RANGES
@pytest.mark.parametrize("family", FAMILIES)
def test_hops_that_report_no_datagram_are_asked_by_echo(family: Family, sockets: Sysctls) -> None:
    rules = ruleset(
        prerouting=["meta l4proto udp ip ttl 1 drop", "meta l4proto udp ip6 hoplimit 1 drop"]
    )
    network = line(3).with_host("client", sysctls=sockets).with_host("r2", firewall=rules)
    with wired(network, raw=False) as (_, ctx):
        fact = trace(peer(network, family), None, ctx)
    assert hops(fact) == whole_path(network, family)
    assert (2 in hops(fact, TraceKind.ICMP), 2 in hops(fact, TraceKind.UDP)) == (True, False)


@pytest.mark.parametrize("family", FAMILIES)
def test_how_far_away_a_reset_comes_from_is_found(family: Family) -> None:
    rules = ruleset(forward=["tcp dport 23 reject with tcp reset"])
    network = line(3).with_host("r2", firewall=rules)
    with wired(network, raw=False) as (_, ctx):
        own = syn(peer(network, family), 24, FIRST, ctx)
        forged = syn(peer(network, family), 23, FIRST, ctx)
    assert [{a.ttl for a in fact.answers} for fact in (own, forged)] == [{61}, {63}]
