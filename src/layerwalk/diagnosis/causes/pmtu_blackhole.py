"""Large packets vanish, and nobody says that they are too large.

## Why it times out
The handshake is small and succeeds; then the first full-sized packet disappears, is sent again,
and disappears again. A link on the way (often a tunnel) carries less than the ends believe, and
the message that would tell them ("fragmentation needed", "packet too big") is dropped.

## Evidence
Small packets are answered and large ones are not, with no "too big" message; on a connection, a
full segment under the MSS that both ends agreed on does not arrive while a small one does.

## What to do
Let the ICMP messages through (type 3 code 4; ICMPv6 type 2), or clamp the MSS on the tunnel's
router, or set the smaller MTU at the ends. Until then, set the MSS that fits on the route.

## Easily mistaken for
A service that hangs after the connection is made, and a firewall that drops large echoes only:
there full TCP segments pass.
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
from layerwalk.diagnosis.path_view import place
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ConnectFact,
    Outcome,
    PathMtuFact,
    SizeMethod,
    TraceFact,
)

_HEADERS = {False: 40, True: 60}


def judge(host: AddressView) -> Judgement:
    """A size that should pass does not, and no router says so."""
    fact = host.path_mtu
    if fact is None or (host.port is not None and not host.connects):
        made = host.connects or host.port is None
        return unknown("no large packet was sent" if made else "the connection is not made")
    evidence = host.ids(PathMtuFact, ConnectFact, TraceFact)
    if not fact.passes or not fact.vanishes:
        if fact.outcome is Outcome.ANSWERED:
            return ruled_out(evidence, fact.finding)
        return unknown("packets of any size stayed unanswered")
    by_tcp = fact.by is SizeMethod.TCP
    doubt = None if by_tcp else _doubt(fact, evidence)
    if doubt:
        return doubt
    mss = fact.passes - _HEADERS[":" in host.address]
    told = f" (a router tells MTU {fact.told}, which is too large still)" if fact.told else ""
    text = (
        f"packets of up to {fact.passes} bytes pass, larger ones vanish{told}; "
        f"an MSS of {mss} fits."
    )
    hop = fact.reached.hop if fact.reached else 0
    where = {**place(host.path, hop), "mtu": fact.passes, "mss": mss}
    if fact.reached and fact.reached.responder:
        where["after"] = {"hop": hop, "address": fact.reached.responder}
    return Judgement(
        status=Status.CONFIRMED if by_tcp else Status.LIKELY,
        evidence=evidence,
        explanation=text,
        where=where,
        decide_by="" if by_tcp else "Do full segments on a connection vanish (needs raw sockets)?",
    )


def _doubt(fact: PathMtuFact, evidence: tuple[str, ...]) -> Judgement | None:
    """Why echoes or datagrams that vanish prove nothing of TCP; ``None`` where they do.

    They do where echoes and datagrams of a segment's size both vanish.
    """
    if fact.datagrams_vanish is False:
        return ruled_out(evidence, "large echoes vanish, and datagrams as large pass")
    if 0 < fact.segment <= fact.passes:
        return ruled_out(evidence, f"the MSS of {fact.mss} keeps segments small enough")
    if fact.segment and fact.datagrams_vanish:
        return None
    return unknown(
        f"{fact.by} packets of more than {fact.passes} bytes vanish; whether TCP suffers is not "
        "known",
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Let the message through, clamp, or set the size."""
    mss, mtu = judgement.where.get("mss", 0), judgement.where.get("mtu", 0)
    after = judgement.where.get("after", {})
    return (
        Advice(
            on="network",
            action=f'Behind hop {after.get("hop")} ({after.get("address")}): let the "too big" '
            "messages through (ICMP type 3 code 4, ICMPv6 type 2).",
            changes_state=True,
        ),
        Advice(
            on="network",
            action="Or clamp the MSS on the router in front of the small link.",
            command="nft add rule inet filter forward "
            "tcp flags syn tcp option maxseg size set rt mtu",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Until then, use an MSS that fits on the route to the target.",
            command=f"ip route replace TARGET via GATEWAY advmss {mss} mtu {mtu}",
            changes_state=True,
        ),
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


_REACHED: Answer = samples.answer(AnswerKind.TIME_EXCEEDED, samples.ROUTERS[1], hop=2)

CAUSE = Cause(
    id="pmtu-blackhole",
    title="Large packets vanish on the path",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
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
