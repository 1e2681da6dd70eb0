"""Which address is asked for the ports that a person names, and that no verdict waits for them."""

from dataclasses import replace
from typing import Any

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import Fact, Outcome, PortsAsked, PortsFact
from layerwalk.probes.facts.ports import PortGroup, Reason, ScanState
from tests.unit.diagnosis.facts import NAME, at, path_mtu, resolved
from tests.unit.diagnosis.views import walk

T = samples.TARGET
ASKED = PortsAsked.of((22, 80), 1000)


def asked(*facts: Fact, ports: PortsAsked | None = ASKED, **more: Any) -> list[Measure]:
    view = replace(walk(facts, **more), ports=ports)
    return [it for it in wanted(view) if it.step is Step.PORTS]


def test_nobody_asks_for_ports_by_itself() -> None:
    assert asked(samples.links(), samples.route(), ports=None) == []


def test_ports_are_asked_as_soon_as_there_is_a_way_out() -> None:
    assert asked(samples.links()) == []
    assert asked(samples.links(), samples.route()) == [Measure(Step.PORTS, T)]
    assert asked(samples.links(), samples.route(), port=None) == [Measure(Step.PORTS, T)]


def test_a_dead_next_hop_makes_it_vain() -> None:
    facts = (samples.links(), samples.route(), samples.neighbour(Outcome.SILENT))
    view = replace(walk(facts), ports=ASKED)
    assert Measure(Step.PORTS, T) in set(needless(view))


def test_the_first_address_with_a_way_out_is_asked() -> None:
    first, second = "203.0.113.1", "203.0.113.2"
    known = (samples.links(), resolved(first, second))
    no_way = at(first, samples.route(outcome=Outcome.UNREACHABLE, interface="", source=""))
    way = at(second, samples.route())
    assert asked(*known, *way, host=NAME) == []
    assert asked(*known, *no_way, *way, host=NAME) == [Measure(Step.PORTS, second)]
    both = (*at(first, samples.route()), *way)
    assert asked(*known, *both, host=NAME) == [Measure(Step.PORTS, first)]


def scanned(**changes: Any) -> PortsFact:
    fields: dict[str, Any] = {"outcome": Outcome.REFUSED, "address": T, "wanted": 1000}
    return PortsFact(**{**fields, "prompt": 1000, "slowest_s": 0.01, **changes})


ALIVE = (samples.links(), samples.route(), samples.alive(), samples.trace())


def steps(*facts: Fact, ports: PortsAsked = ASKED, port: int | None = None) -> set[Step]:
    return {it.step for it in wanted(replace(walk(facts, port=port), ports=ports))}


@pytest.mark.parametrize(
    ("count", "rate", "beside", "first"),
    [
        (65535, 1000, True, True),  # gentle
        (1000, 50_000, True, True),  # brief
        (20_000, 50_000, False, True),  # fast: the sample of losses waits for it
        (65_535, 10_000, True, False),  # fast and long: it waits for all else
    ],
)
def test_a_fast_scan_disturbs_no_sample(
    count: int, rate: int, *, beside: bool, first: bool
) -> None:
    asked_for = PortsAsked.of(tuple(range(1, count + 1)), rate)
    begun = steps(*ALIVE, ports=asked_for)
    assert (Step.LOSS in begun) is beside
    assert (Step.PORTS in begun) is first
    after = steps(*ALIVE, scanned(prompt=0), ports=asked_for)
    assert Step.LOSS in after
    whole = (*ALIVE, samples.neighbour(Outcome.ANSWERED), samples.timers(), path_mtu())
    assert Step.PORTS in steps(*whole, samples.loss((32, 32), (0, 0)), ports=asked_for)


@pytest.mark.parametrize(
    ("scan", "enough"),
    [
        (scanned(), True),
        (scanned(prompt=99), False),
        (scanned(late=1), False),
        (scanned(dropped=1), False),
        (scanned(slowest_s=0.2), False),
        (scanned(outcome=Outcome.CANCELLED), False),
    ],
)
def test_a_scan_that_lost_nothing_is_the_sample(scan: PortsFact, *, enough: bool) -> None:
    view = replace(walk((*ALIVE, scan), port=None), ports=ASKED)
    assert (Step.LOSS not in {it.step for it in wanted(view)}) is enough
    shown = {Measure(step, T) for step in (Step.LOSS, Step.ECHO, Step.NEIGHBOUR)}
    assert (shown <= set(needless(view))) is enough
    connecting = replace(walk((*ALIVE, scan)), ports=ASKED)
    assert Measure(Step.NEIGHBOUR, T) not in set(needless(connecting))
    loss = view.of(T).loss
    assert (loss is not None) is enough
    verdict = conclude(view)
    assert ("packet-loss" in dict(verdict.ruled_out)) is enough
    assert verdict.outcome == "healthy"


def test_a_port_that_answers_is_a_sign_of_life() -> None:
    """Where all else of the target is silent, the path is not said to swallow everything."""
    mute = (samples.links(), samples.route(), samples.trace(), samples.control())
    group = PortGroup(state=ScanState.OPEN, reason=Reason.SYN_ACK, ports="8080", count=1)
    scan = scanned(prompt=1, groups=(group,), outcome=Outcome.ANSWERED)
    silent = samples.syn(outcome=Outcome.SILENT, last_look=True)
    facts = (*mute, silent, samples.connect(Outcome.SILENT))
    view = walk((*facts, scan))
    assert [answer.kind for answer in view.of(T).alive] == ["syn-ack"]
    assert "path-blackhole" not in [one.cause.id for one in conclude(view).named]
    assert walk(facts).of(T).alive == ()
