"""What is measured where two machines claim the next hop: no more than tells that."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import AnswerKind, Claimant, Fact, Outcome, TraceKind
from tests.unit.diagnosis.views import walk

T = samples.TARGET
OWN, OTHER = "02:00:00:00:00:01", "02:00:00:00:00:02"
WAITS = {Step.ECHO, Step.SYN, Step.SYN_AGAIN, Step.SYN_OPTIONS, Step.CONNECT, Step.CONTROL}
TRACE = samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 4))


def claimed(*leads: str) -> Fact:
    """Two who claim the gateway, and what packets to the target get where they lead."""
    macs = zip((OWN, OTHER), leads, strict=True)
    return replace(
        samples.neighbour(Outcome.ANSWERED),
        claimants=tuple(Claimant(mac=mac, echo_from=(mac,), beyond=lead) for mac, lead in macs),
    )


def stopped(*facts: Fact) -> set[Step]:
    view = walk((samples.links(), samples.route(), *facts))
    return {it.step for it in needless(view) if it.address == T}


@pytest.mark.parametrize(
    ("leads", "vain"),
    [(("syn-ack", ""), True), (("syn-ack", "rst"), True), (("syn-ack", "syn-ack"), False)],
)
def test_nothing_is_waited_for_where_packets_go_to_the_wrong_machine(
    leads: tuple[str, str], *, vain: bool
) -> None:
    found = stopped(claimed(*leads), samples.syn())
    assert (found >= WAITS, Step.TRACE in found) == (vain, False)


def test_a_connection_that_works_goes_on_being_looked_at() -> None:
    assert not WAITS & stopped(claimed("syn-ack", ""), samples.connect())


@pytest.mark.parametrize("leads", [("syn-ack", ""), ("syn-ack", "syn-ack")])
def test_loss_is_not_looked_for_on_the_way_where_packets_go_astray(leads: tuple[str, str]) -> None:
    opened = samples.syn(samples.answer(AnswerKind.SYN_ACK))
    lossy = samples.loss(echo=(40, 64), syn=(0, 0))
    seen = (samples.links(), samples.route(), opened, samples.connect(), TRACE, lossy)
    asked = set(wanted(walk((*seen, samples.flows(25), claimed(*leads)))))
    astray = leads[0] != leads[1]
    assert (Measure(Step.HOP_LOSS, T) in asked) is not astray
