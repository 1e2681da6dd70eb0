"""Facts as examples are made of: a machine, a path of a few hops, a target, all of them invented.

Plain data with defaults, so that an example says only what makes it special.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from layerwalk.probes.facts import (
    LINUX,
    Answer,
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    Flow,
    FlowsFact,
    FlowTry,
    HandshakeFact,
    Link,
    LinksFact,
    LossFact,
    NeighbourFact,
    Outcome,
    PacedSyn,
    Refusal,
    RouteFact,
    RouteKind,
    StrayAckFact,
    SynFact,
    SynOption,
    SynOptionsFact,
    SynPaceFact,
    SynVariant,
    Tally,
    TimersFact,
    TraceFact,
    TraceKind,
    Try,
)

TARGET = "198.51.100.10"
OWN = "192.0.2.10"
GATEWAY = "192.0.2.1"
ROUTERS = (GATEWAY, "203.0.113.1", "203.0.113.5")
PORT = 5432


def links(**changes: Any) -> LinksFact:
    """One interface, up, besides loopback."""
    fields: dict[str, Any] = {
        "name": "eth0",
        "index": 2,
        "up": True,
        "carrier": True,
        "mtu": 1500,
        "addresses": (f"{OWN}/24",),
    }
    return LinksFact(outcome=Outcome.ANSWERED, links=(Link(**{**fields, **changes}),))


def timers(**changes: Any) -> TimersFact:
    """The kernel's settings as Linux 6.5 and later have them."""
    fields: dict[str, Any] = {"outcome": Outcome.ANSWERED, "syn_retries": 6, "linear_timeouts": 4}
    return TimersFact(**{**fields, **changes})


def route(**changes: Any) -> RouteFact:
    """A default route through the gateway."""
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED,
        "destination": TARGET,
        "kind": RouteKind.UNICAST,
        "interface": "eth0",
        "gateway": GATEWAY,
        "source": OWN,
    }
    return RouteFact(**{**fields, **changes})


def neighbour(outcome: Outcome, *, address: str = GATEWAY, gateway: bool = True) -> NeighbourFact:
    """The next hop, answering or silent."""
    macs = ("02:00:00:00:00:01",) if outcome is Outcome.ANSWERED else ()
    return NeighbourFact(
        outcome=outcome,
        address=address,
        interface="eth0",
        gateway=gateway,
        destination=TARGET,
        macs=macs,
        asked=4,
    )


def answer(kind: AnswerKind, responder: str = TARGET, **changes: Any) -> Answer:
    """One answer."""
    fields: dict[str, Any] = {"hop": 64, "rtt_s": 0.002, "ttl": 61, "interface": "eth0"}
    return Answer(kind=kind, responder=responder, **{**fields, **changes})


def refusal(word: Refusal, responder: str, **changes: Any) -> Answer:
    """An ICMP "unreachable" from somebody."""
    codes = {Refusal.NO_ROUTE: 0, Refusal.HOST: 1, Refusal.PORT: 3, Refusal.PROHIBITED: 13}
    fields = {"icmp_type": 3, "icmp_code": codes.get(word, 2), "refusal": word}
    return answer(AnswerKind.UNREACHABLE, responder, **{**fields, **changes})


def echo(*answers: Answer) -> EchoFact:
    """Echoes with these answers; silent without."""
    replied = any(a.kind is AnswerKind.ECHO_REPLY for a in answers)
    outcome = Outcome.ANSWERED if replied else Outcome.UNREACHABLE if answers else Outcome.SILENT
    return EchoFact(outcome=outcome, address=TARGET, sent=3, answers=answers)


def alive() -> EchoFact:
    """Echoes that the target answers."""
    return echo(answer(AnswerKind.ECHO_REPLY))


_OUTCOMES = {
    AnswerKind.SYN_ACK: Outcome.ANSWERED,
    AnswerKind.RST: Outcome.REFUSED,
    AnswerKind.UNREACHABLE: Outcome.REJECTED,
}


def syn(*answers: Answer, port: int = PORT, **changes: Any) -> SynFact:
    """The last look at the port, with these answers; silent without."""
    fields: dict[str, Any] = {
        "outcome": next(
            (_OUTCOMES[a.kind] for a in answers if a.kind in _OUTCOMES), Outcome.SILENT
        ),
        "address": TARGET,
        "port": port,
        "sent": 3,
        "answers": answers,
        "last_look": True,
    }
    return SynFact(**{**fields, **changes})


def open_port() -> SynFact:
    """A port that takes the connection."""
    return syn(answer(AnswerKind.SYN_ACK, mss=1460), sent=1)


def syn_options(
    *variants: tuple[tuple[SynOption, ...], int, tuple[Answer, ...]],
    own: tuple[SynOption, ...] = LINUX,
) -> SynOptionsFact:
    """SYNs by what they carry: so many, all with these answers; silent without."""
    found = tuple(
        SynVariant(options=it, sent=sent, answered=sent if answers else 0, answers=answers)
        for it, sent, answers in variants
    )
    outcome = Outcome.ANSWERED if any(it.answers for it in found) else Outcome.SILENT
    return SynOptionsFact(outcome=outcome, address=TARGET, port=PORT, own=own, variants=found)


def paced(answered: Callable[[float], bool]) -> SynPaceFact:
    """SYNs in a burst, then in groups of three, that are answered as somebody says at each time."""
    times = [0.006 * n for n in range(20)]
    times += [0.25 + 0.13 * group + 0.0005 * n for group in range(16) for n in range(3)]
    heard = answer(AnswerKind.SYN_ACK)
    syns = tuple(PacedSyn(sent_s=it, answer=heard if answered(it) else None) for it in times)
    return SynPaceFact(
        outcome=Outcome.ANSWERED,
        address=TARGET,
        port=PORT,
        syns=syns,
        beside="echo",
        sent_beside=21,
    )


def pace(rate: float, burst: int) -> SynPaceFact:
    """SYNs of which a limit lets so many a second pass, and so many at once."""
    left, last = float(burst), 0.0

    def passes(when: float) -> bool:
        nonlocal left, last
        left, last = min(burst, left + rate * (when - last)), when
        if left < 1:
            return False
        left -= 1
        return True

    return paced(passes)


def handshake(**changes: Any) -> HandshakeFact:
    """A connection that the target, too, thinks made."""
    fields: dict[str, Any] = {"outcome": Outcome.ANSWERED, "address": TARGET, "port": PORT}
    return HandshakeFact(**{**fields, "taken": True, **changes})


def stray_ack(*answers: Answer, port: int = 443) -> StrayAckFact:
    """ACKs of no connection with these answers; the other port resets them."""
    return StrayAckFact(
        outcome=Outcome.ANSWERED if answers else Outcome.SILENT,
        address=TARGET,
        port=PORT,
        sent=2,
        answers=answers,
        control_port=port,
        control_answers=(answer(AnswerKind.RST),) if port else (),
    )


def connect(
    outcome: Outcome = Outcome.ANSWERED, errno: str = "", *, waited_s: float = 0.003
) -> ConnectFact:
    """The real connection."""
    return ConnectFact(outcome=outcome, address=TARGET, port=PORT, errno=errno, waited_s=waited_s)


def loss(echo: tuple[int, int], syn: tuple[int, int], **changes: Any) -> LossFact:
    """A sample of which so many of so many were answered, by kind."""
    pairs = {"echo": echo, "SYN": syn}
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED,
        "address": TARGET,
        "port": PORT,
        "tallies": tuple(Tally(kind=k, sent=n, answered=a) for k, (a, n) in pairs.items()),
        "syn_answer": str(AnswerKind.SYN_ACK) if syn[0] else "",
    }
    return LossFact(**{**fields, **changes})


def flows(always: int, never: int = 0, sometimes: int = 0, **changes: Any) -> FlowsFact:
    """So many source ports of each sort; those that failed were tried again, with four others."""
    good = answer(AnswerKind.SYN_ACK)
    controls = min(always, 4) if never else 0
    rows: list[tuple[Answer | None, ...]] = [(good,)] * (always - controls)
    rows += [(good, good, good)] * controls
    rows += [(None, None, None) if always else (None,)] * never
    rows += [(None, good, good)] * sometimes
    found = tuple(
        Flow(port=40000 + number, tries=tuple(_in_turn(number, answers)))
        for number, answers in enumerate(rows)
    )
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED if always or sometimes else Outcome.SILENT,
        "address": TARGET,
        "port": PORT,
        "flows": found,
    }
    return FlowsFact(**{**fields, **changes})


def _in_turn(number: int, answers: Sequence[Answer | None]) -> Iterator[FlowTry]:
    for turn, one in enumerate(answers):
        yield FlowTry(sent_s=round(0.004 * number + 0.6 * turn, 3), answer=one)


def control(*answers: Answer) -> ControlFact:
    """Port 443 with these answers, and nothing else."""
    other = syn(*answers, port=443)
    outcome = Outcome.ANSWERED if answers else Outcome.SILENT
    return ControlFact(outcome=outcome, address=TARGET, ports=(other,), udp_port=33434, udp_sent=2)


def tries(kind: TraceKind, until: int, asked: int = 4) -> list[Try]:
    """Probes to ``asked`` hops of which the first ``until`` answer; the fourth is the target."""
    return [
        Try(hop=hop, kind=kind, answer=_at(hop) if hop <= until else None)
        for hop in range(1, asked + 1)
    ]


def _at(hop: int) -> Answer:
    if hop > len(ROUTERS):
        return answer(AnswerKind.ECHO_REPLY, hop=hop)
    return answer(AnswerKind.TIME_EXCEEDED, ROUTERS[hop - 1], hop=hop, icmp_type=11, icmp_code=0)


def trace(*groups: Sequence[Try]) -> TraceFact:
    """A trace of these tries."""
    found = tuple(one for group in groups for one in group)
    return TraceFact(outcome=Outcome.ANSWERED, address=TARGET, port=PORT, tries=found)


def healthy() -> tuple[Any, ...]:
    """Everything about a target that works."""
    path = trace(tries(TraceKind.ICMP, 4), tries(TraceKind.SYN, 3, asked=3))
    return (
        links(),
        route(),
        neighbour(Outcome.ANSWERED),
        alive(),
        open_port(),
        connect(),
        path,
    )
