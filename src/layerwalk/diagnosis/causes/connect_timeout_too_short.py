"""The program gives up before the connection can be made.

## Why it times out
The connection works, but takes longer than the program is ready to wait. It closes the socket
while the answer is still under way, and reports a time-out although nothing is broken.

## Evidence
A real connection to the port comes about, each time later than the program's `--timeout` (or the
time limit in the error line). The kernel itself would have waited far longer.

## What to do
Give the program more time to connect: a few times what was measured, and three seconds at least,
so that one repeated SYN does not end it. If it should be quicker, mend what makes it slow.

## Easily mistaken for
`high-latency`, where the connection is slow and still made in time. A time limit for the answer,
which has nothing to do with connecting.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.delays import trips_of
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
from layerwalk.probes.facts import ConnectFact, LossFact, Outcome, SynFact, TimersFact


def judge(host: AddressView) -> Judgement:
    """The connection is made, after the program has given up."""
    if host.timeout_s is None:
        return unknown("how long the program waits was not told", "name it with --timeout")
    if host.connect is None or not host.connects:
        return unknown("the connection is not made")
    evidence = host.ids(ConnectFact, SynFact, LossFact, TimersFact)
    took_s = host.connect.waited_s
    if host.spare:
        return ruled_out(evidence, "an earlier address of the name takes connections")
    if took_s <= host.timeout_s:
        return ruled_out(evidence, f"it connects after {took_s:.3g} s, within {host.timeout_s:g} s")
    trips = trips_of(host)
    trip = f"; a round trip takes {trips.median_s:.3g} s" if trips else ""
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"the connection is made after {took_s:.3g} s, and the program waits for "
        f"{host.timeout_s:g} s only{trip}.",
        where={"kind": "local"},
    )


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """More time; then whatever makes it slow."""
    return (
        Advice(
            on="client",
            action="Let the program wait three times as long as the connection takes, and for 3 s "
            "at least: then one lost SYN, which is sent again after a second, does not end it.",
            changes_state=True,
        ),
        Advice(
            on="network",
            action="If it should connect sooner, see where the delay begins.",
            command="mtr -n -r -c 30 TARGET",
        ),
    )


CAUSE = Cause(
    id="connect-timeout-too-short",
    title="The program gives up too soon",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("high-latency",),
    examples=(
        Example(
            name="300 ms, and it waits for 200",
            facts=(samples.route(), samples.open_port(), samples.connect(waited_s=0.302)),
            timeout_s=0.2,
            expect=Status.CONFIRMED,
        ),
        Example(
            name="in time",
            facts=samples.healthy(),
            timeout_s=0.2,
            expect=Status.RULED_OUT,
        ),
        Example(
            name="not made at all",
            facts=(samples.route(), samples.connect(Outcome.SILENT)),
            timeout_s=0.2,
            expect=Status.UNKNOWN,
        ),
        Example(name="no limit known", facts=samples.healthy(), expect=Status.UNKNOWN),
    ),
)
