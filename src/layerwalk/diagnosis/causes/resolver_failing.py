"""The nameservers answer, and can't say.

## Why it times out
The program gets no address, only "temporary failure in name resolution". Most try again, each time
asking every nameserver anew, until a limit of their own runs out; some report that as a time-out of
the connection, which never began.

## Evidence
Every nameserver of resolv.conf was asked. At least one answers with an error: SERVFAIL (it could
not find out), REFUSED (it does not serve this machine), NOTIMP or FORMERR (it does not understand).
Or with something of no use: cut off while TCP port 53 gives nothing, garbled, the answer to another
question, or a referral. The others fail too, or are silent; none knows an address, and none denies
that there is one.

## What to do
Ask the nameserver by hand and read its log. SERVFAIL: its own way to the zone's servers is broken,
or the zone's signatures are. REFUSED: it has to allow this client, or the wrong server is
configured. Cut off: let TCP port 53 through to it. Until then, put a server that works first.

## Easily mistaken for
`resolver-unreachable`: there nothing comes back at all. `name-not-found`: there a nameserver says
that the name does not exist, which is an answer. One nameserver that fails beside another that
answers is no fault: programs go on to the next at once.
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
_SERVER, _OTHER = "192.0.2.53", "192.0.2.54"
_MEANINGS = {
    "SERVFAIL": "it could not find out",
    "REFUSED": "it does not serve this machine",
    "NOTIMP": "it does not do that",
    "FORMERR": "it does not understand the question",
}
_TOLD_AS = ("EAI_AGAIN", "EAI_FAIL")
"""How the system words a failure; FORMERR it takes for "no such name"."""


def judge_walk(view: WalkView) -> Judgement:
    """Somebody answers, and nobody says anything about the name."""
    if view.target.address is not None:
        return unknown("")
    if view.resolve is None:
        return unknown("the name was not looked up")
    identifier, fact = view.resolve
    if fact.addresses:
        return _by_half(view, fact) or ruled_out(
            (identifier,), f"{fact.name} has the address {fact.addresses[0]}"
        )
    return _without_address(identifier, fact)


def _without_address(identifier: str, fact: ResolveFact) -> Judgement:
    if not fact.asks_dns:
        return ruled_out((identifier,), f"{fact.nsswitch_file} asks no nameserver")
    denying = next((server for server in fact.nameservers if server.denies), None)
    if denying:
        return ruled_out((identifier,), f"{denying.server} answers that there is no address")
    failing = [server for server in fact.nameservers if server.fails]
    if not failing:
        return _silent(identifier, fact)
    return Judgement(
        status=_sureness(fact, failing),
        evidence=(identifier,),
        explanation=f"{fact.name}: {'; '.join(map(_said, fact.nameservers))}.",
        where={"kind": "resolver", "address": failing[0].server},
    )


def _silent(identifier: str, fact: ResolveFact) -> Judgement:
    if fact.nameservers and all(server.outcome.measured for server in fact.nameservers):
        return ruled_out((identifier,), "no nameserver answers anything")
    return unknown("not every nameserver could be asked")


def _sureness(fact: ResolveFact, failing: list[NameserverAnswer]) -> Status:
    """Certain, unless the system found out otherwise than by asking these nameservers."""
    agrees = not fact.system_error or fact.system_error.startswith(_TOLD_AS)
    if fact.system_pending or agrees or any(server.rcode == "FORMERR" for server in failing):
        return Status.CONFIRMED
    return Status.LIKELY


def _by_half(view: WalkView, fact: ResolveFact) -> Judgement | None:
    """The addresses of one family are all that a failing nameserver leaves, and go nowhere."""
    server = next((it for it in fact.nameservers if it.addresses), None)
    nowhere = all(host.route is not None and not host.has_way_out for host in view.hosts)
    if server is None or not server.failed or fact.hosts or not nowhere or not view.resolve:
        return None
    kinds = " and ".join(server.failed)
    left = ", ".join(fact.addresses)
    return Judgement(
        status=Status.LIKELY,
        evidence=(view.resolve[0],),
        explanation=f"nameserver {server.server} fails the question for {kinds} addresses of "
        f"{fact.name} ({server.detail}), and this machine has no way to what is left: {left}.",
        where={"kind": "resolver", "address": server.server},
        decide_by=f"Does another nameserver know the {kinds} address: dig @SERVER {fact.name} "
        f"{server.failed[0]}?",
    )


def _said(server: NameserverAnswer) -> str:
    if not server.fails:
        return f"{server.server} does not answer ({server.outcome})"
    if not server.rcode:
        return f"nameserver {server.server} answers, and it is of no use: {server.detail}"
    meaning = _MEANINGS.get(server.rcode)
    return f"nameserver {server.server} answers {server.rcode}{f' ({meaning})' if meaning else ''}"


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The server by hand, its own trouble, another one until then."""
    server = judgement.where.get("address", "")
    return (
        Advice(
            on="client",
            action="Ask the nameserver by hand, by UDP and by TCP, and without checking DNSSEC: "
            "what still fails then is not the signatures.",
            command=f"dig @{server} NAME; dig +tcp @{server} NAME; dig +cdflag @{server} NAME",
        ),
        Advice(
            on="resolver",
            action="Read the nameserver's log: can it reach the zone's servers, does it allow "
            "this client, is TCP port 53 open?",
            command="journalctl -u named -u unbound -u systemd-resolved -n 50",
        ),
        Advice(
            on="client",
            action="See which nameservers are configured; options edns0 is too much for a server "
            "that answers FORMERR.",
            command="cat /etc/resolv.conf",
        ),
        Advice(
            on="client",
            action="Until then, name a server that works in resolv.conf.",
            changes_state=True,
        ),
    )


def _asked(*servers: NameserverAnswer) -> ResolveFact:
    return ResolveFact(
        outcome=Outcome.ANSWERED,
        name=_NAME,
        nameservers=servers,
        system_error="EAI_AGAIN: Temporary failure in name resolution",
    )


def _answer(server: str = _SERVER, rcode: str = "", detail: str = "") -> NameserverAnswer:
    return NameserverAnswer(server=server, outcome=Outcome.ANSWERED, rcode=rcode, detail=detail)


CAUSE = Cause(
    id="resolver-failing",
    title="The nameservers fail",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge_walk=judge_walk,
    advise=advise,
    before=("no-route", "route-rejected"),
    examples=(
        Example(
            name="SERVFAIL",
            target=_NAME,
            facts=(_asked(_answer(rcode="SERVFAIL")),),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="one refuses, the other is silent",
            target=_NAME,
            facts=(
                _asked(
                    NameserverAnswer(server=_OTHER, outcome=Outcome.SILENT),
                    _answer(rcode="REFUSED"),
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="cut off, and no TCP",
            target=_NAME,
            facts=(_asked(_answer(detail="the answer is truncated, and TCP port 53 gives none")),),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="no such name",
            target=_NAME,
            facts=(_asked(_answer(rcode="SERVFAIL"), _answer(_OTHER, rcode="NXDOMAIN")),),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="found",
            target=_NAME,
            facts=(
                ResolveFact(outcome=Outcome.ANSWERED, name=_NAME, addresses=("198.51.100.10",)),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(name="not looked up", target=_NAME, facts=(), expect=Status.UNKNOWN),
    ),
)
