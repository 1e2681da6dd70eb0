"""Large packets vanish, and nobody says that they are too large.

## Why it times out
The handshake is small and succeeds; then the first full-sized packet disappears, is sent again,
and disappears again. A link on the way (often a tunnel) carries less than the ends believe, and
the message that would tell them ("fragmentation needed", "packet too big") is dropped.

It may be the way there or the way back: either is enough, and each is measured by itself.

## Evidence
Small packets are answered and large ones are not, with no "too big" message; on a connection, a
full segment under the MSS that both ends agreed on does not arrive while a small one does (or,
where that can't be seen, a SYN with so much data). Where echoes and datagrams alone show it, it is
no more than possible: a rule may drop them for their size, and let TCP pass. On the
way back: a service that speaks first is heard on connections with a small MSS and not on others.

## What to do
Let the ICMP messages through (type 3 code 4; ICMPv6 type 2), or clamp the MSS on the tunnel's
router, or set the smaller MTU at the ends. Until then, set the MSS that fits on the route.

## Easily mistaken for
A service that hangs after the connection is made, and a firewall that drops large echoes only:
there full TCP segments pass.
"""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import (
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    ruled_out,
    unknown,
)
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.size_advice import let_through
from layerwalk.diagnosis.way_back import mss_of, way_back
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ConnectFact,
    HopSize,
    Outcome,
    PathMtuFact,
    SizeMethod,
    TraceFact,
    WayBack,
)

_LEAST = {False: 1200, True: 1280}
"""Links that carry less are hardly left (RFC 8200 5 forbids them to IPv6)."""

_DECIDING = (
    "Do large segments vanish on a connection, too, or does a rule drop large echoes and datagrams "
    "alone? With raw sockets (CAP_NET_RAW) the walk shows it; else send a long request, and watch "
    "the retransmissions (ss -ti dst TARGET)."
)


def judge(host: AddressView) -> Judgement:
    """A size that should pass does not, there or back, and no router says so."""
    fact = host.path_mtu
    if fact is None or (host.port is not None and not host.connects):
        made = host.connects or host.port is None
        return unknown("no large packet was sent" if made else "the connection is not made")
    evidence = host.ids(PathMtuFact, ConnectFact, TraceFact)
    there, back = _there(host, fact, evidence), way_back(host, fact, evidence)
    if there.status.names_it and back.status.names_it:
        return replace(there, explanation=f"{there.explanation} Likewise {back.explanation}")
    if there.status.names_it or not back.status.names_it:
        unsure = there.status is Status.RULED_OUT and back.status is Status.UNKNOWN
        return back if unsure else there
    return back


def _there(host: AddressView, fact: PathMtuFact, evidence: tuple[str, ...]) -> Judgement:
    """The way there."""
    if fact.kernel_is_deaf and fact.too_big:
        return _unheard(host, fact, evidence)
    if not fact.passes or not fact.vanishes:
        if fact.outcome is Outcome.ANSWERED:
            return ruled_out(evidence, fact.finding)
        return unknown("packets of any size stayed unanswered")
    by_tcp = fact.by is SizeMethod.TCP or fact.syns_vanish is True
    doubt = None if by_tcp else _doubt(fact, evidence)
    if doubt:
        return doubt
    mss = mss_of(host, fact.passes)
    told = f" (a router tells MTU {fact.told}, which is too large still)" if fact.told else ""
    text = (
        f"on the way there packets of up to {fact.passes} bytes pass, larger ones vanish{told}; "
        f"an MSS of {mss} fits."
    )
    hop = fact.reached.hop if fact.reached else 0
    where = {**place(host.path, hop), "direction": "out", "mtu": fact.passes, "mss": mss}
    if fact.reached and fact.reached.responder:
        where["after"] = {"hop": hop, "address": fact.reached.responder}
    return Judgement(
        status=Status.CONFIRMED if by_tcp else Status.POSSIBLE,
        evidence=evidence,
        explanation=text,
        where=where,
        decide_by="" if by_tcp else _DECIDING,
    )


def _unheard(host: AddressView, fact: PathMtuFact, evidence: tuple[str, ...]) -> Judgement:
    """A router speaks, and this machine's own rules drop what it says."""
    teller = min(fact.too_big, key=lambda answer: answer.mtu).responder
    mss = mss_of(host, fact.passes)
    text = (
        f'{teller} says "too big, MTU {fact.told}", and a rule of this machine drops what it says: '
        f"packets of up to {fact.passes} bytes pass, larger ones are sent in vain; an MSS of "
        f"{mss} fits."
    )
    where = {**place(host.path, host.path.hop_of(teller) or 0), "direction": "out"}
    where |= {"mtu": fact.passes, "mss": mss, "messages": "dropped here"}
    return Judgement(status=Status.CONFIRMED, evidence=evidence, explanation=text, where=where)


def _doubt(fact: PathMtuFact, evidence: tuple[str, ...]) -> Judgement | None:
    """Why echoes or datagrams that vanish prove nothing of TCP; ``None`` where it may suffer.

    It may where echoes and datagrams of a segment's size both vanish, at a size that a link may
    have: what is cut off below is dropped by a rule.
    """
    least = _LEAST[":" in fact.address]
    if fact.syns_vanish is False:
        by_size = "large echoes vanish" if fact.by is SizeMethod.ECHO else "some SYNs vanish"
        return ruled_out(evidence, f"{by_size}, and TCP segments as large pass")
    if fact.datagrams_vanish is False:
        return ruled_out(evidence, "large echoes vanish, and datagrams as large pass")
    if 0 < fact.segment <= fact.passes:
        return ruled_out(evidence, f"the MSS of {fact.mss} keeps segments small enough")
    if fact.segment and fact.datagrams_vanish and fact.passes >= least:
        return None
    return unknown(
        f"{fact.by} packets of more than {fact.passes} bytes vanish; whether TCP suffers is not "
        "known",
    )


def _measured(**changes: object) -> PathMtuFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "interface_mtu": 1500,
        "passes": 1500,
        "by": SizeMethod.TCP,
        "mss": 1460,
        "segment": 1500,
        "segment_passes": True,
    }
    return PathMtuFact(**{**fields, **changes})  # type: ignore[arg-type]


_CUT_BACK = WayBack(
    passes=1400,
    vanishes=1401,
    talks=True,
    stalled=3,
    heard=3,
    hops=tuple(
        HopSize(hop=number, address=address, back=back, small=True)
        for number, address, back in zip((1, 2), samples.ROUTERS, (1401, 1400), strict=False)
    ),
)
_BY_SYNS = _measured(passes=1400, vanishes=1401, by=SizeMethod.SYN, segment_passes=None)
_REACHED: Answer = samples.answer(AnswerKind.TIME_EXCEEDED, samples.ROUTERS[1], hop=2)

CAUSE = Cause(
    id="pmtu-blackhole",
    title="Large packets vanish on the path",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=let_through,
    before=("packet-loss", "high-latency"),
    examples=(
        Example(
            name="1400 pass",
            facts=(
                *samples.healthy(),
                _measured(passes=1400, vanishes=1401, segment_passes=False, reached=_REACHED),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="large echoes vanish, and SYNs with as much data",
            facts=(
                *samples.healthy(),
                _measured(
                    passes=1400,
                    vanishes=1401,
                    by=SizeMethod.ECHO,
                    segment_passes=None,
                    syns_vanish=True,
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="no echo is answered, and SYNs with much data vanish",
            facts=(*samples.healthy(), replace(_BY_SYNS, syns_vanish=True)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="SYNs with much data vanish once, and not in turn with small ones",
            facts=(*samples.healthy(), replace(_BY_SYNS, syns_vanish=False)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="SYNs with much data vanish, and then small ones as well",
            facts=(*samples.healthy(), _BY_SYNS),
            expect=Status.UNKNOWN,
        ),
        Example(
            name="large echoes and datagrams vanish, and TCP was not seen",
            facts=(
                *samples.healthy(),
                _measured(
                    passes=1400,
                    vanishes=1401,
                    by=SizeMethod.ECHO,
                    segment_passes=None,
                    datagrams_vanish=True,
                ),
            ),
            expect=Status.POSSIBLE,
        ),
        Example(
            name="a rule here drops what a router says",
            facts=(
                *samples.healthy(),
                _measured(
                    passes=1400,
                    too_big=(samples.answer(AnswerKind.TOO_BIG, samples.ROUTERS[1], mtu=1400),),
                    kernel_is_deaf=True,
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="1400 come back",
            facts=(*samples.healthy(), _measured(back=_CUT_BACK)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="full segments pass",
            facts=(*samples.healthy(), _measured()),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="a router says too big",
            facts=(
                *samples.healthy(),
                _measured(
                    passes=1400,
                    too_big=(samples.answer(AnswerKind.TOO_BIG, samples.ROUTERS[1], mtu=1400),),
                ),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(name="not measured", facts=(), expect=Status.UNKNOWN),
    ),
)
