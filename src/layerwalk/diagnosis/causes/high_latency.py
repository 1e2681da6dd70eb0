"""Round trips take very long.

## Why it times out
Connecting takes one round trip at least, TLS one or two more, each question to a service another.
Where one takes a good part of what the program waits, any swing of it, or one repeated packet, is
enough to miss the limit.

## Evidence
Connecting takes more than half of the program's `--timeout`, and round trips, not lost packets,
are why; without a limit, a round trip takes a second or more. Of whatever answers, the hop behind
which round trips grow, and stay long, is where the delay begins.

## What to do
Look for the reason at that link: a satellite or an overloaded line, a queue that is much too long,
a tunnel or a route by another continent. Where the distance can't be helped, allow more time.

## Easily mistaken for
A router that is slow to report expired packets, while those behind it are quick. Connections that
take a second or three because a SYN was lost (`packet-loss`) while round trips are short.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.delays import delay_begins, trips_of
from layerwalk.diagnosis.model import (
    Advice,
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    ruled_out,
    unknown,
)
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.place_words import behind, link
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    LossFact,
    RoundTrips,
    SynFact,
    TraceFact,
)

LONG_S = 1.0
"""Where nobody says how long the program waits, this is long."""

_MOSTLY = 0.5
"""A connection is slow because of round trips where one is at least this part of it."""


def judge(host: AddressView) -> Judgement:
    """Round trips are long, by the program's measure or by anybody's."""
    trips = trips_of(host)
    if trips is None:
        return unknown("nothing answers whose round trip could be measured")
    evidence = host.ids(ConnectFact, LossFact, EchoFact, SynFact, ControlFact, TraceFact)
    took_s = host.connect.waited_s if host.connect and host.connects else None
    if host.spare:
        return ruled_out(evidence, "an earlier address of the name takes connections")
    why = _too_long(trips, took_s, host.timeout_s)
    if not why:
        return ruled_out(evidence, f"a round trip takes {_ms(trips.median_s)}")
    where = place(host.path, delay_begins(host), host.path.end)
    return Judgement(
        status=Status.CONFIRMED if host.connects else Status.LIKELY,
        evidence=evidence,
        explanation=f"{why}; the delay begins {behind(where)}.",
        where=where,
    )


def _too_long(trips: RoundTrips, took_s: float | None, timeout_s: float | None) -> str:
    """Say what is too long, empty where nothing is."""
    round_trip = f"a round trip takes {_ms(trips.median_s)}"
    if timeout_s is None:
        return round_trip if trips.median_s >= LONG_S else ""
    half = f"more than half of the {timeout_s:g} s that the program waits"
    if took_s is None:
        return f"{round_trip}, {half}" if trips.median_s > timeout_s / 2 else ""
    if took_s > timeout_s:
        return ""
    if took_s > timeout_s / 2 and trips.worst_s >= took_s * _MOSTLY:
        return f"connecting takes {_ms(took_s)}, {half}, and {round_trip}"
    if trips.late_s > timeout_s / 2:
        return f"round trips swing between {_ms(trips.best_s)} and {_ms(trips.worst_s)}, {half}"
    return ""


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The link where it begins, the route, and the limit."""
    begins = judgement.where.get("after", {}).get("hop", 0)
    return (
        Advice(
            on="network" if begins else "client",
            action=f"See how long the queues are on {link(judgement.where)}, how loaded it is, "
            "and what it is.",
            command="tc -s qdisc; ip -s link",
        ),
        Advice(
            on="network",
            action="See whether the route makes a detour.",
            command="mtr -n -r -c 30 TARGET",
        ),
        Advice(
            on="client",
            action="Where the distance can't be helped: give the program more time to connect.",
            changes_state=True,
        ),
    )


_SLOW = samples.answer(AnswerKind.ECHO_REPLY, rtt_s=1.25)

CAUSE = Cause(
    id="high-latency",
    title="Round trips take very long",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    examples=(
        Example(
            name="a second and more",
            facts=(
                samples.route(),
                samples.echo(_SLOW, _SLOW),
                samples.syn(samples.answer(AnswerKind.SYN_ACK, rtt_s=1.26)),
                samples.connect(waited_s=1.26),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="and nothing connects",
            facts=(samples.route(), samples.echo(_SLOW, _SLOW)),
            expect=Status.LIKELY,
        ),
        Example(name="quick", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="nothing answers", facts=(samples.echo(),), expect=Status.UNKNOWN),
    ),
)
