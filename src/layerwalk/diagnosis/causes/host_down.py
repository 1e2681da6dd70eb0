"""The target is not there.

## Why it times out
On its own link nobody answers for the target's address. Its last router tries three times, a
second apart, before it may report "host unreachable"; many programs do not wait that long, and
some routers report nothing at all.

## Evidence
On this machine's own link: ARP or neighbour discovery for the target stays unanswered. Further
away: the target's last router answers "host unreachable" and the target itself answers nothing.
A full neighbour table of this machine's own (gc_thresh3) has the same effect on its link.

## What to do
Start the machine, or correct the address. Check that the address was not moved (failover,
re-created machine) and that the machine is attached to that network.

## Easily mistaken for
A firewall that refuses with "host unreachable" (`firewall-reject`): that comes at once, and other
probes are still answered. A silent path (`path-blackhole`). A target on this machine's own link
that is there and keeps silent to it alone: its rp_filter or arp_ignore drops the questions.
"""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.full_neighbours import advice, explained
from layerwalk.diagnosis.link_silence import silent_on_link
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
from layerwalk.diagnosis.samples import limits
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    NeighbourFact,
    Outcome,
    Refusal,
    SynFact,
    TraceFact,
)


def judge(host: AddressView) -> Judgement:
    """Nobody has the target's address, on our link or on its own."""
    if host.connects or host.alive:
        return ruled_out(host.ids(EchoFact, SynFact, ControlFact), "the target answers")
    neighbour = host.neighbour
    if neighbour and not neighbour.gateway and neighbour.lacks_room:
        place = {"interface": neighbour.interface}
        ids = tuple(e.id for e in host.evidence if e.fact is neighbour)
        return _named(host, ids, explained(neighbour), place)
    if neighbour and not neighbour.gateway and neighbour.outcome.measured:
        return _on_link(host, neighbour)
    reports = _reports(host)
    if not reports:
        if host.ids(EchoFact, SynFact):
            return unknown("no router reported it, and the target answered nothing")
        return unknown("the target was not probed")
    return _reported(host, reports)


def _on_link(host: AddressView, neighbour: NeighbourFact) -> Judgement:
    evidence = host.ids(NeighbourFact)
    if neighbour.outcome is Outcome.ANSWERED:
        return ruled_out(evidence, "the target answers on the link")
    if neighbour.outcome is not Outcome.SILENT:
        return unknown("whether the target answers on the link was not measured")
    text = f"nobody answers for {host.address} on {neighbour.interface}."
    found = _named(host, evidence, text, {"interface": neighbour.interface})
    return silent_on_link(found, neighbour)


def _reports(host: AddressView) -> tuple[Answer, ...]:
    """Every "host unreachable" that came back for anything sent to the target."""
    traced = (answer for _, answer in host.path.answered())
    answers = (*host.syn_answers, *host.other_answers, *traced)
    kind = AnswerKind.UNREACHABLE
    return tuple(a for a in answers if a.kind is kind and a.refusal is Refusal.HOST)


def _reported(host: AddressView, reports: tuple[Answer, ...]) -> Judgement:
    router = reports[0].responder
    evidence = host.ids(ConnectFact, SynFact, EchoFact, ControlFact, TraceFact)
    late = any(report.looked_first for report in reports)
    every = any(a.refusal is Refusal.HOST for a in host.other_answers)
    said = f"router {router} says at once that {host.address} is unreachable"
    text = f"router {router} says that {host.address} is unreachable: nobody there has it."
    found = _named(host, evidence, text, _after(host, router))
    if late:
        return found
    if every or host.silence_is_sure:
        return replace(
            found,
            status=Status.LIKELY,
            # One that looked for it for another packet, in vain, is silent while it looks again.
            explanation=f"{said}." if every else f"{said}, and later nothing more.",
            alternatives=("firewall-reject",),
            decide_by=(
                "The report came sooner than a router looks for a neighbour: on that router, is "
                f"it a rule or a route (ip route get {host.bare}; nft list ruleset)?"
            ),
        )
    return unknown("only SYNs to the port are refused so, and at once")


def _after(host: AddressView, router: str) -> dict[str, object]:
    number = host.path.hop_of(router)
    return {"after": {"hop": number, "address": router}} if number else {}


def _named(
    host: AddressView,
    evidence: tuple[str, ...],
    text: str,
    more: dict[str, object] | dict[str, str],
) -> Judgement:
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=text,
        where={"kind": "host", "address": host.address, **more},
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Whether it is on, has the address, and is on that network; or room for it here."""
    if room := advice(judgement):
        return room
    address = judgement.where.get("address", "")
    return (
        Advice(
            on="server", action="Check that the machine runs (console, hypervisor, cloud page)."
        ),
        Advice(
            on="server",
            action=f"Check on it that {address} is configured and the interface is up.",
            command="ip -br addr",
        ),
        Advice(
            on="client",
            action="Check that the program has the right address: was the machine moved?",
        ),
    )


CAUSE = Cause(
    id="host-down",
    title="The target does not exist on its network",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("path-blackhole", "firewall-reject", "firewall-drop", "gateway-unreachable"),
    examples=(
        Example(
            name="silent on our link",
            facts=(
                samples.route(gateway=""),
                samples.neighbour(Outcome.SILENT, address=samples.TARGET, gateway=False),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="its last router says so",
            facts=(
                samples.route(),
                samples.echo(samples.refusal(Refusal.HOST, samples.ROUTERS[2], rtt_s=3.07)),
                samples.syn(samples.refusal(Refusal.HOST, samples.ROUTERS[2], rtt_s=3.07)),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="a router says so at once, whatever is sent",
            facts=(
                samples.route(),
                samples.echo(samples.refusal(Refusal.HOST, samples.ROUTERS[2])),
                samples.syn(samples.refusal(Refusal.HOST, samples.ROUTERS[2])),
            ),
            expect=Status.LIKELY,
        ),
        Example(
            name="a router says so at once, of the connection only, and is silent while it looks",
            facts=(
                samples.route(),
                replace(
                    samples.connect(Outcome.UNREACHABLE, "EHOSTUNREACH"),
                    report=samples.refusal(Refusal.HOST, samples.ROUTERS[2]),
                ),
                samples.syn(last_look=True),
                samples.echo(),
            ),
            expect=Status.LIKELY,
        ),
        Example(
            name="no room for its entry",
            facts=(
                samples.route(gateway=""),
                limits.crowded(address=samples.TARGET, gateway=False),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
