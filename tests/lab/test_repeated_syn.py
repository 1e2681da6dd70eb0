"""ECN flags that make SYNs vanish, told without raw sockets by what the kernel sends again."""

import pytest

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES, Family, Network
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.facts import LINUX, SynOption, SynOptionsFact
from layerwalk.probes.kernel_syn import kernels_options
from layerwalk.probes.syn import FIRST, syn
from layerwalk.probes.syn_options import NO_RAW, syn_options
from layerwalk.probes.wire.packets import Peer
from tests.lab.client import peer, wired

pytestmark = pytest.mark.netns

ASKS_ECN = (("net.ipv4.tcp_ecn", "1"),)
SYN = "tcp flags & (fin | syn | rst | ack) == syn"
ECN = "tcp flags & (ecn | cwr) != 0"
GREY = """table inet grey {
  set seen {
    type inet_service
    flags dynamic, timeout
    timeout 60s
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    %s tcp sport @seen accept
    %s add @seen { tcp sport } drop
  }
}
"""
"""A guard that drops the first SYN of each flow, and takes the second for a good sign."""


def compared(network: Network, family: Family) -> SynOptionsFact:
    with wired(network.with_host("client", sysctls=ASKS_ECN), raw=False) as (_, ctx):
        plain = peer(network, family)
        to = Peer(plain.address, plain.source, plain.interface, options=kernels_options())
        syn(to, PORT, FIRST, ctx)
        return syn_options(to, PORT, ctx, is_open=False)


@pytest.mark.parametrize("verdict", ["drop", "reject with tcp reset"])
@pytest.mark.parametrize("family", FAMILIES)
def test_flags_that_are_not_let_through_are_named(family: Family, verdict: str) -> None:
    rules = ruleset(forward=[f"{SYN} {ECN} {verdict}"])
    fact = compared(line(2).with_host("r1", firewall=rules), family)
    assert fact.own == (*LINUX, SynOption.ECN)
    if verdict == "drop":
        assert fact.vanishes
        assert fact.culprits == (SynOption.ECN,)
        assert "sent again without ECN 3 of 3 answered" in fact.finding
    else:  # refused at once, so that none is sent again
        assert not fact.vanishes
        assert (fact.kernels.answered, fact.unflagged.sent) == (3, 0)


def test_a_guard_that_drops_the_first_syn_of_each_flow_is_none() -> None:
    fact = compared(line(1).with_host("r1", firewall=GREY % (SYN, SYN)), 4)
    assert (fact.kernels.sent, fact.kernels.answered, fact.vanishes) == (6, 3, False)


def test_where_all_vanish_it_is_not_the_flags() -> None:
    fact = compared(line(1).with_host("r1", firewall=ruleset(forward=[f"{SYN} drop"])), 4)
    assert not fact.vanishes
    assert (fact.unflagged.sent, fact.unflagged.answered) == (3, 0)


def test_what_the_kernel_does_not_ask_for_it_can_not_leave_off() -> None:
    with wired(line(1), raw=False) as (_, ctx):
        assert syn_options(peer(line(1), 4), PORT, ctx, is_open=False).detail == NO_RAW
