"""Resets in the target's name that come from somewhere nearer."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.path_view import OTHERS, hops_away
from layerwalk.probes.facts import AnswerKind, TraceKind


def forged_at(host: AddressView) -> int | None:
    """The hop that sends resets in the target's name; ``None`` where they seem genuine.

    They are forged where the SYN is reset at a smaller TTL than the target needs, or where the
    reset has come from nearer than the target's other answers. Hop 0 is this machine itself, whose
    own rules a connection attempt meets before it leaves.
    """
    resets = [answer for answer in host.syn_answers if answer.kind is AnswerKind.RST]
    if not resets or host.is_local:
        return None
    if host.keeps_back:
        return 0
    away = hops_away(resets[0]) if resets[0].ttl else None
    references = [hops_away(answer) for answer in host.alive if answer.ttl]
    nearer = away is not None and bool(references) and away < min(references)
    as_far = away is not None and bool(references) and not nearer
    by_trace = _before_the_target(host, away, as_far=as_far)
    return by_trace if by_trace is not None or not nearer else away


def _before_the_target(host: AddressView, away: int | None, *, as_far: bool) -> int | None:
    """The hop that resets SYNs which can't have got to the target.

    What comes from as far away as its other answers may be its own where no router is known to
    stand there: the target's answer from its true distance may be one that was lost.
    """
    nearest, distance = first_reset(host), host.path.distance or _at_least(host)
    if nearest is None or distance is None or nearest >= distance:
        return None
    if as_far and host.path.reach(*OTHERS) < nearest:
        return None
    if nearest == 1 and not host.half_open:
        return 0
    return nearest if away == nearest and nearest not in _syn_expiries(host) else nearest - 1


def _at_least(host: AddressView) -> int | None:
    """Where nothing tells how far the target is: behind every router that lets a probe expire."""
    reached = host.path.reach(TraceKind.ICMP, TraceKind.UDP)
    return reached + 1 if reached else None


def may_be_trusted(host: AddressView) -> bool:
    """Whether something confirms that resets come from as far away as the target.

    On our own link nobody but this machine could forge, and a raw SYN would have shown that.
    """
    if host.is_local or _on_our_link(host):
        return host.half_open
    told = any(a.ttl for a in host.syn_answers if a.kind is AnswerKind.RST)
    return told and any(answer.ttl for answer in host.alive)


def _on_our_link(host: AddressView) -> bool:
    """Whether no router stands between: nobody there could forge."""
    return host.has_way_out and host.route is not None and not host.route.gateway


def first_reset(host: AddressView) -> int | None:
    """The smallest TTL at which a SYN to the port was reset."""
    hops = [n for n, a in host.path.answered(TraceKind.SYN) if a.kind is AnswerKind.RST]
    return min(hops, default=None)


def _syn_expiries(host: AddressView) -> set[int]:
    return set(host.path.expired(TraceKind.SYN))
