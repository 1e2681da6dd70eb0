"""Nothing listens on the port of this machine: the service is not running.

## Why it times out
Where nobody listens, the kernel answers a SYN with a reset, and programs normally fail at once with
"connection refused". Some try again until a limit of their own runs out; and where a firewall drops
what nobody listens for, or swallows the resets, they wait in vain.

## Evidence
The kernel's own list of listeners (sock_diag) has none on the port, at any address, and a
connection of this machine's own to it is refused. Where a service manager can be asked, the unit
that fits the port (by its socket, its command line, or the port's usual name) and its state.

## What to do
See why it stopped, in its state and its log; start it; have it started with the machine.

## Easily mistaken for
`listens-elsewhere`: it runs, and listens on loopback, another address or another port. A port that
NAT publishes for a container needs no listener here. A UDP service takes no TCP connections.
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
    FirewallFact,
    IntakeFact,
    ListenersFact,
    Role,
    ServiceFact,
    Unit,
)
from layerwalk.probes.facts.listeners import listening

_LOOK = "ss -ltnp"
_RULES = "sudo nft list ruleset"
_UNITS = "systemctl --failed --no-pager"


def judge(host: AddressView) -> Judgement:
    """Nobody listens on the port, at whatever address, and no connection gets through."""
    here = ServerView(host)
    if here.listeners is None:
        return unknown("who listens on this machine was not seen", unlock=_LOOK)
    evidence = host.ids(ListenersFact, IntakeFact, ServiceFact)
    if here.taking:
        return ruled_out(evidence, listening(here.taking[:1]))
    if here.elsewhere or here.listeners.others:
        return ruled_out(evidence, "it listens, though elsewhere")
    if here.served_otherwise:
        nat = host.ids(FirewallFact)
        return ruled_out((*evidence, *nat), here.served_otherwise)
    return _absent(here, here.listeners, evidence)


def _absent(here: ServerView, fact: ListenersFact, evidence: tuple[str, ...]) -> Judgement:
    unit = here.unit
    read = bool(here.host.ids(FirewallFact))
    where: dict[str, object] = {"kind": "local", "port": fact.port}
    if unit:
        where |= {"unit": unit.name, "state": "masked" if unit.load == "masked" else unit.active}
    return Judgement(
        status=Status.CONFIRMED if read else Status.LIKELY,
        evidence=evidence,
        explanation=f"no process of this machine listens on TCP port {fact.port}{_but(fact)}."
        f"{_of_unit(unit)}",
        where=where,
        missing=_unseen(here) if read else "whether NAT hands the port on was not seen",
        unlock=_UNITS if read else _RULES,
    )


def _but(fact: ListenersFact) -> str:
    return f", at any address; over UDP {fact.datagrams[0]} does" if fact.datagrams else ""


def _unseen(here: ServerView) -> str:
    """Why no unit could be named; empty where the service manager was asked."""
    fact = here.host.last(ServiceFact)
    asked = fact is None or fact.outcome.measured
    return "" if asked else f"which unit serves the port: {fact.finding if fact else ''}"


def _of_unit(unit: Unit | None) -> str:
    if unit is None:
        return ""
    beside = ", and yet nothing listens" if unit.runs else ""
    return f" {unit.words}{beside} ({unit.fit})."


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Look at the service and its log, start it, and see to it that it starts by itself."""
    unit = str(judgement.where.get("unit") or "")
    last = Advice(on="client", action="Check that this is the port that the service is to have.")
    masked = judgement.where.get("state") == "masked"
    return (*(_of_known(unit, masked=masked) if unit else _of_unknown()), last)


def _of_unknown() -> tuple[Advice, ...]:
    return (
        Advice(
            on="server",
            action="See whether the service runs; if not, its log (journalctl -u) says why.",
            command="systemctl list-units --type=service --all --no-pager; ps -ef",
        ),
        Advice(
            on="server",
            action="Start it, and have it started with the machine, if it is to run always "
            "(systemctl enable --now).",
            changes_state=True,
        ),
    )


def _of_known(unit: str, *, masked: bool) -> tuple[Advice, ...]:
    start = f"systemctl unmask {unit} && systemctl start {unit}" if masked else None
    return (
        Advice(
            on="server",
            action="See whether the service runs, and why not.",
            command=f"systemctl status --no-pager {unit}; journalctl -u {unit} -n 50 --no-pager",
        ),
        Advice(
            on="server",
            action="Allow it to be started again, and start it." if masked else "Start it.",
            command=start or f"systemctl start {unit}",
            changes_state=True,
        ),
        Advice(
            on="server",
            action="Have it started with the machine, if it is to run always.",
            command=f"systemctl enable {unit}",
            changes_state=True,
        ),
    )


CAUSE = Cause(
    id="service-not-running",
    title="The service is not running",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge=judge,
    advise=advise,
    roles=(Role.SERVER,),
    examples=(
        Example(
            name="nobody listens",
            facts=(*samples.base(), samples.listeners(), samples.refused(), samples.rules()),
            expect=Status.CONFIRMED,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="nobody listens, and the rules may not be read",
            facts=(*samples.base(), samples.listeners(), samples.refused()),
            expect=Status.LIKELY,
            standpoint=samples.AS_SERVER,
            target=samples.OWN,
        ),
        Example(
            name="it listens",
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
