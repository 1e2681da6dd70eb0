"""Refusals on the way: who sent the ICMP error, and at which hop that router stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from layerwalk.diagnosis.address_view import AddressView
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
    """The hop of a router that refuses: where it reports expiry, or just before its refusals.

    A router that refuses what it would forward lets a packet of TTL n expire at hop n and refuses
    one of TTL n+1; one that refuses on arrival refuses at TTL n already.
    """
    known = host.path.hop_of(router)
    if known is not None:
        return known
    kind = AnswerKind.UNREACHABLE
    hops = [n for n, a in host.path.answered() if a.kind is kind and a.responder == router]
    if not hops:
        return host.path.reach()
    first = min(hops)
    return first - 1 if first - 1 in host.path.expired() else first


def _is(answer: Answer, words: Collection[Refusal]) -> bool:
    return answer.kind is AnswerKind.UNREACHABLE and answer.refusal in words
