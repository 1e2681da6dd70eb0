"""The rules of this machine that would refuse the connection, read and followed on paper.

Nothing goes on the wire, nothing is changed. Needs CAP_NET_ADMIN, and nft. Two packets are
followed: the SYN through OUTPUT and POSTROUTING, and the SYN-ACK through PREROUTING and INPUT; as a
server, the SYN through PREROUTING and INPUT, and our SYN-ACK through OUTPUT and POSTROUTING. On
the loopback interface both are sent and received here, so each goes both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import FirewallFact, Outcome, RuleMatch
from layerwalk.probes.firewall.course import arrivals, passages
from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.handing_on import handed_on
from layerwalk.probes.firewall.handshakes import Circumstances
from layerwalk.probes.firewall.judged import followed
from layerwalk.probes.firewall.own_connection import met_by_itself, with_own
from layerwalk.probes.firewall.packet import Endpoints
from layerwalk.probes.firewall.ruleset import Ruleset
from layerwalk.probes.firewall.surroundings import (
    CLIENT_PORTS,
    local_ports,
    own_addresses,
    own_traits,
    way_back,
)

__all__ = ["firewall", "inbound"]


def firewall(
    address: str, port: int, source: str, interface: str, ctx: ProbeContext
) -> FirewallFact:
    """Find the rules that refuse a TCP connection from a source over an interface.

    ``not_permitted`` without the rights to read them, ``not_run`` where nft is not installed. A
    rule's certainty is ``exact`` where it and all before it could be decided, else ``possible``.
    """
    ends = Endpoints(
        source=source, source_port=local_ports(), destination=address, destination_port=port
    )
    around = Circumstances(
        interface=interface,
        mark=ctx.origin.mark,
        traits=own_traits(interface),
        back=ctx.wire.known.interfaces.get(address.partition("%")[0], "") if ctx.wire else "",
    )
    blank = FirewallFact(outcome=Outcome.ANSWERED, address=address, port=port)
    return _followed(blank, lambda rules: passages(rules, ends, around), ends, ctx)


def inbound(
    address: str, port: int, client: str, interface: str, ctx: ProbeContext
) -> FirewallFact:
    """Find the rules that refuse a client's connection to an address and port of this machine.

    ``client`` is the address it comes from; empty for any outside address: a rule that takes some
    sources only is then ``possible``, one that takes all is ``exact``. ``interface`` is the one
    that its SYN comes in by. In the matches, ``in`` is the client's SYN, ``out`` our SYN-ACK.
    """
    ends = Endpoints(
        source=client, source_port=CLIENT_PORTS, destination=address, destination_port=port
    )
    around = Circumstances(
        interface=interface,
        own=own_addresses(ends.version),
        traits=own_traits(interface),
        reverse=way_back(client, interface, ctx),
    )
    blank = FirewallFact(outcome=Outcome.ANSWERED, address=address, port=port)
    own: list[RuleMatch] = []

    def course(rules: Ruleset) -> Iterator[Passage]:
        own.extend(met_by_itself(rules, ends))
        return arrivals(rules, ends, around)

    return with_own(_followed(blank, course, ends, ctx), own)


def _followed(
    blank: FirewallFact,
    course: Callable[[Ruleset], Iterator[Passage]],
    ends: Endpoints,
    ctx: ProbeContext,
) -> FirewallFact:
    """Follow the packets, and say where the first one ended up, if NAT has sent it elsewhere."""
    seen: list[Passage] = []

    def noted(rules: Ruleset) -> Iterator[Passage]:
        for passage in course(rules):
            seen.append(passage)
            yield passage

    fact = followed(blank, noted, ctx)
    return replace(fact, handed_on=handed_on(seen[0].packet, ends)) if seen else fact
