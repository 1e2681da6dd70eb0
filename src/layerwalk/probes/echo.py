"""ICMP echo to the target: three requests, close together.

On the wire: up to three echo requests of 52 (IPv4) or 72 bytes. Without raw
sockets they leave by the kernel's ping socket, or by the system's ``ping``.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, EchoFact, Outcome
from layerwalk.probes.waiting import (
    barred,
    outcome_of_answers,
    refused_by_rule,
    until_silent,
)
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer

_COUNT = 3
_GAP_S = 0.03
_QUIET_S = 0.4


def echo(peer: Peer, ctx: ProbeContext) -> EchoFact:
    """Ask for echoes; silence is believed as ``until_silent`` says."""
    wire = ctx.wire
    why = barred(wire, "echo")
    if wire is None or why:
        return EchoFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    sent: list[Packet] = []
    refused = 0
    ident = wire.number(16)
    for number in range(1, _COUNT + 1):
        packet = packets.echo(peer, ident, number)
        error = wire.send(packet)
        refused += refused_by_rule(error)
        if not error:
            sent.append(packet)
        if ctx.pause(_GAP_S):
            break

    def heard() -> list[Answer]:
        """The first answer to each: a duplicate is no second reply."""
        return [answer for packet in sent for answer in wire.answers(packet)[:1]]

    if sent:
        until_silent(lambda: bool(heard()), peer, ctx, wire, _QUIET_S)
        rest_s = max(_GAP_S, 2 * (wire.known.rtt_s(peer) or 0.0))
        wire.wait(lambda: len(heard()) >= len(sent), rest_s, ctx.cancel)
    late = barred(wire, "echo")  # a ping that may not send says so only when it runs
    if late and not heard():
        return EchoFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=late)
    cancelled = ctx.cancel.is_set()
    return EchoFact(
        outcome=outcome_of_answers(heard(), sent=len(sent), refused=refused, cancelled=cancelled),
        address=peer.address,
        sent=len(sent),
        answers=tuple(heard()),
        refused_locally=refused,
    )
