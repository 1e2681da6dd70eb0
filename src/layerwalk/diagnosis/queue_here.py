"""The listener's queue as the server itself sees it: whether it is full, and drops what comes."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Judgement, Status, ruled_out, unknown
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.probes.facts import Held, IntakeFact, ListenersFact, endpoint

_LOOK = "ss -ltn; nstat -az TcpExtListenOverflows TcpExtListenDrops"
_DECIDE = (
    "Does ListenOverflows grow (nstat -az TcpExtListenOverflows) while the queue is full (ss -ltn: "
    "Recv-Q above Send-Q)?"
)


def queue_here(host: AddressView) -> Judgement:
    """Certain where it was full, and the kernel dropped connections for that while we watched."""
    here, fact = ServerView(host), ServerView(host).intake
    evidence = host.ids(IntakeFact, ListenersFact)
    if here.listens is False:
        return ruled_out(evidence, "nobody listens there, so nothing waits")
    if fact is None or not fact.looks:
        return unknown("the listener's queue was not watched", unlock=_LOOK)
    if fact.overflowed or fact.crowded:
        return _full(here, fact, evidence)
    if fact.overflows and fact.limit is not None and fact.queue >= fact.limit:
        return _at_its_limit(here, fact, evidence)
    if fact.full:
        return unknown("the queue is full, and nothing was dropped while it was watched", _LOOK)
    return ruled_out(evidence, f"{fact.queue} wait in a queue for {fact.limit}")


def _full(here: ServerView, fact: IntakeFact, evidence: tuple[str, ...]) -> Judgement:
    if fact.crowded and not fact.full:
        return _crowded(here, fact, evidence)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"{_waiting(fact)}: more than it takes. The kernel dropped {fact.overflows} "
        f"connections for that while it was watched (ListenOverflows), and {_owner(here, fact)}.",
        where=_where(here),
    )


def _at_its_limit(here: ServerView, fact: IntakeFact, evidence: tuple[str, ...]) -> Judgement:
    """The counter is that of all listeners; this one had no room left whenever it was seen."""
    return Judgement(
        status=Status.LIKELY,
        evidence=evidence,
        explanation=f"{_waiting(fact)}, its limit, and the kernel dropped {fact.overflows} "
        "connections to some full queue while it was watched (ListenOverflows).",
        where=_where(here),
        decide_by=_DECIDE,
    )


def _crowded(here: ServerView, fact: IntakeFact, evidence: tuple[str, ...]) -> Judgement:
    """The queue of those who have not answered the SYN-ACK yet is the one that is full."""
    where = endpoint(fact.address, fact.port)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"{fact.half_open} half-open connections to {where} fill the listener's queue "
        f"for them, which takes {fact.half_open_room} (net.ipv4.tcp_max_syn_backlog; "
        f"tcp_syncookies is off). The kernel dropped {fact.drops} SYNs while it was watched "
        "(ListenDrops), ours among them.",
        where=_where(here),
    )


def _waiting(fact: IntakeFact) -> str:
    where = endpoint(fact.address, fact.port)
    return f"{fact.queue} connections wait at {where} in a queue for {fact.limit}"


def _owner(here: ServerView, fact: IntakeFact) -> str:
    who = here.owner or "the program"
    if fact.taken_s is not None:
        return f"{who} accepts them too slowly"
    if fact.held is Held.NOWHERE:
        return f"{who} did not make room in {fact.waited_s:.1f} s"
    return f"{who} accepted none of ours in {fact.waited_s:.1f} s"


def _where(here: ServerView) -> dict[str, object]:
    found: dict[str, object] = {"kind": "local"}
    if here.taking:
        found["listens"] = here.taking[0].place
    return found
