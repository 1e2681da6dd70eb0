"""The gateway does not answer on the link.

## Why it times out
Packets to other networks are handed to the next-hop router. If nobody answers for its address on
the link, they are queued for a moment and then thrown away; after three seconds the kernel reports
"no route to host", or the program gives up earlier.

## Evidence
The gateway of the route does not answer ARP or neighbour discovery, asked several times, and no
other probe was answered by anybody. Or it would answer, and the kernel has no room for its entry:
its neighbour table, one for the whole machine, is at gc_thresh3 and refused entries meanwhile.

## What to do
Check the gateway's address in the route, whether that router is up, and whether this machine is in
the right VLAN. On virtual machines, check the bridge or the cloud network that it is attached to.

## Easily mistaken for
`link-down`: there the interface itself is dead. `path-blackhole`: there the gateway answers on the
link and what it forwards is lost.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.full_neighbours import advice, explained
from layerwalk.diagnosis.link_silence import silent_on_link
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
from layerwalk.diagnosis.samples import limits
from layerwalk.probes.facts import NeighbourFact, Outcome, RouteFact

_KINDS = (RouteFact, NeighbourFact)


def judge(host: AddressView) -> Judgement:
    """The next hop is a gateway, was asked for, and is silent, as is all else."""
    neighbour = host.neighbour
    if host.is_local or (host.has_way_out and host.route and not host.route.gateway):
        return ruled_out(host.ids(RouteFact), "the target needs no gateway")
    if not host.heard_nothing:
        return ruled_out(_heard(host), "answers came in through it")
    if neighbour and neighbour.gateway and neighbour.lacks_room:
        return _named(host, neighbour, explained(neighbour))
    if neighbour is None or not neighbour.outcome.measured:
        return unknown("the next hop was not asked for")
    evidence = host.ids(RouteFact, NeighbourFact)
    if neighbour.outcome is Outcome.ANSWERED or not neighbour.gateway:
        alive = f"{neighbour.address} answers on the link"
        return ruled_out(evidence, alive if neighbour.gateway else "the target needs no gateway")
    text = f"gateway {neighbour.address} does not answer on {neighbour.interface}."
    return silent_on_link(_named(host, neighbour, text), neighbour)


def _named(host: AddressView, neighbour: NeighbourFact, text: str) -> Judgement:
    return Judgement(
        status=Status.CONFIRMED,
        evidence=tuple(e.id for e in host.evidence if isinstance(e.fact, _KINDS)),
        explanation=text,
        where={
            "kind": "local",
            "interface": neighbour.interface,
            "address": neighbour.address.partition("%")[0],
        },
    )


def _heard(host: AddressView) -> tuple[str, ...]:
    return tuple(e.id for e in host.evidence if e.fact.outcome is Outcome.ANSWERED)


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The address, the router, the segment; or room for it."""
    if room := advice(judgement):
        return room
    address, name = judgement.where.get("address", ""), judgement.where.get("interface", "")
    return (
        Advice(
            on="client",
            action="See which gateway the routes name; is it the right one?",
            command="ip route show default; ip -6 route show default",
        ),
        Advice(
            on="client",
            action="See who answers on this link at all.",
            command=f"ip neigh show dev {name}",
        ),
        Advice(on="network", action=f"Check that the router {address} is up and on this segment."),
        Advice(
            on="client",
            action="If the address is wrong, set the right gateway.",
            command=f"ip route replace default via GATEWAY dev {name}",
            changes_state=True,
        ),
    )


CAUSE = Cause(
    id="gateway-unreachable",
    title="The gateway does not answer",
    layer=Layer.LINK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("path-blackhole", "resolver-unreachable", "firewall-drop"),
    examples=(
        Example(
            name="silent",
            facts=(samples.links(), samples.route(), samples.neighbour(Outcome.SILENT)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="answers",
            facts=(samples.links(), samples.route(), samples.neighbour(Outcome.ANSWERED)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="no room for its entry",
            facts=(samples.links(), samples.route(), limits.crowded()),
            expect=Status.CONFIRMED,
        ),
        Example(name="not asked", facts=(samples.route(),), expect=Status.UNKNOWN),
    ),
)
