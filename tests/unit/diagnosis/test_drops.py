"""Packets that this machine dropped itself: what rests on silence is less sure for it."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.drops import SILENT_CAUSES
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.probes.facts import AnswerKind, Fact, Outcome, ReceiveFact, TraceKind
from tests.unit.diagnosis.views import walk

DROPPED = ReceiveFact(dropped=12, during=("syn 198.51.100.10",))
SILENT: tuple[Fact, ...] = (
    samples.route(),
    samples.alive(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
)


def concluded(*facts: Fact) -> Conclusion:
    return conclude(walk(facts))


def test_silence_is_less_sure_where_packets_were_dropped() -> None:
    before, after = (concluded(*SILENT, *more).named[0] for more in ((), (DROPPED,)))
    assert before.cause.id == after.cause.id == "firewall-drop"
    assert before.judgement.status is Status.LIKELY
    judgement = after.judgement
    assert judgement.status is Status.POSSIBLE
    assert DROPPED.finding in judgement.explanation
    assert "e6" in judgement.evidence
    assert "net.core.rmem_max" in judgement.decide_by


def test_what_was_heard_stays_as_sure() -> None:
    reset = (samples.route(), samples.syn(samples.answer(AnswerKind.RST)), samples.alive())
    for more in ((), (DROPPED,)):
        first = concluded(*reset, samples.connect(Outcome.REFUSED, "ECONNREFUSED"), *more)
        assert first.named[0].cause.id == "port-closed"
        assert DROPPED.finding not in first.named[0].judgement.explanation


def test_a_healthy_walk_stays_healthy() -> None:
    assert concluded(*samples.healthy(), DROPPED).named == ()


def test_what_this_machines_own_rules_drop_is_no_silence_of_the_network() -> None:
    kept_back = samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED)
    facts = (samples.route(), kept_back, samples.connect(Outcome.SILENT), DROPPED)
    judgement = concluded(*facts).named[0].judgement
    assert (judgement.status, judgement.where["kind"]) == (Status.CONFIRMED, "local")


@pytest.mark.parametrize("dropped", [1, 500])
def test_it_is_said_in_one_line(dropped: int) -> None:
    said = ReceiveFact(dropped=dropped).finding
    assert said.startswith("the receive buffer of this machine dropped ")
    assert ("a packet" in said) is (dropped == 1)


def test_the_causes_that_rest_on_silence_are_in_the_catalogue_or_yet_to_come() -> None:
    assert {"firewall-drop", "path-blackhole", "packet-loss", "pmtu-blackhole"} <= SILENT_CAUSES
    assert {"port-closed", "firewall-reject"}.isdisjoint(SILENT_CAUSES)
    assert len({cause.id for cause in causes()} & SILENT_CAUSES) >= 4
