"""The hosts file gives another address than DNS, and that one fails.

## Why it times out
The hosts file is asked before DNS. A line that was right once, or was written for a test, sends
every program on this machine to an old address, while everybody else, and whoever asks the
nameserver by hand, gets the new one and sees nothing wrong.

## Evidence
A line of the hosts file names the target, its address is the one that programs here get, the
nameservers give another, and the line's address fails. DNS's address is then tried as well: it
works, or it fails in its own way.

## What to do
Correct the line, or take it out so that DNS decides. Find out what wrote it (configuration
management, a container's start, an installer), or it comes back.

## Easily mistaken for
Whatever is wrong with the address itself, which is named besides. A hosts file that gives the
address that DNS gives, that names what DNS does not know, or whose address works, is no fault.
Where DNS's address fails just alike, the line is hardly to blame, and is named last.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    ConnectFact,
    EchoFact,
    HostsEntry,
    NameserverAnswer,
    Outcome,
    ResolveFact,
    RouteFact,
    SynFact,
    TraceKind,
)

_NAME = "db.lab.test"
_STALE = "198.51.100.99"
_KINDS = (ConnectFact, SynFact, EchoFact, RouteFact)


def judge_walk(view: WalkView) -> Judgement:
    """A line overrides DNS, and where it leads fails."""
    if view.target.address is not None:
        return unknown("")
    if view.resolve is None:
        return unknown("the name was not looked up")
    identifier, fact = view.resolve
    if not fact.overriding:
        return _without_override(identifier, fact)
    lines = {entry.address: entry for entry in fact.overriding}
    led = [host for host in view.hosts if host.address in lines]
    failing = [host for host in led if host.fails]
    if failing:
        return _named(view, fact, lines[failing[0].address], failing[0])
    if led and all(host.works for host in led):
        return ruled_out(_evidence(view, led), "the address of the hosts file works")
    return unknown("the address of the hosts file was not tried to the end")


def _without_override(identifier: str, fact: ResolveFact) -> Judgement:
    used = [entry for entry in fact.hosts if entry.address in fact.addresses]
    if not fact.hosts or not used:
        why = "names it, but is not asked first" if fact.hosts else "does not name it"
        return ruled_out((identifier,), f"the hosts file {why}")
    if fact.dns_addresses:
        return ruled_out((identifier,), "DNS gives the address that the hosts file gives")
    if all(server.denies for server in fact.nameservers):
        return ruled_out((identifier,), "DNS has no other address")
    return unknown("no nameserver gave an address to compare the hosts file with")


def _named(view: WalkView, fact: ResolveFact, line: HostsEntry, led: AddressView) -> Judgement:
    known = [view.of(address) for address in fact.dns_addresses]
    status, words = _compared(led, known, fact.dns_addresses)
    return Judgement(
        status=status,
        evidence=_evidence(view, [led, *known]),
        explanation=f"line {line.line} of {line.file} sends {fact.name} to {line.address}, which "
        f"fails; DNS gives {', '.join(fact.dns_addresses)}, {words}.",
        where={"kind": "local", "file": line.file, "line": line.line, "address": line.address},
        decide_by=""
        if status is Status.CONFIRMED
        else f"Which address does the service have today? Its owner knows; {line.file} or DNS is "
        "out of date.",
    )


def _compared(
    led: AddressView, known: Sequence[AddressView], addresses: Sequence[str]
) -> tuple[Status, str]:
    works = next((host.address for host in known if host.works), "")
    if works:
        return Status.CONFIRMED, "which works" if len(addresses) == 1 else f"and {works} works"
    if not all(host.fails for host in known):
        return Status.LIKELY, "which was not tried to the end"
    if any(_signs(host) == _signs(led) for host in known):
        return Status.POSSIBLE, "which fails just alike"
    return Status.LIKELY, "which fails in another way"


def _signs(host: AddressView) -> tuple[object, ...]:
    """How an address fails: the connection's end, how far a SYN got, whether a host is there."""
    if host.stuck:
        return ("stuck", host.route and host.route.next_hop)
    end = (host.connect.outcome, host.connect.errno) if host.connect else ()
    reach = host.path.hop(host.path.reach(TraceKind.SYN)).address
    return (*end, host.port_state, reach, bool(host.alive))


def _evidence(view: WalkView, hosts: Sequence[AddressView]) -> tuple[str, ...]:
    looked_up = (view.resolve[0],) if view.resolve else ()
    return tuple(dict.fromkeys((*looked_up, *(it for host in hosts for it in host.ids(*_KINDS)))))


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The line, and what wrote it."""
    file, line = judgement.where.get("file", "/etc/hosts"), judgement.where.get("line", "")
    return (
        Advice(
            on="client",
            action="See what the hosts file says, and what programs on this machine get.",
            command=f"sed -n {line}p {file}; getent ahosts NAME; grep hosts: /etc/nsswitch.conf",
        ),
        Advice(
            on="client",
            action=f"Correct line {line} of {file}, or take it out so that DNS decides (where "
            "nsswitch.conf asks DNS at all).",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Find out what wrote the line (configuration management, a container's start, "
            "an installer), so that it does not come back.",
            command=f"ls -l {file}; grep -n . {file}",
        ),
    )


def _looked_up(*addresses: str, known: str = samples.TARGET) -> ResolveFact:
    answer = NameserverAnswer(
        server="192.0.2.53", outcome=Outcome.ANSWERED, rcode="NOERROR", addresses=(known,)
    )
    lines = tuple(
        HostsEntry(address=address, file="/etc/hosts", line=number)
        for number, address in enumerate(addresses, 3)
    )
    return ResolveFact(
        outcome=Outcome.ANSWERED,
        name=_NAME,
        addresses=addresses,
        nameservers=(answer,),
        hosts=lines,
    )


_SILENT = ConnectFact(outcome=Outcome.SILENT, address=_STALE, port=samples.PORT, waited_s=3.5)
_WAY = samples.route(destination=_STALE)

CAUSE = Cause(
    id="hosts-file-override",
    title="The hosts file leads to an address that fails",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge_walk=judge_walk,
    advise=advise,
    before=("address-unusable",),
    examples=(
        Example(
            name="DNS has another, which works",
            target=_NAME,
            facts=(*samples.healthy(), _looked_up(_STALE), _WAY, _SILENT),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="DNS's address was not tried",
            target=_NAME,
            facts=(_looked_up(_STALE), _WAY, _SILENT),
            expect=Status.LIKELY,
        ),
        Example(
            name="the same as DNS",
            target=_NAME,
            facts=(*samples.healthy(), _looked_up(samples.TARGET)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="its address works",
            target=_NAME,
            facts=(*samples.healthy(), _looked_up(samples.TARGET, known=_STALE)),
            expect=Status.RULED_OUT,
        ),
        Example(name="not tried", target=_NAME, facts=(_looked_up(_STALE),), expect=Status.UNKNOWN),
        Example(name="not looked up", target=_NAME, facts=(), expect=Status.UNKNOWN),
    ),
)
