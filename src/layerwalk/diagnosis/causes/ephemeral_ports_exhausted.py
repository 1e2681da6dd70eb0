"""This machine has no free source port for the connection.

## Why it times out
A connection needs a source port of its own towards its target. The kernel takes it out of
`ip_local_port_range` (28,232 ports, unless it is changed), and a port that was used stays in
TIME_WAIT for a minute. Once all are taken towards one address and port, connect() fails at once
("cannot assign requested address"); programs report it late, retry, or wait for their pool.

## Evidence
connect() fails with EADDRNOTAVAIL although there is a route and a source address, and the sockets
to that address and port, with those that are bound, take every port of the range; or a connection
from a port outside the range gets further. Or the process that `--pid` names keeps its sockets to a
range of their own (`IP_LOCAL_PORT_RANGE`), and that is full. Sockets to other targets don't count:
the same port may be used towards each of them.

## What to do
Keep connections open and use them again (pooling, HTTP keep-alive). Let the kernel take ports in
TIME_WAIT over (`tcp_tw_reuse=1`), widen the range, or use more source or target addresses. Mend
programs that never close (CLOSE_WAIT). Never `tcp_tw_recycle`: it broke clients behind NAT, and
left the kernel in 4.12.

## Easily mistaken for
Many sockets in TIME_WAIT to other targets, or a range that is nearly full: both work. A program
that binds a source address before it connects fails sooner, with "address already in use": its port
must then be free towards all targets (IP_BIND_ADDRESS_NO_PORT avoids that).
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
from layerwalk.diagnosis.samples import limits
from layerwalk.probes.facts import (
    NO_PORT,
    ConnectFact,
    Outcome,
    OwnSocketsFact,
    SourcePortsFact,
    endpoint,
)

_ITS_OWN = "IP_LOCAL_PORT_RANGE"
_NEARLY = 0.9
_BEFORE_A_PORT = {"ENETUNREACH", "EINVAL", "ENETDOWN", "ENODEV"}
"""What connect() says where the route fails, which it looks for first."""


def judge(host: AddressView) -> Judgement:
    """A program keeps itself to ports that are all taken, or the kernel finds none for anyone."""
    return _of_a_program(host) or _of_this_machine(host)


def _of_this_machine(host: AddressView) -> Judgement:
    """The kernel found no port for our own connection, and the sockets show why."""
    if host.connect is None:
        return unknown("no connection was tried")
    evidence = host.ids(ConnectFact, SourcePortsFact)
    if not host.lacks_port:
        return _found(host, evidence)
    fact = host.last(SourcePortsFact)
    if fact is None or not fact.outcome.measured or not fact.counted:
        return unknown("which source ports are taken could not be counted")
    if not fact.source:
        return ruled_out(
            evidence, "there is no source address, so none of its ports was looked for"
        )
    status = _status(fact)
    if status is Status.UNKNOWN:
        return unknown("connect() found no port, and yet many seem to be free")
    return Judgement(
        status=status,
        evidence=evidence,
        explanation=_explained(fact),
        where={"kind": "local"},
    )


def _of_a_program(host: AddressView) -> Judgement | None:
    """Look at the ports that the process that is named keeps itself to, if it does."""
    fact = host.last(OwnSocketsFact)
    ports = fact.ports if fact else None
    if fact is None or ports is None or not ports.exhausted:
        return None
    to = endpoint(fact.address, fact.port)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=host.ids(OwnSocketsFact),
        explanation=f"all {ports.usable} source ports that process {fact.pid} keeps itself to "
        f"({ports.low}-{ports.high}, {_ITS_OWN}) are taken towards {to}: {ports.holders}.",
        where={"kind": "local"},
    )


def _found(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    errno = host.connect.errno if host.connect else ""
    if errno in _BEFORE_A_PORT or errno in {"EACCES", "EPERM"}:
        return unknown("connect() failed before it looked for a source port")
    return ruled_out(evidence, "connect() found a source port")


def _status(fact: SourcePortsFact) -> Status:
    """Full, or full but for ports that are bound in a way that does not show."""
    if not fact.free or (fact.again == NO_PORT and fact.outside_leaves):
        return Status.CONFIRMED
    if fact.taken >= _NEARLY * fact.usable:  # full a moment ago
        return Status.CONFIRMED
    return Status.LIKELY if fact.again == NO_PORT else Status.UNKNOWN


def _explained(fact: SourcePortsFact) -> str:
    span = f"{fact.usable} source ports ({fact.low}-{fact.high})"
    to = f"from {fact.source} to {endpoint(fact.address, fact.port)}"
    if not fact.free:
        return f"all {span} {to} are taken: {fact.holders}.{_soon(fact)}"
    if fact.again != NO_PORT:
        return (
            f"connect() found none of {span} {to} free; a moment later {fact.taken} of them were "
            f"taken: {fact.holders}.{_soon(fact)}"
        )
    known = f"{fact.holders}; the others are" if fact.taken else "they are all"
    return f"none of {span} is free {to}: {known} bound by programs."


def _soon(fact: SourcePortsFact) -> str:
    if fact.next_free_s is None or fact.connections >= fact.time_wait:
        return ""
    return f" The next one is free in {fact.next_free_s:.0f} s."


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Who holds them; fewer connections; more ports."""
    return (*_ADVICE[:2], _WIDER) if _ITS_OWN in judgement.explanation else _ADVICE


_ADVICE = (
    Advice(
        on="client",
        action="See which programs hold the ports, and in which states: TIME-WAIT are "
        "connections that were closed here, CLOSE-WAIT those that a program forgot to close.",
        command="ss -tanp dst TARGET",
    ),
    Advice(
        on="client",
        action="Have the program keep its connections and use them again (a pool, HTTP "
        "keep-alive) instead of making a new one for each request.",
        changes_state=True,
    ),
    Advice(
        on="client",
        action="Let new connections take over ports in TIME_WAIT after a second, where both "
        "ends use TCP timestamps. (Leave tcp_tw_recycle alone: it broke clients behind NAT "
        "and is gone since Linux 4.12.)",
        command="sysctl -w net.ipv4.tcp_tw_reuse=1",
        changes_state=True,
    ),
    Advice(
        on="client",
        action="Widen the range; ports in it on which services listen belong into "
        "net.ipv4.ip_local_reserved_ports.",
        command="sysctl -w net.ipv4.ip_local_port_range='10240 65535'",
        changes_state=True,
    ),
    Advice(
        on="client",
        action="Each further source address (bound with IP_BIND_ADDRESS_NO_PORT), target "
        "address or target port has the whole range for itself: spread the connections.",
        changes_state=True,
    ),
)
_WIDER = Advice(
    on="client",
    action=f"Have the program set a wider range for its sockets, or none ({_ITS_OWN}, ip(7)); one "
    "that is outside the system's ip_local_port_range does not count.",
    command="sysctl net.ipv4.ip_local_port_range",
    changes_state=True,
)


CAUSE = Cause(
    id="ephemeral-ports-exhausted",
    title="No source port is free",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=(
        "accept-queue-full",
        "duplicate-address",
        "firewall-drop",
        "firewall-reject",
        "flow-dependent-path",
        "gateway-unreachable",
        "high-latency",
        "host-down",
        "link-errors",
        "packet-loss",
        "path-blackhole",
        "pmtu-blackhole",
        "port-closed",
        "reverse-path-filter",
        "route-missing-on-path",
        "routing-loop",
        "syn-option-dropped",
        "syn-rate-limited",
    ),
    examples=(
        Example(
            name="every port is taken",
            facts=(
                *limits.without_port(),
                limits.source_ports(taken=64, time_wait=64),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="bound where it does not show",
            facts=(
                *limits.without_port(),
                limits.source_ports(taken=2, connections=2),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="nothing gets out by other ports, either",
            facts=(
                *limits.without_port(),
                limits.source_ports(taken=2, outside=NO_PORT, outside_leaves=False),
            ),
            expect=Status.LIKELY,
        ),
        Example(
            name="every port that the program keeps itself to",
            facts=(*samples.healthy(), limits.own_ports(taken=8)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="it has one left",
            facts=(*samples.healthy(), limits.own_ports(taken=7)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="not counted",
            facts=limits.without_port(),
            expect=Status.UNKNOWN,
        ),
        Example(
            name="silent, by a port of its own",
            facts=(samples.route(), samples.connect(Outcome.SILENT)),
            expect=Status.RULED_OUT,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
    ),
)
