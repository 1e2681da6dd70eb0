"""Control probes, which tell a silent port from a silent host.

On the wire: two SYNs to each of 22, 80, 443 and one high port, and two UDP datagrams to a high
port.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, ControlFact, Outcome, SynFact
from layerwalk.probes.syn import ONCE, syn
from layerwalk.probes.waiting import barred, until_silent
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.recording import measuring
from layerwalk.probes.wire.wire import Wire

HIGH_PORT = 49151
"""The last registered port: below any ephemeral range, so that a service is unlikely there."""

UDP_PORT = 33434
"""Where traceroute begins: hosts answer "port unreachable" there."""

_PORTS = (22, 80, 443, HIGH_PORT)
_UDP_COUNT = 2
_QUIET_S = 0.35


def control(peer: Peer, port: int | None, ctx: ProbeContext) -> ControlFact:
    """Try the other ports, all at once; ``port`` itself is left out."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return ControlFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    others = [number for number in _PORTS if number != port]
    own = measuring.get()
    with ThreadPoolExecutor(len(others) + 1, "control", measuring.set, (own,)) as pool:
        udp = pool.submit(_udp, peer, ctx, wire)
        syns = tuple(pool.map(lambda number: syn(peer, number, ONCE, ctx), others))
        sent, answers = udp.result()
    return ControlFact(
        outcome=_outcome(syns, answers, ctx),
        address=peer.address,
        ports=syns,
        udp_port=UDP_PORT,
        udp_sent=sent,
        udp=answers,
    )


def _udp(peer: Peer, ctx: ProbeContext, wire: Wire) -> tuple[int, tuple[Answer, ...]]:
    ports = (wire.port(peer.source, "udp"), UDP_PORT)
    sent: list[Packet] = []
    for _ in range(_UDP_COUNT):
        packet = packets.udp(peer, ports, wire.number(16))
        if not wire.send(packet):
            sent.append(packet)
        ctx.pause(_QUIET_S / 3)

    def heard() -> tuple[Answer, ...]:
        return tuple(answer for packet in sent for answer in wire.answers(packet))

    if sent:
        until_silent(lambda: bool(heard()), peer, ctx, wire, _QUIET_S)
    return len(sent), heard()


def _outcome(syns: tuple[SynFact, ...], udp: tuple[Answer, ...], ctx: ProbeContext) -> Outcome:
    heard = [*udp, *(answer for fact in syns for answer in fact.answers)]
    if any(answer.kind is not AnswerKind.TIME_EXCEEDED for answer in heard):
        return Outcome.ANSWERED
    return Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
