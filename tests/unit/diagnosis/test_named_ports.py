"""Which address is asked for the ports that a person names, and that no verdict waits for them."""

from dataclasses import replace
from typing import Any

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import Fact, Outcome, PortsAsked
from tests.unit.diagnosis.facts import NAME, at, resolved
from tests.unit.diagnosis.views import walk

T = samples.TARGET
ASKED = PortsAsked((22, 80), 1000)


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
