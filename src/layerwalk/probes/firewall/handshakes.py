"""A connection's first three packets as they set out, and as rules may have turned them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from layerwalk.probes.firewall.kinds import STATE, STATUS
from layerwalk.probes.firewall.packet import (
    ACK,
    LOCAL,
    SYN,
    SYN_ACK,
    UNICAST,
    Endpoints,
    Packet,
    Tracking,
    perhaps_with_ecn,
    tcp_packet,
)
from layerwalk.probes.firewall.values import Bits, Missing, Value

ENDS = ("saddr", "daddr", "sport", "dport")
_TURNED = (("daddr saddr", "dport sport"), ("saddr daddr", "sport dport"))
_STATUS_KNOWN = 63
"""Of a connection's status the bits up to ``dnat`` are known."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known besides the packet.

    ``own`` are this machine's addresses as numbers; ``traits`` are further fields of what it sends;
    ``reverse`` is the interface by which it would reach whoever sends to it, ``back`` the one by
    which answers come in, where that is another.
    """

    interface: str
    mark: int = 0
    own: frozenset[int] = frozenset()
    traits: Mapping[str, Value] = field(default_factory=dict)
    reverse: Value = Missing.UNKNOWN
    back: str = ""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """How an answer's ends are turned back at a hook, where the connection was translated."""

    hook: str
    changes: Mapping[str, Value]


def sent(packet: Packet, around: Circumstances) -> Packet:
    """Make the SYN that this machine sends."""
    local = LOCAL if around.interface == "lo" else UNICAST
    connection = _new(packet)
    return packet.having(
        {
            **connection,
            **devices("", around.interface),
            "tcp flags": SYN,
            **around.traits,
            "meta mark": around.mark,
            "fib daddr": local,
            "fib saddr": LOCAL,
        }
    )


def received(packet: Packet, around: Circumstances) -> Packet:
    """Make the SYN that comes in from a client."""
    return packet.having(
        {
            **_new(packet),
            **devices(around.interface, ""),
            "tcp flags": perhaps_with_ecn(SYN),
            "meta mark": 0,
            "fib daddr": LOCAL,
            "fib saddr": UNICAST,
            "fib reverse": around.reverse,
        }
    )


def _new(packet: Packet) -> dict[str, Value]:
    """What connection tracking says of a connection that begins (nft(8), "ct expression")."""
    fields = {name: packet.fields[field_of(packet, name)] for name in ENDS}
    return {
        "ct state": STATE.symbols["new"],
        "ct direction": 0,
        "ct status": Bits(0, _STATUS_KNOWN),
        "ct mark": 0,
        f"ct original {packet.header} saddr": fields["saddr"],
        f"ct original {packet.header} daddr": fields["daddr"],
        "ct original proto-src": fields["sport"],
        "ct original proto-dst": fields["dport"],
        "ip frag-off": Bits(0, 0x3FFF),
        "tcp ackseq": 0,
    }


def answer_to(syn: Packet, ends: Endpoints, around: Circumstances, *, inwards: bool) -> Packet:
    """Make the SYN-ACK to a SYN as that has become on its way."""
    packet, blank = syn, tcp_packet(ends)
    there = {name: packet.fields[field_of(packet, name)] for name in ENDS}
    turned = dict(
        zip(ENDS, (there[it] for it in ("daddr", "saddr", "dport", "sport")), strict=True)
    )
    side = around.back or around.interface
    sides = devices(side, "") if inwards else devices("", around.interface)
    local = inwards or around.interface == "lo"
    asked = not isinstance(packet.fields["tcp flags"], int)
    before = {name: value for name, value in packet.fields.items() if name.startswith("ct ")}
    kept = packet.fields["meta mark"] == 0 or inwards
    answer = blank.having(
        {
            **before,
            **{field_of(packet, name): value for name, value in turned.items()},
            **sides,
            **({} if inwards else around.traits),
            "tcp flags": perhaps_with_ecn(SYN_ACK) if asked else SYN_ACK,
            "ct state": _state_of_answer_to(packet.tracking),
            "ct direction": 1,
            "ct status": _answered(packet.fields["ct status"]),
            "ip frag-off": Bits(0, 0x3FFF),
            # A listener may take a SYN's mark over (ip-sysctl: tcp_fwmark_accept).
            "meta mark": 0 if kept else Missing.UNKNOWN,
            "fib daddr": LOCAL if local else UNICAST,
            "fib saddr": UNICAST if inwards else LOCAL,
            "fib reverse": _reverse(around) if inwards else Missing.UNKNOWN,
        }
    )
    return replace(answer, tracking=Tracking.BEFORE)


def ack_to(answer: Packet, ends: Endpoints, around: Circumstances) -> Packet:
    """Make the ACK that a client sends for the SYN-ACK, as that has become on its way."""
    packet, blank = answer, tcp_packet(ends)
    known = packet.tracking is Tracking.TRACKED
    connection = {name: value for name, value in packet.fields.items() if name.startswith("ct ")}
    status = connection["ct status"]
    return blank.having(
        {
            **connection,
            **devices(around.interface, ""),
            "tcp flags": ACK,
            "tcp option maxseg": Missing.ABSENT,
            # What is not tracked may be now, or not: that takes a rule's word for each packet.
            "ct state": STATE.symbols["established"] if known else Missing.UNKNOWN,
            "ct direction": 0,
            "ct status": _without(status, STATUS.symbols["assured"]),
            "ip frag-off": Bits(0, 0x3FFF),
            "meta mark": 0,
            "fib daddr": LOCAL,
            "fib saddr": UNICAST,
            "fib reverse": around.reverse,
        }
    )


def _without(value: Value, mask: int) -> Value:
    """Forget some bits of a number."""
    return Bits(value.value & ~mask, value.known & ~mask) if isinstance(value, Bits) else value


def _reverse(around: Circumstances) -> Value:
    """By which interface an answer comes and its sender is reached; empty where they differ."""
    return around.interface if around.back in {"", around.interface} else ""


def _state_of_answer_to(tracking: Tracking) -> Value:
    """An answer to what was not tracked belongs to no connection."""
    if tracking is Tracking.TRACKED:
        return STATE.symbols["established"]
    return Missing.UNKNOWN if tracking is Tracking.UNSURE else STATE.symbols["invalid"]


def _answered(status: Value) -> Value:
    seen = STATUS.symbols["seen-reply"] | STATUS.symbols["confirmed"]
    return Bits(status.value | seen, status.known) if isinstance(status, Bits) else status


def turns_of(syn: Packet, ends: Endpoints, *, inwards: bool) -> tuple[Turn, ...]:
    """Tell how the answer's ends become again what the first packet set out with."""
    blank = tcp_packet(ends)
    hooks = ("prerouting", "input") if inwards else ("output", "postrouting")
    turns = []
    for hook, pairs in zip(hooks, _TURNED, strict=True):
        named = [pair.split() for pair in pairs]
        turns.append(_turn(hook, named, (syn, blank), sure=syn.tracking is Tracking.TRACKED))
    return tuple(turns)


def again(syn: Packet, ends: Endpoints) -> tuple[Turn, ...]:
    """Tell how the ends of what follows a SYN become what the SYN's have become."""
    sure = syn.tracking is Tracking.TRACKED
    hooks = {"prerouting": ("daddr", "dport"), "input": ("saddr", "sport")}
    return tuple(
        _turn(hook, [[name, name] for name in names], (tcp_packet(ends), syn), sure=sure)
        for hook, names in hooks.items()
    )


def _turn(hook: str, pairs: list[list[str]], ways: tuple[Packet, Packet], *, sure: bool) -> Turn:
    """Give each named field what the second packet's has become where the first one's differs."""
    now, then = ways
    changes = {
        field_of(now, to): then.fields[field_of(now, source)] if sure else Missing.UNKNOWN
        for to, source in pairs
        if then.fields[field_of(now, source)] != now.fields[field_of(now, source)]
    }
    return Turn(hook=hook, changes=changes)


def field_of(packet: Packet, name: str) -> str:
    """Name the field that one of the ``ENDS`` is in."""
    return f"tcp {name}" if name.endswith("port") else f"{packet.header} {name}"


def devices(came: str, goes: str) -> dict[str, Value]:
    """Say by which interfaces a packet came and goes; empty for neither."""
    return {"meta iif": came, "meta iifname": came, **leaving(goes)}


def leaving(name: str) -> dict[str, Value]:
    """Say by which interface a packet goes."""
    return {"meta oif": name, "meta oifname": name}
