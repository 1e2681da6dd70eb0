"""A router on the path has no route onward.

## Why it times out
The router answers "network unreachable" and drops the packet. TCP treats that as a passing
trouble and goes on sending SYNs; only when it gives up does the program hear of it.

## Evidence
An ICMP "network unreachable" (IPv6: "no route to destination") comes back from a router, for every
kind of probe, and the target answers nothing.

## What to do
On the router that is named: look at its route to the target's network. Was a static route removed,
did a routing session go down, is the prefix filtered?

## Easily mistaken for
A firewall that refuses with the same message for one port only (`firewall-reject`): there other
probes get through.
"""

from __future__ import annotations

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
from layerwalk.diagnosis.refusals import refused
from layerwalk.probes.facts import ControlFact, EchoFact, Refusal, SynFact, TraceFact


def judge(host: AddressView) -> Judgement:
    """A router says that it has no route, whatever is sent."""
    evidence = host.ids(SynFact, EchoFact, ControlFact, TraceFact)
    if host.connects or host.alive:
        return ruled_out(evidence, "the target answers, so routers know the way")
    found = refused(host, Refusal.NO_ROUTE)
    if found is None:
        if not evidence:
            return unknown("the path was not probed")
        return ruled_out(evidence, "no router says that it has no route")
    router = found.answer.responder
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"router {router} (hop {found.hop}) has no route onward to {host.address}.",
        where={"kind": "path", "after": {"hop": found.hop, "address": router}},
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The named router's table."""
    router = judgement.where.get("after", {}).get("address", "")
    return (
        Advice(
            on="network",
            action=f"On router {router}: see its route to the target's network.",
            command="ip route get TARGET",
        ),
        Advice(
            on="network",
            action="Restore the static route, or the routing session that announced it.",
            changes_state=True,
        ),
        Advice(on="client", action="Check that the target's address is the right one."),
    )


_REFUSED = samples.refusal(Refusal.NO_ROUTE, samples.ROUTERS[1])

CAUSE = Cause(
    id="route-missing-on-path",
    title="A router has no route onward",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("path-blackhole", "firewall-reject", "firewall-drop"),
    examples=(
        Example(
            name="network unreachable",
            facts=(samples.route(), samples.echo(_REFUSED), samples.syn(_REFUSED)),
            expect=Status.CONFIRMED,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
