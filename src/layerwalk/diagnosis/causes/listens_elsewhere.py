"""The service listens, but not where clients come: on loopback, another address or another port.

## Why it times out
A listener that is bound to an address takes connections to that address and no other. Bound to
127.0.0.1 or ::1 it serves this machine alone; bound to one family it does not serve the other; and
a service that was set to another port leaves the one that clients know empty. The kernel then
answers with a reset, or a firewall that lets nothing else in drops the SYN.

## Evidence
The kernel's own list of listeners (sock_diag): the port is listened on, and none of those sockets
takes connections to the address. Or nobody listens on it, and the process that the walk was told of
listens on another port.

## What to do
Set the service's listening address (`listen_addresses`, `bind`, `ListenStream`, `--host`, …) to the
address that clients come to, or to all of them, and start it again.

## Easily mistaken for
`service-not-running`: nothing listens on the port at any address. With a loopback target, a
loopback listener is right; so is one on `::` that takes IPv4, too, unless it was told not to
(IPV6_V6ONLY).
"""

from __future__ import annotations

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
from layerwalk.diagnosis.samples import server as samples
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.probes.facts import (
    IPV6,
    FirewallFact,
    IntakeFact,
    Listener,
    ListenersFact,
    Role,
    ServiceFact,
    endpoint,
    family_of,
)
from layerwalk.probes.facts.listeners import listed, listening

_LOOK = "ss -ltnp"


def judge(host: AddressView) -> Judgement:
    """Somebody listens on the port, and not at the address; or the named process, elsewhere."""
    here = ServerView(host)
    if here.listeners is None:
        return unknown("who listens on this machine was not seen", unlock=_LOOK)
    evidence = host.ids(ListenersFact, IntakeFact, ServiceFact)
    if here.taking:
        return ruled_out(evidence, listening(here.taking[:1]))
    if here.served_otherwise:
        nat = host.ids(FirewallFact)
        return ruled_out((*evidence, *nat), here.served_otherwise)
    if here.elsewhere:
        return _at_other_address(here, here.elsewhere, evidence)
    if here.listeners.others:
        return _on_other_port(here.listeners, evidence)
    return ruled_out(evidence, "nobody listens on the port at all")


def _at_other_address(
    here: ServerView, found: tuple[Listener, ...], evidence: tuple[str, ...]
) -> Judgement:
    address, port = here.host.address, here.host.port or 0
    meant = next((one for one in found if family_of(address) in one.versions), found[0])
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"nobody takes connections to {endpoint(address, port)}; "
        f"{listening(found)}{_only(found, address)}.",
        where=_where(meant),
    )


def _only(found: tuple[Listener, ...], address: str) -> str:
    """What keeps them from the address, in a few words."""
    if all(one.on_loopback for one in found):
        return ", for this machine alone"
    if all(one.takes(address) for one in found):
        return f", for what comes in by {', '.join({one.interface for one in found})} alone"
    if not any(family_of(address) in one.versions for one in found):
        return f", for IPv{10 - family_of(address)} alone"
    return ", at that address alone"


def _on_other_port(fact: ListenersFact, evidence: tuple[str, ...]) -> Judgement:
    process = f"{fact.process or 'the process'} (pid {fact.pid})"
    places = listed(fact.others, owned=False)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"nobody listens on port {fact.port}; {process} listens on {places}.",
        where={**_where(fact.others[0]), "process": fact.process, "pid": fact.pid},
    )


def _where(one: Listener) -> dict[str, object]:
    found: dict[str, object] = {"kind": "local", "listens": one.place}
    if one.holders:
        found |= {"process": one.holders[0].name, "pid": one.holders[0].pid}
    return found


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Look at where it listens, and set its address or its port."""
    place = judgement.where.get("listens", "another address")
    return (
        Advice(
            on="server",
            action=f"See where the service listens; it is {place}.",
            command="ss -ltnp",
        ),
        Advice(
            on="server",
            action="Set the service's listening address and port to what clients use (or to all "
            "addresses, 0.0.0.0 and ::), and start it again.",
            changes_state=True,
        ),
        Advice(
            on="server",
            action="Before it listens to the outside, see that it asks who comes, and that the "
            "firewall lets in only whom it should.",
        ),
        Advice(on="client", action="Or connect to where it listens, if that is what was meant."),
    )


_V6 = samples.listener("::", versions=(IPV6,))
_OTHER = samples.listener("0.0.0.0", port=8080)

CAUSE = Cause(
    id="listens-elsewhere",
    title="The service listens elsewhere",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge=judge,
    advise=advise,
    roles=(Role.SERVER,),
    examples=(
        Example(
            name="on loopback only",
            facts=(
                *samples.base(),
                samples.listeners(samples.listener("127.0.0.1")),
                samples.refused(),
            ),
            expect=Status.CONFIRMED,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="for the other family only",
            facts=(*samples.base(), samples.listeners(_V6), samples.refused()),
            expect=Status.CONFIRMED,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="on another port",
            facts=(
                *samples.base(),
                samples.listeners(pid=812, process="postgres", others=(_OTHER,)),
                samples.refused(),
            ),
            expect=Status.CONFIRMED,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="on all addresses",
            facts=(*samples.base(), samples.listeners(samples.listener()), samples.served()),
            expect=Status.RULED_OUT,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="not looked at",
            facts=samples.base(),
            expect=Status.UNKNOWN,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
    ),
)
