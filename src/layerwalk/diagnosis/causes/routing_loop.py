"""Routers send the packet round in a circle.

## Why it times out
Each router in the circle believes that another one is nearer to the target. The packet goes round
until its TTL is used up and never arrives; the "time exceeded" message that results is ignored by
TCP.

## Evidence
The same routers come up again and again at growing TTLs, and the target answers nothing.

## What to do
On the routers named, compare their routes to the target's network: one points back. Typical are a
default route at one end and a summary route at the other, or a failed link behind a static route.

## Easily mistaken for
A router that shows itself at two neighbouring hops, or a path that really visits a router twice:
neither goes round more than once, and the target is reached.
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
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    EchoFact,
    SynFact,
    TraceFact,
    TraceKind,
    Try,
)


def judge(host: AddressView) -> Judgement:
    """The path circles, and nothing arrives."""
    evidence = host.ids(TraceFact)
    if host.connects or host.alive:
        reached = host.ids(TraceFact, ConnectFact, SynFact, EchoFact)
        return ruled_out(reached, "the target is reached")
    if not evidence:
        return unknown("the path was not traced")
    loop = host.path.loop
    if not loop:
        return ruled_out(evidence, "no router comes up again")
    names = " and ".join(f"{hop.address} (hop {hop.number})" for hop in loop)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"packets go round between {names}.",
        where={
            "kind": "path",
            "after": loop[0].as_where(),
            "loop": [hop.address for hop in loop],
        },
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The tables of the routers in the circle."""
    routers = ", ".join(judgement.where.get("loop", ()))
    return (
        Advice(
            on="network",
            action=f"On each of {routers}: see the route to the target's network.",
            command="ip route get TARGET",
        ),
        Advice(
            on="network",
            action="Correct the one that points back, or restore the link that it lost.",
            changes_state=True,
        ),
    )


def _circling(kind: TraceKind) -> list[Try]:
    around = (1, 2, 3, 2, 3, 2, 3, 2)
    return [
        Try(
            hop=hop,
            kind=kind,
            answer=samples.answer(
                AnswerKind.TIME_EXCEEDED, samples.ROUTERS[router - 1], hop=hop, icmp_type=11
            ),
        )
        for hop, router in enumerate(around, start=1)
    ]


CAUSE = Cause(
    id="routing-loop",
    title="The path goes round in a circle",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("path-blackhole", "firewall-drop"),
    examples=(
        Example(
            name="two routers",
            facts=(
                samples.route(),
                samples.echo(),
                samples.syn(),
                samples.trace(_circling(TraceKind.ICMP)),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not traced", facts=(samples.syn(),), expect=Status.UNKNOWN),
    ),
)
