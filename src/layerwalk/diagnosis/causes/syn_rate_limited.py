"""SYNs are answered up to some rate and dropped beyond it.

## Why it times out
A firewall, a balancer or the target itself counts new connections and drops the SYNs that exceed a
limit. Whoever opens several connections at once, or shares the limit with others, gets only some
of them; the rest waits for the kernel's next SYN, a second later, and may lose again.

## Evidence
Of a burst of SYNs the first are answered and the rest is not; from then on just so many a second
are, in even steps, whatever their source port. At a slow pace all of them are. Echoes sent among
them lose nothing. A model of such a limit foretells which SYNs are answered far better than chance
does, and gives the rate. SYNs that expire on the way tell in front of which hop it sits.

## What to do
Raise the limit, or leave this client out of it. Keep connections and use them again, so that fewer
are opened.

## Easily mistaken for
Loss (`packet-loss`), which hits SYNs by chance and echoes, too. A full queue
(`accept-queue-full`), which depends on the time and not on our rate. A broken one of several paths
(`flow-dependent-path`), where the same source ports always fail.
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
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.syn_models import Limit, reach_of_syns
from layerwalk.probes.facts import (
    ConnectFact,
    LossFact,
    PortState,
    SynFact,
    SynPaceFact,
    endpoint,
)
from layerwalk.probes.facts.link_counts import LinkCounts, Rise
from layerwalk.probes.facts.loss import MATTERS


def judge(host: AddressView) -> Judgement:
    """A limit foretells what is answered."""
    if host.port is None or host.port_state is PortState.UNKNOWN:
        return unknown("the port was not probed")
    evidence = host.ids(SynPaceFact, SynFact, LossFact, ConnectFact)
    if host.differs_by_flow:
        return ruled_out(evidence, "it is their source port that decides which SYNs are answered")
    if host.pace is None:
        if host.port_state is PortState.OPEN and not host.some_syns_fail:
            return ruled_out(evidence, "every SYN was answered, in bursts too")
        return unknown("SYNs were not sent at several paces")
    silenced = host.pace.good is None and host.port_state is PortState.OPEN
    if silenced or host.pace.failed_slow.part > 1:
        return unknown("SYNs stayed unanswered at any pace, so the rate can't be told")
    return _by_the_fit(host, host.pace, evidence)


def _by_the_fit(host: AddressView, fact: SynPaceFact, evidence: tuple[str, ...]) -> Judgement:
    if host.fit is None or not host.fit.is_limit:
        return ruled_out(evidence, f"{fact.finding}: no limit would do that")
    counts = host.loss.counts if host.loss else None
    spared = fact.spares_others and not fact.lost_beside
    if counts and counts.share > MATTERS and not spared:
        return unknown(f"{counts.interface} here loses packets of all kinds ({counts.words})")
    return _limited(host, fact, host.fit.best, evidence)


def _limited(
    host: AddressView, fact: SynPaceFact, limit: Limit, evidence: tuple[str, ...]
) -> Judgement:
    where, place_known = _where(host, fact)
    answered = fact.failed.whole - fact.failed.part
    slow = fact.failed_slow
    slowly = "; at a slow pace all are" if slow.whole and not slow.part else ""
    beside = f", and {_beside(fact)}" if fact.spares_others else ""
    fate = "refused" if fact.refusals else "dropped"
    return Judgement(
        status=Status.CONFIRMED if fact.spares_others or place_known else Status.LIKELY,
        evidence=evidence,
        explanation=f"SYNs to {endpoint(host.address, fact.port)} are answered up to "
        f"{_rate(limit)}, and {fate} beyond that ({answered} of {fact.failed.whole} were "
        f"answered{slowly}{beside}).",
        where=where,
    )


def _rate(limit: Limit) -> str:
    """The rate in words, with its bounds: ``about 10 a second (9 to 11)``."""
    per, unit = (1.0, "second") if limit.rate >= 1 else (60.0, "minute")
    rate, low, high = (f"{it * per:.2g}" for it in (limit.rate, limit.low, limit.high))
    return f"about {rate} a {unit} ({low} to {high})"


def _beside(fact: SynPaceFact) -> str:
    name = "echoes" if fact.beside == "echo" else f"SYNs to port {fact.beside_port}"
    return f"{fact.sent_beside - fact.lost_beside} of {fact.sent_beside} {name} meanwhile"


def _where(host: AddressView, fact: SynPaceFact) -> tuple[dict[str, object], bool]:
    """Who refuses, or the last hop whose SYNs are not counted yet; and whether that is sure."""
    refusers = (a.responder for a in fact.refusals if a.responder != host.bare)
    named = host.path.hop_of(next(refusers, ""))
    if named is not None:
        return place(host.path, named, host.path.end), True
    heard = [(one.hop, one.expired) for one in fact.hops]
    last = (host.path.end or 1) - 1
    reached = reach_of_syns(heard)
    if not heard or reached == max(hop for hop, _ in heard) < last:
        return place(host.path, last, host.path.end), False  # what is behind was not asked
    return place(host.path, reached, host.path.end), True


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The limit, where it is; then fewer connections."""
    after = judgement.where.get("after", {})
    at_host = judgement.where.get("kind") == "host"
    there = "On the target" if at_host else f"At or behind hop {after.get('hop')}"
    return (
        Advice(
            on="server" if at_host else "network",
            action=f"{there}: find the rule that limits new connections.",
            command="nft -a list ruleset | grep -i limit; iptables-save | grep -iE 'limit|recent'",
        ),
        Advice(
            on="server" if at_host else "network",
            action="Raise the limit, or leave this client out of it.",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Open fewer connections: keep them and use them again, and retry with growing "
            "pauses.",
            changes_state=True,
        ),
    )


_TEN_A_SECOND = samples.pace(10.0, 5)
_OVERFLOWING = LinkCounts(
    interface="eth0", seconds=2.5, sent=400, rises=(Rise("queue_drops", 200),)
)

CAUSE = Cause(
    id="syn-rate-limited",
    title="New connections are rate-limited",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("packet-loss", "high-latency", "connect-timeout-too-short"),
    examples=(
        Example(
            name="ten a second",
            facts=(*samples.healthy(), _TEN_A_SECOND),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="echoes are lost, too",
            facts=(*samples.healthy(), replace(_TEN_A_SECOND, lost_beside=20)),
            expect=Status.LIKELY,
        ),
        Example(
            name="this machine's own queue overflows",
            facts=(
                *samples.healthy(),
                replace(_TEN_A_SECOND, lost_beside=20),
                samples.loss((20, 32), (0, 0), counts=_OVERFLOWING),
            ),
            expect=Status.UNKNOWN,
        ),
        Example(
            name="it does, and few others are lost because they come singly",
            facts=(
                *samples.healthy(),
                replace(_TEN_A_SECOND, lost_beside=1),
                samples.loss((20, 32), (0, 0), counts=_OVERFLOWING),
            ),
            expect=Status.UNKNOWN,
        ),
        Example(
            name="none of them is dropped",
            facts=(*samples.healthy(), samples.pace(1000.0, 100)),
            expect=Status.RULED_OUT,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
