"""SYNs to one port, half-open: open, closed, silent, rejected.

On the wire: up to three SYNs on one flow, each with the options that a Linux kernel sends. The
kernel resets what is opened (the source port is bound and not listening); a SYN that stays
unanswered is followed by a reset of ours. Without raw sockets each is a connection attempt of its
own, reset as soon as it is made; two more on one flow tell whether the target holds a silent one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, SynFact
from layerwalk.probes.held_syn import held_syn
from layerwalk.probes.reset_ttl import reset_ttl
from layerwalk.probes.waiting import (
    WHOLE_SILENCE_S,
    barred,
    outcome_of_answers,
    refused_by_rule,
    until_silent,
)
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire


@dataclass(frozen=True)
class Look:
    """How often and how patiently a port is looked at.

    ``gaps_s`` are the pauses after each SYN. The first look ends when ``quiet_s`` have passed, less
    where round trips are known; the last one only when silence can be trusted. ``weighs`` finds out
    how far away a reset comes from where it can't be seen; ``insists`` asks once more where a
    router reports something as unreachable that is not ours.
    """

    gaps_s: tuple[float, ...]
    quiet_s: float
    last: bool
    weighs: bool = True
    insists: bool = False


FIRST = Look((0.07, 0.08, 0.0), 0.2, last=False)
LAST = Look((0.35, 0.45, 0.0), 0.2, last=True, insists=True)
ONCE = Look((0.12, 0.0), 0.35, last=True, weighs=False)

_ROUND_TRIPS = 3
_NEAR_S = 0.06
"""How long a first look listens where others have shown that the target is near."""


def syn(peer: Peer, port: int, look: Look, ctx: ProbeContext) -> SynFact:
    """Look at a port. A later look at the same port takes in late answers to an earlier one."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return SynFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why)
    try:
        ports = (wire.port(peer.source, f"syn {port}"), port)
    except OSError as error:
        detail = error.strerror or str(error)
        return SynFact(outcome=Outcome.FAILED, address=peer.address, port=port, detail=detail)
    return _looked(peer, ports, look, ctx, wire)


def _looked(
    peer: Peer, ports: tuple[int, int], look: Look, ctx: ProbeContext, wire: Wire
) -> SynFact:
    def heard() -> tuple[Answer, ...]:
        return wire.answered(peer, ports)

    began, reports = ctx.clock(), ctx.reports(peer.version)
    sent, refused = _sent(peer, ports, look, ctx, wire)

    def reported() -> bool:
        return look.insists and _is_silent(peer, wire) and ctx.reports(peer.version) > reports

    if sent:
        _listen(peer, look, ctx, wire, lambda: bool(heard()) or reported())
        if reported() and not heard():
            sent += _insisted(peer, ports, ctx, wire)
        wire.take_back(sent)
    answers = heard()
    if sent and look.insists and not (wire.means.raw or answers or ctx.cancel.is_set()):
        answers = held_syn(peer, ports[1], ctx, wire)
    if look.weighs and any(a.kind is AnswerKind.RST and not a.ttl for a in answers):
        answers = _weighed(answers, reset_ttl(peer, ports, ctx, wire))
    cancelled = ctx.cancel.is_set()
    return SynFact(
        outcome=outcome_of_answers(answers, sent=len(sent), refused=refused, cancelled=cancelled),
        address=peer.address,
        port=ports[1],
        sent=len(sent),
        answers=answers,
        refused_locally=refused,
        waited_s=round(ctx.clock() - began, 3),
        last_look=look.last,
        half_open=wire.means.raw,
    )


def _weighed(answers: tuple[Answer, ...], ttl: int) -> tuple[Answer, ...]:
    return tuple(replace(a, ttl=ttl) if a.kind is AnswerKind.RST else a for a in answers)


def _sent(
    peer: Peer, ports: tuple[int, int], look: Look, ctx: ProbeContext, wire: Wire
) -> tuple[list[Packet], int]:
    """Send until something answers; returns what left, and how often our kernel refused."""
    sent: list[Packet] = []
    refused = 0
    for gap_s in look.gaps_s:
        packet = packets.syn(peer, ports, wire.number())
        error = wire.send(packet)
        refused += refused_by_rule(error)
        if not error:
            sent.append(packet)
        if wire.wait(lambda: bool(wire.answered(peer, ports)), gap_s, ctx.cancel):
            break
    wire.known.note_syns(peer, ports[1])
    return sent, refused


def _is_silent(peer: Peer, wire: Wire) -> bool:
    """Whether nobody has answered for the target so far, neither it nor a router."""
    return wire.known.rtt_s(peer) is None and not wire.known.is_absent(peer.dst)


def _listen(
    peer: Peer, look: Look, ctx: ProbeContext, wire: Wire, done: Callable[[], bool]
) -> None:
    if look.last:
        until_silent(done, peer, ctx, wire, look.quiet_s)
        return
    rtt_s = wire.known.rtt_s(peer)
    known_s = look.quiet_s if rtt_s is None else max(_NEAR_S, _ROUND_TRIPS * rtt_s)
    wire.wait(done, known_s, ctx.cancel)


def _insisted(
    peer: Peer, ports: tuple[int, int], ctx: ProbeContext, wire: Wire
) -> tuple[Packet, ...]:
    """Ask once more, right behind a router's report about somebody else's packet.

    It looks for a host three seconds long and then reports on few of the packets that waited,
    those first in line first (RFC 1812 4.3.2.8). Now this one is the first.
    """
    packet = replace(packets.syn(peer, ports, wire.number()), patient=True)
    if ctx.cancel.is_set() or wire.send(packet):
        return ()
    wire.wait(
        lambda: bool(wire.answered(peer, ports)) or wire.known.is_absent(peer.dst),
        WHOLE_SILENCE_S,
        ctx.cancel,
    )
    return (packet,)
