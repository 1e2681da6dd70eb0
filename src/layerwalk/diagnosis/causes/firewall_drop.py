"""A firewall drops the SYN, or its answer, without a word.

## Why it times out
The SYN disappears, so no answer comes; the kernel sends it again and again and gives up after one
to two minutes with ETIMEDOUT, or the program's own limit fires first. That is what "connection
timed out: getsockopt" says.

## Evidence
The port is silent, also at repeated tries, while something else of the target answers (echo,
another port, UDP), or other probes get further along the path than the SYN does. The SYN's own
trace shows the last hop that it reached. A target that holds the first SYN acknowledges it when a
second one comes: the SYN arrives, then, and its answer is dropped on the way back. On this machine:
the kernel refuses to send, or an answer comes in and never reaches the connection.

## What to do
Find the rule behind the hop that is named (or on the target, or in its security group) and allow
this source, address and port. Where the answer is what gets lost, look on the target's own way out
and on the way back.

## Easily mistaken for
A dead path (`path-blackhole`), where nothing else gets through either. Something that drops SYNs
for an option that all of this machine's carry (`syn-option-dropped`): plain ones are then answered,
which takes raw sockets to see. A full listen queue of the
service (`accept-queue-full`), which from outside may look the same at the target itself.
"""

from __future__ import annotations

from typing import Literal

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.drop_site import Lost, lost, site, way, who_answered
from layerwalk.diagnosis.local_rules import local_advice, local_refusal
from layerwalk.diagnosis.model import (
    Advice,
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    Where,
    ruled_out,
    unknown,
)
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.rules_here import refusal_here
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.unvaried import options_untried, plain_syn_question
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    NeighbourFact,
    Outcome,
    PortState,
    SynFact,
    SynOptionsFact,
    TraceFact,
    TraceKind,
    endpoint,
)

_FURTHER_ON = ("host-down", "path-blackhole", "route-missing-on-path")
"""What a SYN that is dropped on the way does not get to meet."""


def judge(host: AddressView) -> Judgement:
    """The port is silent and the rest is not, or this machine itself drops."""
    if host.port is None or host.port_state is PortState.UNKNOWN:
        return unknown("the port was not probed")
    local = local_refusal(host, "drop")
    if local:
        return local
    evidence = host.ids(SynFact, ConnectFact, EchoFact, ControlFact, TraceFact)
    if host.port_state is not PortState.SILENT:
        return _spoken(host, evidence)
    if host.takes_plain_only:
        return ruled_out(
            (*evidence, *host.ids(SynOptionsFact)), "SYNs without options are answered"
        )
    missing = _missing(host)
    return unknown(missing) if missing else _elsewhere(host, evidence)


def _missing(host: AddressView) -> str:
    """What was not done to believe the silence."""
    if not host.syns:
        return "the port is silent to the kernel's own attempt, and no SYN was sent besides"
    if not host.silence_is_sure or not host.ids(TraceFact):
        return "the port was not listened to long enough"
    return ""


def _spoken(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    """The port gave some answer; but an open one whose connection hangs is not understood."""
    made = host.connects or host.lacks_port  # SYNs by other ports are answered
    if host.port_state is PortState.OPEN and host.connect and not made:
        return unknown("SYN-ACKs arrive, the connection is not made, and no local rule says why")
    if host.takes_plain_only:
        return ruled_out(evidence, "the port answers SYNs without options")
    return ruled_out(evidence, f"the port is {host.port_state}, not silent")


def _elsewhere(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    """Dropped on the path or at the target, told by where the SYN ends and where others do."""
    path = host.path
    last = path.reach(TraceKind.SYN)
    further = path.others_get_further or path.syn_lags
    if host.handed_on:
        told = f"this machine's own NAT hands the connection on to {host.handed_on}"
        return unknown(f"{told}, which was not walked to")
    if not (host.alive or further or _answers_on_link(host)) or path.loop:
        return unknown("nothing else gets further than the SYN, so it is not the port alone")
    where = place(path, last, None, TraceKind.SYN)
    port = endpoint(host.address, host.port or 0)
    at_host, which, unvaried = where["kind"] == "host", lost(host), options_untried(host)
    queue = ("accept-queue-full",) if at_host and which is not Lost.SYN_ACK else ()
    return Judgement(
        status=Status.LIKELY,
        evidence=(*evidence, *host.ids(NeighbourFact)),
        explanation=_explained(host, port),
        where={**where, "direction": str(which)} if which else where,
        alternatives=(*queue, *(("syn-option-dropped",) if unvaried else ())),
        decide_by=_deciding(host, which, at_host=at_host) + plain_syn_question(host),
        before=_FURTHER_ON if path.syn_lags else (),
    )


def _explained(host: AddressView, port: str) -> str:
    """What is lost and where, who answered what, and which way the loss is."""
    told = who_answered(host) or ("it answers on the link" if _answers_on_link(host) else "")
    said = f"SYNs to {port} vanish {site(host)}"
    if lost(host) is Lost.SYN_ACK:
        said = f"SYNs to {port} arrive, and the SYN-ACKs vanish"
    return " ".join(part for part in (f"{said}; {told}.", way(host)) if part)


def _deciding(host: AddressView, which: Lost | None, *, at_host: bool) -> str:
    """The next test: who gets to see the SYN, or its answer."""
    capture = f"tcpdump -ni any tcp port {host.port}"
    if which is Lost.SYN_ACK:
        return (
            f"On the target and on each router of the way back: does the SYN-ACK go by ({capture})?"
        )
    if at_host:
        return (
            f"On the target: does the SYN arrive, does a SYN-ACK leave ({capture}), and is the "
            "listen queue full (ss -ltn: Recv-Q above Send-Q)?"
        )
    return f"On the router at that hop and on the next one: does the SYN come by ({capture})?"


def _answers_on_link(host: AddressView) -> bool:
    neighbour = host.neighbour
    return neighbour is not None and not neighbour.gateway and neighbour.outcome is Outcome.ANSWERED


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The rule on this machine, on the path, at the target, or on the way back."""
    where = judgement.where
    if where.get("kind") == "local":
        return local_advice(judgement)
    if where.get("direction") == Lost.SYN_ACK:
        return _for_the_way_back()
    return _at_the_target() if where.get("kind") == "host" else _on_the_way(where)


def _on_the_way(where: Where) -> tuple[Advice, ...]:
    after, before = where.get("after", {}), where.get("before", {})
    behind = f", or on hop {before['hop']} ({before['address']})" if before else " or behind it"
    router = Advice(
        on="network",
        action=f"Find the rule on hop {after.get('hop')} ({after.get('address')}){behind}, that "
        "drops packets to this port on their way there.",
        command="nft -a list ruleset; iptables -vS FORWARD",
    )
    return router, _LOOK, _allow("network")


def _at_the_target() -> tuple[Advice, ...]:
    rules = Advice(
        on="server",
        action="See the target's rules and its security group.",
        command="nft -a list ruleset; iptables -S",
    )
    return _LOOK, rules, _allow("server"), _BACK


def _for_the_way_back() -> tuple[Advice, ...]:
    """What lets the SYN pass and its answer not: rules for packets from the port."""
    return (
        Advice(
            on="server",
            action="See that the SYN-ACK leaves the target; if it does not, a rule for what goes "
            "out drops it there.",
            command="nft -a list ruleset; iptables -S; tcpdump -ni any tcp src port PORT",
        ),
        Advice(
            on="network",
            action="Follow the SYN-ACK back, router by router, by the way back, which need not be "
            "the way there: a rule for packets from this port, or one that keeps state and has "
            "never seen the SYN, drops it.",
            command="ip route get SOURCE; nft -a list ruleset",
        ),
        Advice(
            on="network",
            action="Allow there what comes back from this address and port (established "
            "connections).",
            changes_state=True,
        ),
    )


def _allow(on: Literal["server", "network"]) -> Advice:
    return Advice(on=on, action="Allow this source, address and port there.", changes_state=True)


_LOOK = Advice(
    on="server",
    action="See whether the SYN arrives at the target; if so, its own firewall drops it.",
    command="tcpdump -ni any tcp dst port PORT",
)

_BACK = Advice(
    on="network",
    action="If a SYN-ACK leaves the target, follow it back, router by router: a rule for what this "
    "port sends drops it.",
    command="tcpdump -ni any tcp src port PORT",
)

_DROPPED = samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2))

CAUSE = Cause(
    id="firewall-drop",
    title="A firewall drops the connection",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    judge_server=lambda host: refusal_here(host, "drop"),
    advise=advise,
    before=("packet-loss", "high-latency"),
    examples=(
        Example(
            name="after hop 2",
            facts=(
                samples.route(),
                samples.alive(),
                samples.syn(),
                samples.connect(Outcome.SILENT),
                _DROPPED,
            ),
            expect=Status.LIKELY,
        ),
        Example(
            name="by this machine",
            facts=(
                samples.route(),
                samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED),
                samples.connect(Outcome.SILENT),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(
            name="closed",
            facts=(samples.syn(samples.answer(AnswerKind.RST)),),
            expect=Status.RULED_OUT,
        ),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
        Example(
            name="a rule of the server's own",
            facts=(*server.base(), server.served(), server.rules(server.rule("drop"))),
            expect=Status.CONFIRMED,
            standpoint=server.AS_SERVER,
            target=server.OWN,
        ),
    ),
)
