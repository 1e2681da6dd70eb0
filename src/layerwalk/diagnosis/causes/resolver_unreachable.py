"""No nameserver answers.

## Why it times out
The program waits for an address before it can connect. Each look-up asks every configured
nameserver in turn and waits about five seconds for each, several times over, so that the program
often reports its own time-out first.

## Evidence
Every nameserver of resolv.conf was asked by UDP, three times each: none answered, or their ports
refuse. Where none is configured, the default 127.0.0.1 counts as one.

## What to do
Check that resolv.conf names the right servers, that they are up, and that port 53 gets through to
them by UDP and TCP. Put a working server first, or mend the local cache (systemd-resolved,
dnsmasq, unbound) that is listed.

## Easily mistaken for
A broken way out of this machine: where the link, the route or the gateway fails, that is named
first. A nameserver that answers with an error is `resolver-failing`.
"""

from __future__ import annotations

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
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import NameserverAnswer, Outcome, ResolveFact

_NAME = "db.lab.test"
_DEAD = {Outcome.SILENT, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.REJECTED}


def judge_walk(view: WalkView) -> Judgement:
    """Nobody who was asked has answered."""
    if view.target.address is not None:
        return unknown("")
    if view.resolve is None:
        return unknown("the name was not looked up")
    identifier, fact = view.resolve
    answered = [server for server in fact.nameservers if server.outcome is Outcome.ANSWERED]
    if fact.addresses or answered:
        who = f"{answered[0].server} answers" if answered else "the name needs no nameserver"
        return ruled_out((identifier,), who)
    if not fact.nameservers or not all(server.outcome in _DEAD for server in fact.nameservers):
        return unknown("not every nameserver could be asked")
    return Judgement(
        status=Status.CONFIRMED,
        evidence=(identifier,),
        explanation=_explained(fact),
        where={"kind": "resolver", "address": fact.nameservers[0].server},
    )


def _explained(fact: ResolveFact) -> str:
    said = ", ".join(f"{server.server} ({_word(server)})" for server in fact.nameservers)
    if fact.defaulted:
        return f"no nameserver is configured, and the default does not answer either: {said}."
    return f"none of the configured nameservers answers: {said}."


def _word(server: NameserverAnswer) -> str:
    return {Outcome.SILENT: "silent", Outcome.REFUSED: "port closed"}.get(
        server.outcome, "unreachable"
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The settings, the server, the way between."""
    server = judgement.where.get("address", "")
    return (
        Advice(
            on="client",
            action="Check which nameservers are configured, and who wrote the file.",
            command="cat /etc/resolv.conf",
        ),
        Advice(
            on="client",
            action="Ask the nameserver by hand, by UDP and by TCP.",
            command=f"dig @{server} . NS; dig +tcp @{server} . NS",
        ),
        Advice(
            on="resolver",
            action="Start the nameserver, or let port 53 through to it.",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Until then, name a server that works in resolv.conf.",
            changes_state=True,
        ),
    )


CAUSE = Cause(
    id="resolver-unreachable",
    title="No nameserver answers",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge_walk=judge_walk,
    advise=advise,
    examples=(
        Example(
            name="silent",
            target=_NAME,
            facts=(
                ResolveFact(
                    outcome=Outcome.SILENT,
                    name=_NAME,
                    nameservers=(NameserverAnswer(server="192.0.2.53", outcome=Outcome.SILENT),),
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="answers",
            target=_NAME,
            facts=(
                ResolveFact(
                    outcome=Outcome.ANSWERED,
                    name=_NAME,
                    addresses=("198.51.100.10",),
                    nameservers=(
                        NameserverAnswer(
                            server="192.0.2.53", outcome=Outcome.ANSWERED, rcode="NOERROR"
                        ),
                    ),
                ),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(name="not asked", target=_NAME, facts=(), expect=Status.UNKNOWN),
    ),
)
