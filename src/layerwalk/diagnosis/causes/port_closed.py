"""The target is there, and nothing listens on the port.

## Why it times out
The target answers the SYN with a reset, so that programs normally fail at once with "connection
refused". Some try again until a limit of their own runs out, and then report a time-out.

## Evidence
A reset that acknowledges our very SYN, from as far away as the target's other answers.

## What to do
Start the service; check that it listens on this port and address and not on loopback only; check
the port in the program's settings.

## Easily mistaken for
`firewall-reject`: a reset forged by a firewall on the way, which comes from nearer than the
target, or an ICMP refusal.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.forged import forged_at, may_be_trusted
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
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    EchoFact,
    FirewallFact,
    PortState,
    SynFact,
    SynOptionsFact,
    TraceFact,
    endpoint,
)


def judge(host: AddressView) -> Judgement:
    """A reset, and no sign that it was forged."""
    if host.port is None:
        return unknown("no port was named")
    evidence = host.ids(SynFact, ConnectFact, *([FirewallFact] if host.handed_on else []))
    if host.port_state is PortState.UNKNOWN:
        return unknown("the port was not probed")
    if host.port_state is not PortState.CLOSED:
        return ruled_out(evidence, f"the port is {host.port_state}")
    if host.refuses_options:
        return ruled_out(host.ids(SynOptionsFact), "SYNs without options are taken")
    if forged_at(host) is not None:
        return ruled_out(
            host.ids(SynFact, TraceFact), "the reset comes from nearer than the target"
        )
    where = endpoint(host.address, host.port)
    if host.handed_on:
        where = f"{host.handed_on}, to which this machine's own NAT hands on {where},"
    return Judgement(
        status=Status.CONFIRMED if host.syns and may_be_trusted(host) else Status.LIKELY,
        evidence=(*evidence, *host.ids(EchoFact)),
        explanation=f"{where} answers with a reset: nothing listens there.",
        where={"kind": "host", "address": host.address},
    )


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """The service, its address, the program's port."""
    return (
        Advice(
            on="server",
            action="See what listens, and on which address.",
            command="ss -ltnp",
        ),
        Advice(
            on="server",
            action="See whether the service runs; if not, its log (journalctl -u) says why.",
            command="systemctl list-units --type=service --all --no-pager; ps -ef",
        ),
        Advice(on="server", action="Start it (systemctl start).", changes_state=True),
        Advice(on="client", action="Check the port in the program's settings."),
    )


_RESET = samples.answer(AnswerKind.RST)

CAUSE = Cause(
    id="port-closed",
    title="Nothing listens on the port",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("packet-loss", "high-latency"),
    examples=(
        Example(
            name="reset",
            facts=(samples.route(), samples.alive(), samples.syn(_RESET)),
            expect=Status.CONFIRMED,
        ),
        Example(name="open", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
