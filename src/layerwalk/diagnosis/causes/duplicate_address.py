"""Two machines on the link have the same address.

## Why it times out
Who wants to send asks the link who has the address, and takes the answer that comes first, or
last. With two who answer it is now the right machine and now the wrong one: there the connection
is refused, or nobody answers. When the entry is renewed, connections that worked break off.

## Evidence
Two link-layer addresses answer the very same ARP or neighbour discovery question for the next hop
or the target, again and again. The same packets were handed to each: they answer each for itself,
or only one of them leads anywhere. Without raw sockets only a neighbour entry of the kernel's that
changes from one to the other tells.

## What to do
Find both machines by their link-layer addresses (the switch knows their ports), and give one of
them another address. Until then a fixed neighbour entry for the right one helps this machine.

## Easily mistaken for
One machine with two ports on the link, which both answer for all of its addresses (arp_ignore=0),
and a router that answers for others and hands packets on (proxy ARP): whatever is handed to either
is answered from one place, and nothing is lost. Routers that share an address by VRRP or HSRP
answer one at a time. `port-closed` and `firewall-drop`, as it looks where the wrong one answers.
"""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import (
    Advice,
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    ruled_out,
    unknown,
)
from layerwalk.probes.facts import (
    Claimant,
    ConnectFact,
    NeighbourFact,
    Outcome,
    RouteFact,
    SynFact,
)
from layerwalk.probes.facts.claimants import described

_HIDDEN = (
    "gateway-unreachable",
    "port-closed",
    "firewall-drop",
    "firewall-reject",
    "host-down",
    "path-blackhole",
    "routing-loop",
    "route-missing-on-path",
    "packet-loss",
    "high-latency",
    "resolver-unreachable",
)
"""What it looks like, where packets go to the wrong one."""


def judge(host: AddressView) -> Judgement:
    """Two answer for the next hop, and they are not one."""
    fact = host.neighbour
    if host.is_local or (host.link is not None and not host.link.resolves_neighbours):
        return ruled_out(host.ids(RouteFact), "no neighbour is asked for")
    if fact is None:
        return unknown("the next hop was not asked for")
    return _by_claims(host, fact) if fact.asked else _by_the_entry(host, fact)


def _by_the_entry(host: AddressView, fact: NeighbourFact) -> Judgement:
    """Without raw sockets, only a kernel that changes its mind shows that two answer."""
    if len(fact.macs) <= 1:
        return unknown("whether a second machine answers for the next hop takes raw sockets to see")
    return Judgement(
        status=Status.LIKELY,
        evidence=host.ids(NeighbourFact),
        explanation=f"the kernel's entry for {_role(fact)} on {fact.interface} changed while it "
        f"was watched: {', then '.join(fact.macs)}.",
        where={"kind": "local", "interface": fact.interface},
        decide_by="Do both go on answering (needs raw sockets: arping)?",
        before=_HIDDEN,
    )


def _by_claims(host: AddressView, fact: NeighbourFact) -> Judgement:
    """By who answered our own questions."""
    evidence = host.ids(NeighbourFact)
    if len(fact.claimants) <= 1:
        return ruled_out(evidence, "no two answer the same question")
    if _are_one(fact):
        return ruled_out(evidence, "two answer, and packets get to one machine by either")
    if not any(one.speaks for one in fact.claimants):
        return unknown(f"{_role(fact)} is answered for by two, and neither answers anything else")
    return _named(host, fact)


def _are_one(fact: NeighbourFact) -> bool:
    """Whether everything that was handed to any of them is answered, and from one place.

    Behind a gateway the answers of the target come by one router in any case.
    """
    near = [one.echo_from for one in fact.claimants]
    beyond = [one.beyond_from for one in fact.claimants]
    own = near if fact.gateway or all(near) else beyond
    alike = {one.beyond for one in fact.claimants}
    return all(own) and len({mac for senders in own for mac in senders}) == 1 and len(alike) == 1


def _named(host: AddressView, fact: NeighbourFact) -> Judgement:
    explains = host.works or _differ(fact)
    sure = _answer_themselves(fact) and explains
    return Judgement(
        status=Status.CONFIRMED if sure else Status.LIKELY,
        evidence=host.ids(NeighbourFact, SynFact, ConnectFact),
        explanation=f"{_role(fact)} is answered for by {len(fact.claimants)} on {fact.interface}: "
        f"{described(fact.claimants)}{_used(fact)}.",
        where={"kind": "local", "interface": fact.interface},
        decide_by="" if sure else "Which switch ports have these two, and is it one machine?",
        before=_HIDDEN if explains else (),
    )


def _differ(fact: NeighbourFact) -> bool:
    """Whether it matters which of them packets are handed to."""
    return len({(bool(one.echo_from), one.beyond) for one in fact.claimants}) > 1


def _answer_themselves(fact: NeighbourFact) -> bool:
    """Whether two of them are known to be machines of their own."""
    macs = {mac for one in fact.claimants for mac in _own(one, gateway=fact.gateway)}
    return len(macs) > 1


def _own(one: Claimant, *, gateway: bool) -> tuple[str, ...]:
    """From whom the answers came that can only be its own."""
    return one.echo_from if gateway else (*one.echo_from, *one.beyond_from)


def _role(fact: NeighbourFact) -> str:
    return f"the {'gateway' if fact.gateway else 'target'} {fact.address}"


def _used(fact: NeighbourFact) -> str:
    return f"; this machine now sends to {fact.used}" if fact.used else ""


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Who they are, and which of them is to have another address."""
    name = judgement.where.get("interface", "")
    return (
        Advice(
            on="client",
            action="See who answers: ask the link by hand.",
            command=f"arping -c 3 -I {name} NEXTHOP; ip neigh show dev {name}",
        ),
        Advice(
            on="network",
            action="Find both link-layer addresses in the switch's table.",
            command="bridge fdb show",
        ),
        Advice(
            on="network",
            action="Give one of the two machines another address.",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Until then, fix the entry to the right one.",
            command=f"ip neigh replace NEXTHOP lladdr MAC nud permanent dev {name}",
            changes_state=True,
        ),
    )


_FIRST, _SECOND = "02:00:00:00:00:01", "02:00:00:00:00:02"


def _two(one: Claimant, other: Claimant, *, gateway: bool = True) -> NeighbourFact:
    return NeighbourFact(
        outcome=Outcome.ANSWERED,
        address=samples.GATEWAY if gateway else samples.TARGET,
        interface="eth0",
        gateway=gateway,
        destination=samples.TARGET,
        macs=(_FIRST, _SECOND),
        asked=4,
        claimants=(one, other),
        used=_SECOND,
    )


_GOOD = Claimant(mac=_FIRST, echo_from=(_FIRST,), beyond="syn-ack", beyond_from=(_FIRST,))
_DEAF = Claimant(mac=_SECOND, echo_from=(_SECOND,))
_SAME = Claimant(mac=_SECOND, echo_from=(_FIRST,), beyond="syn-ack", beyond_from=(_FIRST,))
_MUTE = Claimant(mac=_FIRST)

CAUSE = Cause(
    id="duplicate-address",
    title="Two machines on the link have one address",
    layer=Layer.LINK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("packet-loss", "high-latency"),
    examples=(
        Example(
            name="two gateways, one of which leads nowhere",
            facts=(samples.links(), samples.route(), _two(_GOOD, _DEAF)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="one of them answers nothing",
            facts=(samples.links(), samples.route(), _two(_GOOD, Claimant(mac=_SECOND))),
            expect=Status.LIKELY,
        ),
        Example(
            name="one machine with two ports",
            facts=(samples.links(), samples.route(), _two(_GOOD, _SAME)),
            expect=Status.RULED_OUT,
        ),
        Example(name="one answers", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(
            name="neither answers anything",
            facts=(samples.links(), samples.route(), _two(_MUTE, Claimant(mac=_SECOND))),
            expect=Status.UNKNOWN,
        ),
        Example(
            name="the kernel's entry changes",
            facts=(replace(_two(_GOOD, _DEAF), claimants=(), asked=0),),
            expect=Status.LIKELY,
        ),
        Example(name="not asked", facts=(samples.route(),), expect=Status.UNKNOWN),
    ),
)
