"""Every cause, asked about all that it can be true of: the name, and each address in turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.client_view import FILTER, ON_THE_WAY, back_to, client_view, filtered
from layerwalk.diagnosis.model import Cause, Judgement, Status, unknown
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Refusal

NAME = -1.0
"""The turn of the name: a program needs its address before it meets anything else."""

_JUST_BEFORE = 0.5


@dataclass(frozen=True)
class Verdict:
    """One cause's judgement of one subject; ``turn`` is when a program gets to meet it.

    Addresses have whole numbers, in the system's order. ``host`` is the one that it is about.
    ``weight`` is how many of a person's answers speak for it, less those against it.
    """

    cause: Cause
    judgement: Judgement
    turn: float = NAME
    host: AddressView | None = None
    weight: int = 0


def verdicts(view: WalkView) -> Iterator[Verdict]:
    """Judge every cause on the walk, on each address, and on the way to dead nameservers."""
    told = {*_telling_routers(view)}
    yield from (_unless_told(verdict, told) for verdict in _each(view))


def _telling_routers(view: WalkView) -> Iterator[str]:
    """The routers that say of some address why nothing arrives there."""
    for host in view.hosts:
        for answer in (*host.syn_answers, *host.other_answers):
            if answer.refusal in {Refusal.HOST, Refusal.NO_ROUTE}:
                yield answer.responder


def _unless_told(verdict: Verdict, told: Collection[str]) -> Verdict:
    """Silence behind a router that says why of another address is no blackhole of its own.

    A router reports only so often; who comes second hears nothing (icmp_ratelimit).
    """
    silent = verdict.cause.id == "path-blackhole" and verdict.judgement.status.names_it
    router = verdict.judgement.where.get("after", {}).get("address", "")
    if not (silent and router in told):
        return verdict
    why = f"router {router} reports of another address, and may be silent here for that alone"
    return replace(verdict, judgement=unknown(why))


def _each(view: WalkView) -> Iterator[Verdict]:
    for cause in causes():
        if cause.judge_walk and view.standpoint.role in cause.roles:
            yield _of_walk(cause, cause.judge_walk(view), view)
        judge = cause.judging(view.standpoint.role)
        if judge:
            yield from _of_addresses(cause, judge, view)
    yield from _of_nameservers(view)
    yield from _of_the_way_back(view)


def _of_the_way_back(view: WalkView) -> Iterator[Verdict]:
    """What a server's answers to a client that was named meet before they have left."""
    client = client_view(view)
    if client is None:
        return
    for cause in causes():
        if cause.judge and cause.id in ON_THE_WAY:
            found = cause.judge(client)
            if found.status.names_it:
                yield Verdict(cause, back_to(client, found), turn=0)
        if cause.id == FILTER and (dropped := filtered(view, client)):
            yield Verdict(cause, dropped, turn=0)


def _of_addresses(
    cause: Cause, judge: Callable[[AddressView], Judgement], view: WalkView
) -> Iterator[Verdict]:
    """What programs would try comes in its order; then what else is known not to work."""
    hosts = (*view.hosts, *(host for host in view.rival_hosts if host.fails))
    judged = [judge(host) for host in hosts]
    if len(hosts) > 1:
        judged = [_of(host, one) for host, one in zip(hosts, judged, strict=True)]
    for turn, (host, one) in enumerate(zip(hosts, judged, strict=True)):
        yield Verdict(cause, one, turn, host)


def _of(host: AddressView, judgement: Judgement) -> Judgement:
    """Say which of several addresses is meant, unless the place names an address of its own."""
    return replace(judgement, where={"address": host.address, **judgement.where})


def _of_walk(cause: Cause, judgement: Judgement, view: WalkView) -> Verdict:
    """What is about one of the addresses explains what else fails there, unless it is a guess."""
    about = judgement.where.get("address")
    for turn, host in enumerate(view.hosts):
        if host.address == about and judgement.where.get("kind") != "resolver":
            guess = judgement.status is Status.POSSIBLE
            return Verdict(cause, judgement, turn if guess else turn - _JUST_BEFORE, host)
    return Verdict(cause, judgement)


def _of_nameservers(view: WalkView) -> Iterator[Verdict]:
    """Where no nameserver answers, what is wrong on this machine's way to them goes first.

    It does so only where every nameserver is cut off; else it is true besides.
    """
    if not view.asks_in_vain:
        return
    local = [one for one in causes() if one.judge and "resolver-unreachable" in one.before]
    found = [
        [Verdict(one, _towards(host, one.judge(host)), NAME, host) for one in local if one.judge]
        for host in view.nameservers
    ]
    cut_off = [any(it.judgement.status.names_it for it in each) for each in found]
    for each in found:
        yield from each if all(cut_off) else (replace(it, turn=0) for it in each)


def _towards(nameserver: AddressView, judgement: Judgement) -> Judgement:
    if not judgement.status.names_it:
        return judgement
    text = f"on the way to nameserver {nameserver.address}, {judgement.explanation}"
    return replace(judgement, explanation=text)
