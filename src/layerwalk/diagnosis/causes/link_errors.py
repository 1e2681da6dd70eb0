"""This machine's own interface loses packets.

## Why it times out
Packets get broken or thrown away before they are on the wire, or just behind it: a bad cable, a
wrong duplex mode, a card that can't keep up, or a queue that is full because more is to be sent
than the link carries. Lost SYNs and segments are sent again, later and later.

## Evidence
Of a sample of packets to the target many were lost, and while it was taken the interface counted
errors or drops: at least half as many, and at least half as large a share of its traffic as was
lost of the sample. Where each hop was asked, the loss begins on the first link. What was counted
before, and does not rise, explains nothing.

## What to do
Errors: change the cable or the port, look at speed and duplex at both ends. Drops of the queue: see
what fills it, send less or shape it, or get a faster link. Missed packets: a larger ring buffer.

## Easily mistaken for
`packet-loss` further away, whatever old errors this interface has counted. Drops of frames that
this machine has no use for (rx_dropped): many healthy machines count them, and lose nothing. A
queue that drops one kind of traffic, and not the target's.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.loss_place import LossPlace, loss_place
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
from layerwalk.probes.facts import HopLossFact, LinkCounts, LossFact, Rise
from layerwalk.probes.facts.loss import UNWANTED

_QUEUE = "queue_drops"


def judge(host: AddressView) -> Judgement:
    """The interface counts losses while the sample loses packets, and enough of them."""
    fact = host.loss
    if fact is None:
        return unknown("how many packets get lost was not sampled")
    evidence = host.ids(LossFact, HopLossFact)
    if fact.counts is None:
        return unknown("the interface's counters could not be read")
    if not fact.usable:
        return unknown("the target answers nothing that could be counted")
    if not fact.matters:
        return ruled_out(evidence, "no more packets get lost than by accident")
    return _compared(host, fact, fact.counts)


def _compared(host: AddressView, fact: LossFact, counts: LinkCounts) -> Judgement:
    """Hold what the interface counted against what the sample lost."""
    evidence = host.ids(LossFact, HopLossFact)
    if not fact.counted_here:
        return ruled_out(evidence, f"{counts.interface} counts too few losses to explain these")
    place = _place(host, fact)
    if place and place.after and place.sure:
        return ruled_out(evidence, "the packets get lost further on")
    here = place is not None and not place.after
    return _named(host, fact, counts, sure=here and not counts.rise(UNWANTED))


def _place(host: AddressView, fact: LossFact) -> LossPlace | None:
    """Where the loss begins, as far as the hops were asked."""
    if host.path.on_link:
        return LossPlace(0, sure=True)
    if host.hop_loss is None:
        return None
    end = host.path.end or len(host.hop_loss.hops) + 1
    hops = tuple(hop for hop in host.hop_loss.hops if hop.hop < end)
    return loss_place(hops, fact.lost)


def _named(host: AddressView, fact: LossFact, counts: LinkCounts, *, sure: bool) -> Judgement:
    return Judgement(
        status=Status.CONFIRMED if sure else Status.LIKELY,
        evidence=host.ids(LossFact, HopLossFact),
        explanation=f"{counts.interface} {_what(counts)} ({counts.words}, {counts.share:.0%} of "
        f"its traffic) while {fact.lost.part} of {fact.lost.whole} packets to {host.address} "
        "were lost.",
        where={"kind": "local", "interface": counts.interface},
        decide_by="" if sure else "Does the loss begin on the first link (mtr), or further on?",
    )


def _what(counts: LinkCounts) -> str:
    if counts.rise(_QUEUE) * 2 >= counts.lost_out + counts.lost_in:
        return "has more to send than it may, and its queue overflows"
    return "counts errors or drops"


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The counters, the cable or the queue."""
    name = judgement.where.get("interface", "")
    see = Advice(
        on="client",
        action="See which counters go on rising.",
        command=f"ip -s -s link show dev {name}; ethtool -S {name}; tc -s qdisc show dev {name}",
    )
    if _QUEUE in judgement.explanation:
        return see, *_of_the_queue(name)
    return (
        see,
        Advice(
            on="client",
            action="See speed and duplex; a half-duplex link beside a full-duplex one loses much.",
            command=f"ethtool {name}; ethtool -g {name}",
        ),
        Advice(on="network", action="Change the cable or the switch port, and look at its errors."),
    )


def _of_the_queue(name: str) -> tuple[Advice, ...]:
    return (
        Advice(
            on="client",
            action="See what fills the link.",
            command="ss -tnpi state established; ss -unp",
        ),
        Advice(
            on="client",
            action="Share the link fairly, or give it a queue that is made for its rate.",
            command=f"tc qdisc replace dev {name} root fq_codel",
            changes_state=True,
        ),
    )


def _counts(*rises: Rise, sent: int = 400, received: int = 300) -> LinkCounts:
    return LinkCounts(interface="eth0", seconds=2.5, sent=sent, received=received, rises=rises)


_LOSSY = {"echo": (80, 120), "syn": (52, 80)}
_ON_LINK = (samples.links(), samples.route(gateway=""))

CAUSE = Cause(
    id="link-errors",
    title="This machine's interface loses packets",
    layer=Layer.LINK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("packet-loss", "high-latency", "syn-rate-limited", "accept-queue-full"),
    examples=(
        Example(
            name="its queue overflows",
            facts=(*_ON_LINK, samples.loss(**_LOSSY, counts=_counts(Rise("queue_drops", 200)))),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="broken frames come in",
            facts=(
                samples.route(),
                samples.loss(**_LOSSY, counts=_counts(Rise("rx_errors", 150))),
            ),
            expect=Status.LIKELY,
        ),
        Example(
            name="frames that nobody listens for",
            facts=(*_ON_LINK, samples.loss(**_LOSSY, counts=_counts(Rise("rx_dropped", 40)))),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="few of very many",
            facts=(
                *_ON_LINK,
                samples.loss(**_LOSSY, counts=_counts(Rise("queue_drops", 90), sent=90_000)),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="drops, and nothing of ours lost",
            facts=(
                *_ON_LINK,
                samples.loss(echo=(32, 32), syn=(0, 0), counts=_counts(Rise("queue_drops", 900))),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="not counted", facts=(*_ON_LINK, samples.loss(**_LOSSY)), expect=Status.UNKNOWN
        ),
        Example(name="not sampled", facts=(), expect=Status.UNKNOWN),
    ),
)
