"""Packets get lost on the way.

## Why it times out
A lost SYN is sent again only after a second, then after longer and longer pauses; with enough loss
a connection takes seconds, or longer than the program waits. Once it is made, each lost segment
costs a repeat of its own, so that it crawls or stalls.

## Evidence
Of a sample of echoes and of SYNs to the port so many stay unanswered that the lower 95 % bound of
the loss is above 5 % (Wilson's score interval). Both kinds suffer alike. The hops in front of the
place answer without loss, those behind it lose as much as the target does.

## What to do
Look at the link behind the hop that is named: errors, drops and load at both of its ends. A queue
that overflows needs less traffic or more capacity, a bad cable or radio link needs mending.

## Easily mistaken for
A router that answers only some of what expires there, while the hops behind it answer all: that is
its own limit and no loss. A target that limits how many echoes it answers: SYNs are then answered.
A firewall (`firewall-drop`), behind which every SYN to the port is lost.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.loss_place import loss_place
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
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.place_words import behind, link
from layerwalk.probes.facts import (
    ConnectFact,
    EchoFact,
    FlowsFact,
    HopLossFact,
    HopTally,
    LossFact,
    Outcome,
    SynFact,
    SynPaceFact,
)
from layerwalk.probes.facts.loss import MATTERS

_SURE_OF = 2
"""Two kinds of packets that are lost alike leave no doubt that it is the path."""


def judge(host: AddressView) -> Judgement:
    """So many packets are lost that it is no accident."""
    fact = host.loss
    if fact is None:
        return unknown("how many packets get lost was not sampled")
    evidence = host.ids(LossFact, HopLossFact, EchoFact, SynFact, ConnectFact)
    if not fact.usable:
        return unknown("the target answers nothing that could be counted")
    if host.only_the_port_suffers:
        paced = (*evidence, *host.ids(SynPaceFact))
        return ruled_out(paced, "only SYNs to this port are lost, by their rate or by the time")
    if not fact.matters:
        return ruled_out(evidence, f"{fact.finding}: no more than an accident")
    if host.differs_by_flow and not _alike(fact):
        return ruled_out(
            (*evidence, *host.ids(FlowsFact)), "it is certain source ports that get no answer"
        )
    where, sure = _where(host, fact)
    begins = f"beginning {behind(where)}" if sure else f"probably beginning {behind(where)}"
    lost = fact.lost
    return Judgement(
        status=Status.CONFIRMED if len(fact.usable) == _SURE_OF else Status.LIKELY,
        evidence=evidence,
        explanation=f"{lost.part} of {lost.whole} packets to {host.address} were lost "
        f"({lost.rate:.0%}, at least {lost.low:.0%} with 95 % confidence), {begins}.",
        where=where,
    )


def _alike(fact: LossFact) -> bool:
    """Whether packets of one and the same flow are lost, too."""
    return any(tally.kind == "echo" and tally.lost.low > MATTERS for tally in fact.usable)


def _where(host: AddressView, fact: LossFact) -> tuple[dict[str, object], bool]:
    """Where the loss begins, and whether that is sure."""
    if host.path.on_link:
        return {"kind": "host", "after": host.path.hop(0).as_where()}, True
    if host.hop_loss is None:
        return {"kind": "host"}, False
    end = host.path.end or len(host.hop_loss.hops) + 1
    hops = tuple(hop for hop in host.hop_loss.hops if hop.hop < end)
    found = loss_place(hops, fact.lost)
    return place(host.path, found.after, host.path.end), found.sure


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Both ends of the link where it begins."""
    begins = judgement.where.get("after", {}).get("hop", 0)
    counters = Advice(
        on="network" if begins else "client",
        action=f"See the error and drop counters at both ends of {link(judgement.where)}.",
        command="ip -s -s link; ethtool -S INTERFACE; tc -s qdisc",
    )
    watch = Advice(
        on="client",
        action="See whether the loss goes on, and whether it comes with load.",
        command="mtr -n -r -c 100 TARGET",
    )
    rules = Advice(
        on="server" if judgement.where.get("kind") == "host" else "network",
        action="See whether a rule there limits or drops a part of the packets.",
        command="nft list ruleset; iptables -S; tc filter show dev INTERFACE",
    )
    return counters, watch, rules


_BEHIND = HopLossFact(
    outcome=Outcome.ANSWERED,
    address=samples.TARGET,
    hops=tuple(
        HopTally(
            hop=hop,
            address=address,
            expiring=6,
            expired=expired,
            asked=30,
            replied=5 * expired,
            best_s=0.002,
        )
        for hop, address, expired in zip((1, 2, 3), samples.ROUTERS, (6, 6, 4), strict=True)
    ),
)

CAUSE = Cause(
    id="packet-loss",
    title="Packets get lost on the way",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    examples=(
        Example(
            name="a third behind hop 2",
            facts=(*samples.healthy(), samples.loss(echo=(80, 120), syn=(52, 80)), _BEHIND),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="SYNs only, as echoes are not answered",
            facts=(samples.route(), samples.open_port(), samples.loss(echo=(0, 20), syn=(52, 80))),
            expect=Status.LIKELY,
        ),
        Example(
            name="echoes alone",
            facts=(*samples.healthy(), samples.loss(echo=(40, 120), syn=(80, 80))),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="nothing lost",
            facts=(*samples.healthy(), samples.loss(echo=(32, 32), syn=(0, 0))),
            expect=Status.RULED_OUT,
        ),
        Example(name="not sampled", facts=(), expect=Status.UNKNOWN),
    ),
)
