"""The table of measurements: every step has its plan, and its probe gets what the facts say."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fact, Outcome, SynFact
from layerwalk.session.steps import PLANS, peer_of, the_port, this_machine
from tests.unit.diagnosis.views import walk

T = samples.TARGET
BARE = ProbeContext()
WIRELESS = {
    Step.ECHO,
    Step.SYN,
    Step.SYN_AGAIN,
    Step.FLOWS,
    Step.FLOW_TRACE,
    Step.TRACE,
    Step.CONTROL,
    Step.CONTROL_TRACE,
}


def test_every_step_has_a_plan() -> None:
    assert set(PLANS) == set(Step)
    for plan in PLANS.values():
        assert plan.title
        assert plan.waits_for
        assert plan.at_most_s > 0
        assert 0 <= plan.layer <= 7


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), ("", "", 1500)),
        ((samples.route(),), (samples.OWN, "eth0", 1500)),
        ((samples.route(), samples.links(mtu=9000)), (samples.OWN, "eth0", 9000)),
        ((samples.route(mtu=1400), samples.links()), (samples.OWN, "eth0", 1400)),
        ((samples.route(mtu=9000), samples.links(mtu=1280)), (samples.OWN, "eth0", 1280)),
    ],
)
def test_the_peer_is_as_route_and_links_have_it(
    facts: tuple[Fact, ...], expected: tuple[str, str, int]
) -> None:
    peer = peer_of(T, walk(facts))
    assert (peer.address, (peer.source, peer.interface, peer.mtu)) == (T, expected)


@pytest.mark.parametrize("step", sorted({*WIRELESS, Step.PATH_MTU}))
def test_without_a_wire_a_probe_says_so(step: Step) -> None:
    view = walk((samples.links(), samples.route()))
    fact = PLANS[step].run(Measure(step, T, 443), view, BARE)
    assert fact.outcome is Outcome.NOT_PERMITTED
    assert "no wire" in fact.detail
    assert getattr(fact, "address", "") == T


@pytest.mark.parametrize("step", [Step.SYN, Step.SYN_AGAIN, Step.CONNECT, Step.FIREWALL])
def test_a_step_that_needs_a_port_does_not_invent_one(step: Step) -> None:
    with pytest.raises(ValueError, match="port"):
        PLANS[step].run(Measure(step, T), walk((samples.route(),), port=None), BARE)


def test_the_next_hop_is_the_gateway_or_the_target_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def neighbour(_peer: object, next_hop: str, _ctx: object, port: int | None) -> Fact:
        assert port == samples.PORT
        asked.append(next_hop)
        return samples.neighbour(Outcome.ANSWERED)

    monkeypatch.setattr(this_machine, "neighbour", neighbour)
    for facts in ((samples.route(),), (samples.route(gateway=""),), ()):
        PLANS[Step.NEIGHBOUR].run(Measure(Step.NEIGHBOUR, T), walk(facts), BARE)
    assert asked == [samples.GATEWAY, T, T]


def test_the_second_look_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []

    def syn(peer: object, port: int, look: object, _ctx: object) -> SynFact:
        assert (getattr(peer, "address", ""), port) == (T, samples.PORT)
        looks.append(bool(getattr(look, "last", None)))
        return samples.syn()

    monkeypatch.setattr(the_port, "syn", syn)
    for step in (Step.SYN, Step.SYN_AGAIN):
        PLANS[step].run(Measure(step, T), walk((samples.route(),)), BARE)
    assert looks == [False, True]
