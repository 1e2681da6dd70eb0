"""This machine's connection-tracking table is full, and new connections are dropped.

## Why it times out
A firewall that keeps state, or NAT, has the kernel note every connection in a table. Where that has
no room left, the first packet of a new connection is dropped before any rule sees it: programs
here get no SYN out, clients of a server here get none in. Connections that are noted already go on.

## Evidence
The table's count is at its maximum, and the packets that it dropped while probing are at least as
many as those of ours that never left this machine. The count is the network namespace's own, the
maximum the machine's. A table that is full, makes room by throwing out others and drops nothing,
explains nothing; nor does one that is merely close.

## What to do
Find what fills it: many short connections, one peer that opens thousands, entries that stay for
days because their time-out is long (five days for established ones). Then raise the maximum (and
the buckets with it), shorten the time-outs, or have connections that need no state not tracked.

## Easily mistaken for
`firewall-drop` on this machine: there a rule drops the SYN, and the table has room.
`ephemeral-ports-exhausted`: there the program fails at once, with an error of its own. A full table
of a router on the way looks like `firewall-drop` there.
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
from layerwalk.diagnosis.tracking import full_table_drops, kept_back
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    CountersFact,
    IntakeFact,
    Outcome,
    Role,
    Standpoint,
    SynFact,
    TrackingFact,
)

_COUNT = "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max"


def judge(host: AddressView) -> Judgement:
    """The table is full and drops, and our own SYNs do not leave."""
    fact = host.tracking
    if fact is None:
        return unknown("this machine's connection tracking was not looked at", unlock=_SEE)
    why = _harmless(fact)
    if why:
        return ruled_out(host.ids(TrackingFact), why)
    if host.connects:
        return ruled_out(host.ids(TrackingFact, ConnectFact), "new connections are taken in")
    if fact.dropped is None:
        return unknown("what a full table of connections drops could not be read")
    return _for_clients(host, fact) if host.standpoint.serves else _dropping(host, fact)


def _harmless(fact: TrackingFact) -> str:
    """Why the table can drop nothing, or does not; empty where it may."""
    if not fact.in_use:
        return "nothing on this machine tracks connections"
    if not fact.is_full:
        return f"its table has room: {fact.count} of {fact.maximum or 'any number'}"
    return "its table is full, and it drops nothing" if fact.dropped == 0 else ""


def _dropping(host: AddressView, fact: TrackingFact) -> Judgement:
    """It drops; whether that is what keeps ours back shows by how many never left."""
    evidence = host.ids(TrackingFact, SynFact, ConnectFact, CountersFact)
    if host.half_open and host.syns and not kept_back(host):
        return ruled_out(evidence, "our SYNs leave this machine, so it took them in")
    if kept_back(host) > (fact.dropped or 0):
        return ruled_out(evidence, "it dropped fewer packets than never left this machine")
    sure = full_table_drops(host)
    return Judgement(
        status=Status.CONFIRMED if sure else Status.LIKELY,
        evidence=evidence,
        explanation=f"it tracks {fact.count} connections of {fact.maximum} possible, and dropped "
        f"{fact.dropped} packets of new ones while probing{_ours(host)}.",
        where={"kind": "local"},
        decide_by="" if sure else f"Does the count stay at its maximum ({_COUNT})?",
    )


def _for_clients(host: AddressView, fact: TrackingFact) -> Judgement:
    """As a server: what comes from outside is dropped, whatever a connection of our own meets."""
    own = host.last(IntakeFact)
    sure = own is not None and own.outcome.measured and not own.made
    ours = "; a connection of this machine's own is not made either" if sure else ""
    return Judgement(
        status=Status.CONFIRMED if sure else Status.LIKELY,
        evidence=host.ids(TrackingFact, IntakeFact),
        explanation=f"it tracks {fact.count} connections of {fact.maximum} possible, and dropped "
        f"{fact.dropped} packets of new ones while probing{ours}.",
        where={"kind": "local"},
        decide_by="" if sure else f"Does the count stay at its maximum ({_COUNT})?",
    )


def _ours(host: AddressView) -> str:
    number = kept_back(host)
    return f", our own {number} SYNs to the port among them" if number else ""


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """Who fills it, then room."""
    return (
        Advice(on="client", action="See how full it is, and what it drops.", command=_SEE),
        Advice(
            on="client",
            action="See whose connections fill it, and in which state they are.",
            command="conntrack -L | awk '{print $4, $5, $6}' | sort | uniq -c | sort -rn | head",
        ),
        Advice(
            on="client",
            action="Raise the maximum, and the buckets to a quarter of it or more, for as long as "
            "it takes to stop what fills it.",
            command="sysctl -w net.netfilter.nf_conntrack_max=524288; "
            "sysctl -w net.netfilter.nf_conntrack_buckets=131072",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Forget idle connections sooner than after five days.",
            command="sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=86400",
            changes_state=True,
        ),
    )


_SEE = f"{_COUNT}; conntrack -S"


def _table(**changes: object) -> TrackingFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "count": 262144,
        "maximum": 262144,
        "dropped": 40,
        "dropped_early": 0,
    }
    return TrackingFact(**{**fields, **changes})  # type: ignore[arg-type]


def _own(outcome: Outcome, **changes: object) -> IntakeFact:
    fields: dict[str, object] = {"address": samples.TARGET, "port": samples.PORT}
    return IntakeFact(outcome=outcome, **{**fields, **changes})  # type: ignore[arg-type]


_SERVING = Standpoint(role=Role.SERVER)
_REFUSED = samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED)
_UNSENT = (samples.route(), _REFUSED, samples.connect(Outcome.SILENT))
_SILENT = (samples.route(), samples.syn(), samples.connect(Outcome.SILENT))

CAUSE = Cause(
    id="conntrack-full",
    title="This machine's connection-tracking table is full",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    roles=(Role.CLIENT, Role.SERVER),
    before=(
        "accept-queue-full",
        "firewall-drop",
        "firewall-reject",
        "gateway-unreachable",
        "high-latency",
        "host-down",
        "packet-loss",
        "path-blackhole",
        "resolver-failing",
        "resolver-unreachable",
        "route-missing-on-path",
        "routing-loop",
    ),
    examples=(
        Example(name="nothing leaves", facts=(*_UNSENT, _table()), expect=Status.CONFIRMED),
        Example(
            name="nothing is known to leave",
            facts=(samples.route(), samples.connect(Outcome.SILENT), _table()),
            expect=Status.LIKELY,
        ),
        Example(
            name="full, and it drops nothing",
            facts=(*_UNSENT, _table(dropped=0)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="room left, and a rule drops",
            facts=(*_UNSENT, _table(count=209715)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="full, and our SYNs leave", facts=(*_SILENT, _table()), expect=Status.RULED_OUT
        ),
        Example(name="works", facts=(*samples.healthy(), _table()), expect=Status.RULED_OUT),
        Example(
            name="closed",
            facts=(samples.syn(samples.answer(AnswerKind.RST)), _table()),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="something else drops more",
            facts=(*_UNSENT, _table(dropped=2)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="at the server, and nothing gets in",
            facts=(samples.route(), _own(Outcome.SILENT), _table()),
            expect=Status.CONFIRMED,
            standpoint=_SERVING,
        ),
        Example(
            name="at the server, where our own connection is exempt",
            facts=(samples.route(), _own(Outcome.ANSWERED, made_s=0.001), _table()),
            expect=Status.LIKELY,
            standpoint=_SERVING,
        ),
        Example(name="not read", facts=(*_UNSENT, _table(dropped=None)), expect=Status.UNKNOWN),
        Example(name="not looked at", facts=_UNSENT, expect=Status.UNKNOWN),
    ),
)
