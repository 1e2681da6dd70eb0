"""One of several parallel paths is broken, so it depends on the source port what works.

## Why it times out
Where paths are parallel, routers choose one for each flow, by a hash of addresses and ports. What
falls on the broken one is lost each time it is repeated, because the repeats take the same path; so
some connections time out while others, beside them, work at once. A new attempt has a new source
port, and may work.

## Evidence
Of SYNs from some two dozen source ports some are never answered, however often they are repeated
over more than a second, while others, sent in turn with them, always are. Loss falls on all flows
alike, and so does a limit: that chance makes such a difference is less probable than 1 in 1000.
A failing and a working flow are followed side by side; the failing one ends at a hop.

## What to do
Look at what follows the hop that is named: one member of a bundle of links, one of several equal
routes (ECMP), one of several firewalls or tunnels is down, and still chosen. Take it out of the
choice until it is mended.

## Easily mistaken for
Loss (`packet-loss`), which knows no flows: the same source port fails now and then. A limit of SYNs
(`syn-rate-limited`), where it depends on when they are sent. A firewall (`firewall-drop`), if the
only flows that were tried are broken ones.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.flow_parting import first_of_working, last_of_failing
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
from layerwalk.diagnosis.place_words import behind
from layerwalk.probes.facts import (
    ConnectFact,
    FlowsFact,
    Share,
    SynFact,
    TraceFact,
    TraceKind,
    endpoint,
)


def judge(host: AddressView) -> Judgement:
    """Some source ports never get an answer, others always do."""
    fact = host.flows
    if fact is None or not fact.flows:
        return unknown("other source ports were not tried")
    evidence = host.ids(FlowsFact, SynFact, ConnectFact, TraceFact)
    if not fact.differs:
        return ruled_out(evidence, _alike(fact))
    share = Share(len(fact.never), len(fact.flows))
    where = _where(host)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"{share.part} of {share.whole} source ports never get an answer from "
        f"{endpoint(fact.address, fact.port)} ({share.interval} of all with 95 % confidence), "
        f"others always do; the failing ones end {behind(where)}.",
        where=where,
    )


def _alike(fact: FlowsFact) -> str:
    if not fact.never:
        return "no source port fails each time"
    if not fact.always:
        return "no source port works each time"
    return f"{fact.finding}: no more than an accident"


def _where(host: AddressView) -> dict[str, object]:
    after = last_of_failing(host.path)
    if after is None:
        return {"kind": "path"}
    where: dict[str, object] = {"kind": "path", "after": after.as_where()}
    before = first_of_working(host.path, after)
    if before:
        where["before"] = before.as_where()
    return where


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The members of the choice behind the hop that is named."""
    members = Advice(
        on="network",
        action=f"See each of the parallel paths {behind(judgement.where)}: equal routes, members "
        "of a bundle, firewalls or tunnels side by side, and those on the way back.",
        command="ip route show; ip nexthop show; cat /proc/net/bonding/*",
    )
    out = Advice(
        on="network",
        action="Take the broken one out of the choice until it is mended.",
        changes_state=True,
    )
    again = Advice(
        on="client",
        action="Until then, try again from a new source port: some of them work.",
        command="nc -vz -w 2 TARGET PORT",
    )
    return members, out, again


_FAILING = (*samples.healthy(), samples.flows(13, never=12))
_FOLLOWED = samples.trace(samples.tries(TraceKind.FAILING, 1), samples.tries(TraceKind.WORKING, 4))

CAUSE = Cause(
    id="flow-dependent-path",
    title="One of several parallel paths is broken",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=(
        "packet-loss",
        "firewall-drop",
        "firewall-reject",
        "path-blackhole",
        "route-missing-on-path",
        "routing-loop",
        "host-down",
        "high-latency",
        "pmtu-blackhole",
        "port-closed",
        "connect-timeout-too-short",
    ),
    examples=(
        Example(
            name="half of them, after hop 1", facts=(*_FAILING, _FOLLOWED), expect=Status.CONFIRMED
        ),
        Example(name="not followed", facts=_FAILING, expect=Status.CONFIRMED),
        Example(
            name="all are answered",
            facts=(*samples.healthy(), samples.flows(25)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="none is answered",
            facts=(samples.syn(), samples.flows(0, never=25)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="now and then",
            facts=(*samples.healthy(), samples.flows(5, sometimes=20)),
            expect=Status.RULED_OUT,
        ),
        Example(name="not tried", facts=samples.healthy(), expect=Status.UNKNOWN),
    ),
)
