"""When the filter for reverse paths is looked at, and what its counter goes before."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.causes.reverse_path_filter import CAUSE
from layerwalk.diagnosis.open_steps import to_measure
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import AnswerKind, Fact, LinksFact, Outcome, ReversePathFact
from tests.unit.diagnosis.facts import counters
from tests.unit.diagnosis.views import walk

WISH = Measure(Step.REVERSE_PATH, samples.TARGET)
TWO = LinksFact(
    outcome=Outcome.ANSWERED,
    links=(
        *samples.links(rp_filter=2).links,
        *samples.links(name="eth1", index=3, rp_filter=1).links,
    ),
)
SILENT = samples.connect(Outcome.SILENT)
AROUND = samples.syn(samples.answer(AnswerKind.SYN_ACK, interface="eth1"))
DROPPED = ReversePathFact(
    outcome=Outcome.ANSWERED, address=samples.TARGET, sent=8, dropped=8, interface="eth1"
)
CALM = (samples.loss(echo=(32, 32), syn=(0, 0)), samples.flows(25))


def wanted(*facts: Fact) -> bool:
    return WISH in to_measure(walk(facts))


def test_answers_that_come_in_and_do_nothing_call_for_it() -> None:
    assert wanted(TWO, samples.route(), AROUND, SILENT, *CALM)
    assert not wanted(TWO, samples.route(), AROUND, *CALM)
    assert not wanted(TWO, samples.route(), AROUND, samples.connect(), *CALM)
    assert not wanted(samples.links(), samples.route(), AROUND, SILENT, *CALM)


@pytest.mark.parametrize("left", CALM)
def test_answers_to_samples_are_not_counted_with_it(left: Fact) -> None:
    assert not wanted(TWO, samples.route(), AROUND, SILENT, left)


def test_without_raw_sockets_its_counter_does() -> None:
    unseen = samples.syn(half_open=False)
    assert wanted(TWO, samples.route(), unseen, SILENT, counters(reversed=3))
    assert not wanted(TWO, samples.route(), unseen, SILENT, counters())


def test_ipv6_has_no_such_filter() -> None:
    sixth = replace(DROPPED, address="2001:db8::10")
    found = conclude(walk((TWO, sixth), "2001:db8::10"))
    assert CAUSE.id not in {one.cause.id for one in found.named}


@pytest.mark.parametrize("kind", [AnswerKind.SYN_ACK, AnswerKind.RST])
def test_it_goes_before_what_a_program_would_not_get_to_meet(kind: AnswerKind) -> None:
    seen = samples.syn(samples.answer(kind, interface="eth1"))
    found = conclude(walk((TWO, samples.route(), seen, SILENT, DROPPED)))
    assert found.named[0].cause is CAUSE
    assert found.named[0].judgement.where == {"kind": "local", "interface": "eth1"}


def test_loose_asks_for_a_route_back() -> None:
    loose = replace(DROPPED, filter_all=2, filter_own=1)
    found = conclude(walk((TWO, samples.route(), AROUND, SILENT, loose)))
    assert "ip route add 198.51.100.10/32 dev eth1" in [it.command for it in found.named[0].advice]
