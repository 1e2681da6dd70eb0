"""The name does not exist.

## Why it times out
It does not even begin to: without an address there is nothing to connect to. Programs report this
as "no such host" or "name or service not known"; some only as a time-out of their own, after
asking again and again.

## Evidence
A nameserver that is in use answers NXDOMAIN, or answers without an address of the family asked
for, and neither the hosts file nor the system's own resolver knows the name.

## What to do
Check the spelling and the search list. Ask the zone's owner whether the record was removed, or not
yet made. Where only the other address family has an address, use that or add the record.

## Easily mistaken for
A nameserver that does not answer (`resolver-unreachable`) or fails (`resolver-failing`): there the
name may well exist.
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
from layerwalk.probes.facts import IPV6, NameserverAnswer, Outcome, ResolveFact

_NAME = "db.lab.test"
_SERVER = "192.0.2.53"


def judge_walk(view: WalkView) -> Judgement:
    """A nameserver denies the name and nobody knows it."""
    if view.target.address is not None:
        return unknown("")
    if view.resolve is None:
        return unknown("the name was not looked up")
    identifier, fact = view.resolve
    if fact.addresses:
        return ruled_out((identifier,), f"{fact.name} has the address {fact.addresses[0]}")
    if "dns" not in fact.sources and not _other_source(fact):
        text = f"{fact.nsswitch_file} asks no DNS for host names, and the hosts file has no entry"
        return _named(identifier, f"{fact.name}: {text}.", fact, {"file": fact.nsswitch_file})
    denying = [server for server in fact.nameservers if server.denies]
    if denying:
        return _named(
            identifier, _explained(fact, denying[0]), fact, {"address": denying[0].server}
        )
    return unknown("no nameserver gave a usable answer about the name")


def _other_source(fact: ResolveFact) -> bool:
    return bool(set(fact.sources) - {"files", "myhostname"})


def _named(identifier: str, text: str, fact: ResolveFact, where: dict[str, str]) -> Judgement:
    status = Status.LIKELY if fact.system_pending else Status.CONFIRMED
    return Judgement(
        status=status,
        evidence=(identifier,),
        explanation=text,
        where={"kind": "resolver", **where},
    )


def _explained(fact: ResolveFact, server: NameserverAnswer) -> str:
    if server.other_family:
        wanted, other = ("IPv6", "IPv4") if fact.family == IPV6 else ("IPv4", "IPv6")
        return f"{fact.name} has no {wanted} address; {server.server} knows an {other} one only."
    said = "that there is no such name" if server.rcode == "NXDOMAIN" else "that it has no address"
    return f"nameserver {server.server} says of {fact.name} {said}."


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """Spelling first, then the record, then this machine's own set-up."""
    return (
        Advice(on="client", action="Check the spelling of the name in the program's settings."),
        Advice(
            on="client",
            action="Look at the search list and at who is asked for names.",
            command="cat /etc/resolv.conf; grep hosts: /etc/nsswitch.conf",
        ),
        Advice(on="resolver", action="Ask the zone's owner to restore or create the record."),
    )


CAUSE = Cause(
    id="name-not-found",
    title="The name does not exist",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge_walk=judge_walk,
    advise=advise,
    examples=(
        Example(
            name="NXDOMAIN",
            target=_NAME,
            facts=(
                ResolveFact(
                    outcome=Outcome.REFUSED,
                    name=_NAME,
                    nameservers=(
                        NameserverAnswer(
                            server=_SERVER, outcome=Outcome.ANSWERED, rcode="NXDOMAIN"
                        ),
                    ),
                ),
            ),
            expect=Status.CONFIRMED,
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
