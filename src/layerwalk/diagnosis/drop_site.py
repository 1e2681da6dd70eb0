"""Where SYNs to a silent port get lost: between which hops, which way, and who answered what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.path_view import OTHERS, PathView, follows_syns
from layerwalk.probes.facts import AnswerKind, PortState, TraceKind

_NAMES = {TraceKind.ICMP: "ICMP", TraceKind.UDP: "UDP", TraceKind.CONTROL: "SYNs to another port"}
_TWICE = 2
_STATES = {PortState.OPEN: ("answers", "answer"), PortState.CLOSED: ("resets", "reset")}


class Lost(StrEnum):
    """What of the handshake gets lost, by the way it goes: the report's ``where.direction``."""

    SYN = "out"
    SYN_ACK = "back"


def lost(host: AddressView) -> Lost | None:
    """Which way the loss is, as far as it shows; ``None`` where it does not.

    A target that holds a SYN half open acknowledges it when another one comes on its flow (RFC 9293
    3.10.7.4), so that SYN has arrived. A SYN that expires at no hop beyond one has got no further.
    """
    if any(a.kind is AnswerKind.ACK and a.arrived(host.bare) for a in host.syn_answers):
        return Lost.SYN_ACK
    return Lost.SYN if _ends_early(host.path) and not _at_the_end(host.path) else None


def _ends_early(path: PathView) -> bool:
    """Whether SYNs, asked for twice, expire at no hop where others do behind the last of theirs."""
    last = path.reach(TraceKind.SYN)
    asked = Counter(one.hop for one in path.tries(TraceKind.SYN))
    return any(asked[hop] >= _TWICE for hop in path.expired(*OTHERS) if hop > last)


def _at_the_end(path: PathView) -> bool:
    """Whether SYNs are seen to reach the target's last router: what comes next is its own link."""
    return path.distance is not None and path.reach(TraceKind.SYN) >= path.distance - 1


def site(host: AddressView) -> str:
    """Between which hops SYNs end, in words."""
    path = host.path
    last = path.reach(TraceKind.SYN)
    if _at_the_end(path):
        return "at the target or on its own link"
    if not follows_syns(path):
        return "somewhere on the way (how far they get was not seen)"
    before = path.next_known(last)
    place = (
        f"after hop {last} ({path.hop(last, TraceKind.SYN).address})"
        if last
        else "before the first hop"
    )
    if before is None:
        return place
    return f"{place}, in front of hop {before.number} ({before.address})"


def way(host: AddressView) -> str:
    """Which way the loss is, in a sentence."""
    said = lost(host)
    if said is Lost.SYN_ACK:
        return (
            "The SYN arrives: the target holds it half open, for it acknowledges it when another "
            "one comes. Its answer, the SYN-ACK, is dropped on the way back."
        )
    if said is Lost.SYN:
        return "It is the SYN itself that is lost, on the way there."
    if _at_the_end(host.path):
        return (
            "SYNs get at least as far as its last router, and nothing at all comes back from the "
            "port. Whether the target drops them, or something on the way back drops all that this "
            "port sends, does not show from here."
        )
    return ""


def who_answered(host: AddressView) -> str:
    """Who answered what: how far each kind of probe got, and what else of the target answers."""
    return "; ".join([*_syns(host), *_others(host), *_ports(host)])


def _syns(host: AddressView) -> Iterator[str]:
    path = host.path
    last, hops = path.reach(TraceKind.SYN), {one.hop for one in path.tries(TraceKind.SYN)}
    if hops:
        yield f"SYNs to the port are answered {_until(last)}{_silent(hops, last)}"


def _until(last: int) -> str:
    if last == 0:
        return "by nobody"
    return "by hop 1" if last == 1 else f"up to hop {last}"


def _silent(hops: set[int], last: int) -> str:
    beyond = sorted(hop for hop in hops if hop > last)
    if not beyond or last == 0:
        return ""
    if len(beyond) == 1:
        return f", not at hop {beyond[0]}"
    return f", not at hops {beyond[0]} to {beyond[-1]}"


def _others(host: AddressView) -> Iterator[str]:
    path = host.path
    for kind in OTHERS:
        arrived = [hop for hop, a in path.answered(kind) if a.arrived(path.address)]
        reach = path.reach(kind)
        if arrived:
            yield f"{_NAMES[kind]} by the target (hop {min(arrived)})"
        elif reach:
            yield f"{_NAMES[kind]} {_until(reach)}"


def _ports(host: AddressView) -> Iterator[str]:
    if host.echo and host.echo.replies:
        yield "echoes are answered"
    for state, (one, several) in _STATES.items():
        found = [
            str(fact.port)
            for fact in (host.control.ports if host.control else ())
            if fact.state is state and any(a.arrived(host.bare) for a in fact.answers)
        ]
        if found:
            said = f"ports {', '.join(found)} {several}" if found[1:] else f"port {found[0]} {one}"
            yield said
    udp = (
        [answer for answer in host.control.udp if answer.arrived(host.bare)] if host.control else []
    )
    if host.control and udp:
        refused = all(answer.kind is AnswerKind.UNREACHABLE for answer in udp)
        how = 'is answered with "port unreachable"' if refused else "answers"
        yield f"UDP port {host.control.udp_port} {how}"
