"""Refusals on the way: who sent the ICMP error, and at which hop that router stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.path_view import hops_away
from layerwalk.probes.facts import Answer, AnswerKind, Refusal


@dataclass(frozen=True)
class Refused:
    """An ICMP refusal with the hop of the router that sent it."""

    answer: Answer
    hop: int


def refused(host: AddressView, *words: Refusal) -> Refused | None:
    """The refusal of one of these kinds for anything that was sent to the target, if any came."""
    sent_to_arrive = (*host.syn_answers, *host.other_answers)
    traced = tuple(answer for _, answer in host.path.answered())
    found = [a for a in (*sent_to_arrive, *traced) if _is(a, words) and a.responder != host.bare]
    return Refused(found[0], hop_of(host, found[0].responder)) if found else None


def hop_of(host: AddressView, router: str) -> int:
    """The hop of a router that refuses: where it reports expiry, or where its refusals begin.

    A router that refuses what it would forward lets a packet of TTL n expire at hop n and refuses
    one of TTL n+1; one that refuses on arrival (or has no route) refuses at TTL n already. Where
    hop n never reports expiry, the refusal's own TTL tells which.
    """
    known = host.path.hop_of(router)
    if known is not None:
        return known
    kind = AnswerKind.UNREACHABLE
    found = [(n, a) for n, a in host.path.answered() if a.kind is kind and a.responder == router]
    if not found:
        return host.path.reach() + 1
    first, answer = min(found, key=lambda one: one[0])
    silent_before = first > 1 and first - 1 not in host.path.expired()
    return first - 1 if silent_before and hops_away(answer) == first - 1 else first


def _is(answer: Answer, words: Collection[Refusal]) -> bool:
    return answer.kind is AnswerKind.UNREACHABLE and answer.refusal in words
