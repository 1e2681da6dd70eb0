"""SYNs that carry some TCP option or flag vanish; plain ones pass.

## Why it times out
This machine's kernel puts options on its SYNs: MSS, SACK, timestamps, window scale, and ECN flags
or Fast Open where they are switched on. An old or over-strict firewall, balancer or router drops
what it does not know. The kernel sends the same SYN again and again; only ECN flags it leaves off
from the second on, so that each connection then takes a second longer.

## Evidence
SYNs as the kernel sends them all vanish, while plain ones to the same port, sent among them and on
the same flows, are answered. SYNs with a single option show which one it is. The path of the
kernel's SYN ends behind the hop that is named. Without raw sockets only ECN flags can be compared:
twice the kernel's SYN is lost on the same flow, and what it sends again without them is answered.

## What to do
Let the device behind that hop pass the option: newer firmware, or the rule that "normalises" TCP
taken out. Until then the option can be switched off on this machine.

## Easily mistaken for
A firewall that drops every SYN to the port (`firewall-drop`): there plain ones are silent, too. A
server that can't keep up (`accept-queue-full`), or a rate limit (`syn-rate-limited`), where a SYN
gets through or not, whatever it carries.
"""

from __future__ import annotations

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
from layerwalk.diagnosis.path_view import place
from layerwalk.probes.facts import (
    ECN_FLAGS,
    LINUX,
    AnswerKind,
    ConnectFact,
    Outcome,
    PortState,
    SynFact,
    SynOption,
    SynOptionsFact,
    TraceFact,
    TraceKind,
    endpoint,
)
from layerwalk.probes.facts.syn_options import listed

_SWITCHES = {
    SynOption.SACK: "net.ipv4.tcp_sack=0",
    SynOption.TIMESTAMPS: "net.ipv4.tcp_timestamps=0",
    SynOption.WINDOW_SCALE: "net.ipv4.tcp_window_scaling=0",
    SynOption.ECN: "net.ipv4.tcp_ecn=2",
    SynOption.ACCURATE_ECN: "net.ipv4.tcp_ecn=2",
}


def judge(host: AddressView) -> Judgement:
    """The kernel's SYNs vanish, or are refused, and plain ones are taken."""
    if host.port is None or not (host.syns or host.options):
        return unknown("the port was not probed")
    evidence = host.ids(SynFact, SynOptionsFact, ConnectFact, TraceFact)
    fact = host.options
    if fact is not None and (host.takes_plain_only or host.refuses_options):
        return _found(host, fact, evidence)
    return _not_found(host, fact, evidence)


def _not_found(
    host: AddressView, fact: SynOptionsFact | None, evidence: tuple[str, ...]
) -> Judgement:
    if host.syn_state is PortState.OPEN:
        return ruled_out(evidence, "SYNs with this machine's options are answered")
    if fact is None:
        return unknown(_missing(host))
    if fact.simpler.sent and not fact.simpler.passes:
        return ruled_out(evidence, "SYNs without options fare no better")
    if host.syn_state is PortState.SILENT:
        return unknown("too few SYNs were compared")
    return ruled_out(evidence, f"the port is {host.port_state}, whatever a SYN carries")


def _missing(host: AddressView) -> str:
    fact = host.last(SynOptionsFact)
    return fact.detail if fact and fact.detail else "SYNs without options were not tried"


def _found(host: AddressView, fact: SynOptionsFact, evidence: tuple[str, ...]) -> Judgement:
    own, other = fact.kernels, fact.simpler
    which = "plain ones" if fact.plain.sent else "those that it sends again without ECN"
    fate = "vanish" if fact.vanishes else "are refused"
    said = f"{own.sent} of {own.sent}" if fact.vanishes else f"{own.sent}"
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"SYNs to {endpoint(host.address, fact.port)} as this machine sends them "
        f"{fate} ({said}), and {which} are answered ({other.answered} of {other.sent}): "
        f"{_named(fact)}{_saved(host, fact)}.",
        where=_where(host, fact),
    )


def _named(fact: SynOptionsFact) -> str:
    own = [option for option in fact.culprits if option in fact.own]
    if not own:
        return f"none of {listed(fact.own)} alone does it, all together do"
    besides = [option for option in fact.culprits if option not in fact.own]
    more = f" (so would {listed(besides)})" if besides else ""
    return f"{listed(own)} {'is' if len(own) == 1 else 'are each'} not let through{more}"


def _saved(host: AddressView, fact: SynOptionsFact) -> str:
    """ECN flags are left off where the SYN is sent again: the connection is then made."""
    if not host.connects or host.connect is None or not {*fact.own} & ECN_FLAGS:
        return ""
    return f"; the kernel leaves the flags off its second SYN, and connects after {_s(host)} s"


def _s(host: AddressView) -> str:
    return f"{host.connect.waited_s:.3g}" if host.connect else "?"


def _where(host: AddressView, fact: SynOptionsFact) -> dict[str, object]:
    """Behind the last hop that the kernel's SYN reached; who refuses one is that hop."""
    refusers = (a.responder for a in fact.kernels.answers if a.responder != host.bare)
    hop = host.path.hop_of(next(refusers, ""))
    return place(host.path, host.path.reach(TraceKind.SYN) if hop is None else hop)


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The device that drops, then a way round it on this machine."""
    after = judgement.where.get("after", {})
    there = "at the target or in front of it"
    if judgement.where.get("kind") == "path":
        there = f"at or behind hop {after.get('hop')} ({after.get('address')})"
    found = [switch for option, switch in _SWITCHES.items() if option in judgement.explanation]
    around = tuple(
        Advice(
            on="client",
            action="Until then, have this machine's kernel leave that off, for all connections.",
            command=f"sysctl -w {switch}",
            changes_state=True,
        )
        for switch in dict.fromkeys(found)
    )
    look = Advice(
        on="network",
        action=f"Find the firewall, balancer or router {there} that drops SYNs for what they "
        "carry (often called normalising or inspecting TCP), and let it pass them.",
    )
    seen = Advice(
        on="server",
        action="See which SYNs arrive, and with which options.",
        command="tcpdump -vni any tcp port PORT",
    )
    return (look, seen, *around)


_DROPPED = samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2))
_SEEN = (samples.route(), samples.alive(), samples.syn(), _DROPPED)
_PLAIN = samples.answer(AnswerKind.SYN_ACK)
_TIMESTAMPS = samples.syn_options(
    (LINUX, 4, ()), ((), 4, (_PLAIN,)), ((SynOption.TIMESTAMPS,), 2, ())
)
_WITH_ECN = (*LINUX, SynOption.ECN)

CAUSE = Cause(
    id="syn-option-dropped",
    title="SYNs are dropped for an option that they carry",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=(
        "firewall-drop",
        "firewall-reject",
        "port-closed",
        "packet-loss",
        "high-latency",
        "connect-timeout-too-short",
    ),
    examples=(
        Example(
            name="timestamps, after hop 2",
            facts=(*_SEEN, samples.connect(Outcome.SILENT), _TIMESTAMPS),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="ECN, which the kernel's second SYN does without",
            facts=(
                *_SEEN,
                samples.connect(waited_s=1.03),
                samples.syn_options(
                    (_WITH_ECN, 4, ()),
                    ((), 4, (_PLAIN,)),
                    ((SynOption.ECN,), 2, ()),
                    own=_WITH_ECN,
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="ECN, told without raw sockets",
            facts=(
                samples.route(),
                samples.alive(),
                samples.syn(_PLAIN, half_open=False),
                samples.connect(waited_s=1.03),
                samples.syn_options((_WITH_ECN, 6, ()), (LINUX, 3, (_PLAIN,)), own=_WITH_ECN),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="plain ones vanish, too",
            facts=(*_SEEN, samples.syn_options((LINUX, 2, ()), ((), 2, ()))),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="only what this machine does not send",
            facts=(*samples.healthy(), samples.syn_options(((SynOption.ECN,), 2, ()))),
            expect=Status.RULED_OUT,
        ),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
