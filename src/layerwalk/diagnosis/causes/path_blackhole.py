"""Everything vanishes after one hop.

## Why it times out
Up to one router all goes well; behind it nothing is answered, neither the port nor any other kind
of probe, and nobody says why. TCP repeats its SYN until it gives up.

## Evidence
ICMP, UDP and SYNs to the port and to other ports are reported by the same last router and by
nobody behind it, also at the second try; the target answers nothing; and no "host unreachable"
arrives within 3.5 seconds, which is how long a router looks for a target that is not there.

## What to do
Look at that router and at what follows it: a link that is down behind a static route, a blackhole
route, a firewall that drops everything, or a missing way back to this machine.

## Easily mistaken for
`firewall-drop`, where something else of the target still answers. `host-down`, where the last
router says so. A firewall on the target that drops all is not to be told apart from outside.
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
from layerwalk.diagnosis.tracking import full_table_drops
from layerwalk.diagnosis.unvaried import plain_syn_question
from layerwalk.probes.facts import (
    ControlFact,
    EchoFact,
    Outcome,
    PortState,
    Refusal,
    SynFact,
    TraceFact,
    TraceKind,
    TrackingFact,
)


def judge(host: AddressView) -> Judgement:
    """Nothing gets past one hop, whatever it is."""
    evidence = host.ids(TraceFact, SynFact, EchoFact, ControlFact)
    if host.connects or host.alive or refused(host, *Refusal) or host.path.loop:
        return ruled_out(evidence, "something answers, or says why not")
    if full_table_drops(host):
        return ruled_out((*evidence, *host.ids(TrackingFact)), "nothing leaves this machine")
    missing = _missing(host)
    if missing:
        return unknown(missing)
    if host.path.distance is not None:
        return ruled_out(evidence, "the target's own link is reached")
    last = host.path.reach()
    if host.port is not None and host.path.others_get_further:
        return ruled_out(evidence, "other probes get further than the SYN")
    after = host.path.hop(last)
    name = f"hop {last} ({after.address})" if last else "this machine"
    return Judgement(
        status=Status.LIKELY,
        evidence=evidence,
        explanation=f"every kind of probe vanishes after {name}, and nobody says why.",
        where={"kind": "path", "after": after.as_where()},
        alternatives=("firewall-drop",),
        decide_by=(
            f"On the target or its router, watch whether packets from {host.path.source} arrive: "
            f"tcpdump -ni any host {host.path.source}{plain_syn_question(host)}"
        ),
    )


def _missing(host: AddressView) -> str:
    """What was not done to believe the silence."""
    if not host.ids(TraceFact):
        return "the path was not traced"
    return "" if _silent(host) else "not listened long enough to believe the silence"


def _silent(host: AddressView) -> bool:
    """The port and all else were silent for as long as a router's late report takes."""
    if host.port is None:
        return host.echo is not None and host.control is not None
    return host.syn_state is PortState.SILENT and host.silence_is_sure


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The last router, what follows it, and the way back."""
    router = judgement.where.get("after", {}).get("address", "")
    return (
        Advice(
            on="network",
            action=f"On router {router}: see where it sends packets for the target, and whether "
            "that link is up.",
            command="ip route get TARGET; ip -s link",
        ),
        Advice(
            on="network",
            action="See whether a firewall there drops everything for the target.",
            command="nft list ruleset",
        ),
        Advice(
            on="server",
            action="See whether the packets arrive; if they do, the way back is broken.",
            command="tcpdump -ni any icmp or tcp",
        ),
    )


_GONE = samples.trace(
    samples.tries(TraceKind.ICMP, 2),
    samples.tries(TraceKind.SYN, 2),
    samples.tries(TraceKind.UDP, 0),
)

CAUSE = Cause(
    id="path-blackhole",
    title="Everything vanishes on the path",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    examples=(
        Example(
            name="after hop 2",
            facts=(
                samples.route(),
                samples.neighbour(Outcome.ANSWERED),
                samples.echo(),
                samples.syn(),
                samples.control(),
                _GONE,
            ),
            expect=Status.LIKELY,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not traced", facts=(samples.syn(),), expect=Status.UNKNOWN),
        Example(
            name="not listened long enough",
            facts=(samples.echo(), samples.syn(last_look=False), _GONE),
            expect=Status.UNKNOWN,
        ),
    ),
)
