"""Something other than the target's closed port refuses the connection.

## Why it times out
A firewall answers in the target's place: with an ICMP "prohibited" or "unreachable", or with a
forged reset. Programs mostly fail at once; TCP takes some of these messages for a passing trouble
and goes on trying until its time is up.

## Evidence
An ICMP refusal for the SYN, with the address of who sent it; or a reset that comes from nearer
than the target, by its TTL and by the hop that it appears at; or this machine's own kernel refusing
at once to send.

## What to do
On the machine named: find the rejecting rule for this source, address and port, and allow the
connection there.

## Easily mistaken for
`port-closed`: there the reset is the target's own. `host-down` and `route-missing-on-path`: there
every kind of probe is refused, not the connection alone.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.drop_site import who_answered
from layerwalk.diagnosis.forged import forged_at
from layerwalk.diagnosis.local_rules import local_advice, local_refusal, own_reset
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
from layerwalk.diagnosis.place_words import hop_in_words
from layerwalk.diagnosis.refusals import hop_of
from layerwalk.diagnosis.rules_here import refusal_here
from layerwalk.diagnosis.samples import server
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ConnectFact,
    EchoFact,
    Outcome,
    PortState,
    Refusal,
    SynFact,
    TraceFact,
    TraceKind,
    in_words,
)


def judge(host: AddressView) -> Judgement:
    """A refusal by somebody else than the port."""
    if host.port is None or host.port_state is PortState.UNKNOWN:
        return unknown("the port was not probed")
    evidence = host.ids(SynFact, ConnectFact, EchoFact, TraceFact)
    local = local_refusal(host, "reject")
    if local:
        return local
    forger = forged_at(host)
    if forger == 0:
        return own_reset(host)
    if forger is not None:
        return _forged(host, forger, evidence)
    refusals = [answer for answer in host.syn_answers if answer.kind is AnswerKind.UNREACHABLE]
    if host.port_state is PortState.REJECTED and refusals:
        return _refused(host, refusals[0], evidence)
    return ruled_out(evidence, f"the port is {host.port_state}: nobody refuses in its place")


def _forged(host: AddressView, hop: int, evidence: tuple[str, ...]) -> Judgement:
    who = hop_in_words(host.path.hop(hop).as_where())
    text = _told(host, f"the reset for the SYN is not the target's: it is forged at {who}")
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=text,
        where=place(host.path, hop),
    )


def _refused(host: AddressView, answer: Answer, evidence: tuple[str, ...]) -> Judgement:
    text = _told(host, f"the SYN is refused: {in_words(answer)}")
    if answer.responder == host.bare:
        where = {**_before(host), "kind": "host", "address": host.address}
        return Judgement(status=Status.CONFIRMED, evidence=evidence, explanation=text, where=where)
    if answer.refusal in {Refusal.HOST, Refusal.NO_ROUTE} and not _others_get_through(host):
        return unknown("other probes are refused likewise, so it is no rule for the port")
    hop = hop_of(host, answer.responder)
    after = {"hop": hop, "address": answer.responder}
    where = {**place(host.path, hop), "after": after}
    return Judgement(status=Status.CONFIRMED, evidence=evidence, explanation=text, where=where)


def _told(host: AddressView, said: str) -> str:
    """Add who answered what, so that it can be told from a target that refuses everything."""
    return "; ".join(part for part in (said, who_answered(host)) if part) + "."


def _before(host: AddressView) -> dict[str, object]:
    """The last hop before the target, where its distance is known."""
    distance = host.path.distance
    return {} if distance is None else place(host.path, distance - 1)


def _others_get_through(host: AddressView) -> bool:
    """Whether the target answers something else, or other probes get further than the SYN."""
    return bool(host.alive) or host.path.others_get_further


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Where the rule is, and what to change."""
    if judgement.where.get("kind") == "local":
        return local_advice(judgement)
    who = judgement.where.get("after", {}).get("address") or judgement.where.get("address", "")
    on = "server" if judgement.where.get("kind") == "host" else "network"
    return (
        Advice(
            on=on,  # type: ignore[arg-type]
            action=f"Find the rule on {who} that rejects this source, address and port.",
            command="nft -a list ruleset",
        ),
        Advice(on=on, action="Allow the connection there.", changes_state=True),  # type: ignore[arg-type]
        Advice(on="client", action="Check that address and port are the right ones."),
    )


_PROHIBITED = samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[1])

CAUSE = Cause(
    id="firewall-reject",
    title="A firewall refuses the connection",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    judge_server=lambda host: refusal_here(host, "reject"),
    advise=advise,
    before=("packet-loss", "high-latency"),
    examples=(
        Example(
            name="prohibited by a router",
            facts=(
                samples.route(),
                samples.alive(),
                samples.syn(_PROHIBITED),
                samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="a reset from nearer than the target",
            facts=(
                samples.route(),
                samples.alive(),
                samples.syn(samples.answer(AnswerKind.RST, ttl=63)),
                samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="refused by this machine",
            facts=(
                samples.route(),
                samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED),
                samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
        Example(
            name="a rule of the server's own",
            facts=(*server.base(), server.served(), server.rules(server.rule("reject"))),
            expect=Status.CONFIRMED,
            standpoint=server.AS_SERVER,
            target=server.OWN,
        ),
    ),
)
