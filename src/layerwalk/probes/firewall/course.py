"""The way of a connection's first packets through this machine, hook by hook. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.handshakes import (
    Circumstances,
    Turn,
    ack_to,
    again,
    answer_to,
    devices,
    leaving,
    received,
    sent,
    turns_of,
)
from layerwalk.probes.firewall.hooks import go
from layerwalk.probes.firewall.packet import LOCAL, Endpoints, Packet, tcp_packet
from layerwalk.probes.firewall.ruleset import Ruleset
from layerwalk.probes.firewall.values import Missing, Value


def passages(ruleset: Ruleset, ends: Endpoints, around: Circumstances) -> Iterator[Passage]:
    """Follow the SYN and the SYN-ACK of a connection that this machine makes."""
    first = Passage(ruleset, sent(tcp_packet(ends), around), "out")
    go(first, ("output", "postrouting", "egress"), new=True)
    if around.interface == "lo" and first.packet.fields["meta oifname"] != "lo":
        first.safe = False  # a loopback's address gets nowhere else
    yield first
    if first.packet.fields["meta oifname"] == "lo":
        yield from _looped(first, ends, around)
        return
    answer = Passage(ruleset, answer_to(first.packet, ends, around, inwards=True), "in")
    go(answer, ("ingress", "prerouting", "input"), turns=turns_of(first.packet, ends, inwards=True))
    yield answer


def arrivals(ruleset: Ruleset, ends: Endpoints, around: Circumstances) -> Iterator[Passage]:
    """Follow the SYN, the SYN-ACK and the ACK of a connection that somebody makes to this machine.

    What is translated to another machine is forwarded there, and no input rule sees it.
    """
    if around.interface == "lo":
        yield from passages(ruleset, ends, around)
        return
    first = Passage(ruleset, received(tcp_packet(ends), around), "in")
    go(first, ("ingress", "prerouting"), new=True)
    local = _is_local(first.packet, around)
    if local is not False:
        first.certain = first.certain and local is True
        go(first, ("input",), new=True)
    else:
        _forwarded(first, {"meta oif": Missing.UNKNOWN, "meta oifname": Missing.UNKNOWN})
    yield first
    answer = _returned(first, ends, around, local=local is not False)
    yield answer
    if local is not False and first.open and answer.open:
        yield _acknowledged(first, answer, ends, around)


def _looped(first: Passage, ends: Endpoints, around: Circumstances) -> Iterator[Passage]:
    """On loopback what was sent comes in again as it is, with its mark and its connection."""
    came = Passage(first.ruleset, first.packet.having(devices("lo", "")), "in")
    came.change({"fib daddr": LOCAL, "fib saddr": LOCAL, "fib reverse": "lo"})
    go(came, ("ingress", "prerouting", "input"))
    yield came
    packet = answer_to(came.packet, ends, around, inwards=False).having(devices("", "lo"))
    left = Passage(first.ruleset, packet, "out")
    go(left, ("output", "postrouting", "egress"), turns=turns_of(came.packet, ends, inwards=False))
    yield left
    back = Passage(first.ruleset, left.packet.having(devices("lo", "")), "in")
    back.change({"fib daddr": LOCAL, "fib saddr": LOCAL, "fib reverse": "lo"})
    go(back, ("ingress", "prerouting", "input"))
    yield back


def _returned(first: Passage, ends: Endpoints, around: Circumstances, *, local: bool) -> Passage:
    packet = answer_to(first.packet, ends, around, inwards=False)
    if local:
        answer = Passage(first.ruleset, packet, "out")
        turns = turns_of(first.packet, ends, inwards=False)
        go(answer, ("output", "postrouting", "egress"), turns=turns)
        return answer
    unknown = {f"meta {it}": Missing.UNKNOWN for it in ("iif", "iifname")}
    answer = Passage(first.ruleset, packet.having({**unknown, **leaving("")}), "out")
    turns = (
        Turn(hook="prerouting", changes=turns_of(first.packet, ends, inwards=False)[0].changes),
    )
    go(answer, ("prerouting",), turns=turns)
    _forwarded(answer, leaving(around.interface))
    return answer


def _acknowledged(
    first: Passage, answer: Passage, ends: Endpoints, around: Circumstances
) -> Passage:
    """Follow the ACK that makes the connection, the way that the SYN came."""
    ack = Passage(first.ruleset, ack_to(answer.packet, ends, around), "in", "ACK")
    go(ack, ("ingress", "prerouting", "input"), turns=again(first.packet, ends))
    return ack


def _forwarded(passage: Passage, ways: Mapping[str, Value]) -> None:
    passage.change(ways)
    go(passage, ("forward",))
    passage.change({"meta iif": Missing.UNKNOWN, "meta iifname": Missing.UNKNOWN})
    go(passage, ("postrouting",), new=passage.packet.get("ct", "direction") == 0)


def _is_local(packet: Packet, around: Circumstances) -> bool | None:
    if packet.get("fib", "daddr") == LOCAL:
        return True
    address = packet.get(packet.header, "daddr")
    return address in around.own if around.own and isinstance(address, int) else None
