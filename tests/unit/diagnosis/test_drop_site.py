"""Where a filter sits: between which hops, which way the loss is, and who answered what."""

from dataclasses import replace
from typing import Any

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.causes import firewall_drop, firewall_reject
from layerwalk.diagnosis.drop_site import Lost, lost, site, way, who_answered
from layerwalk.diagnosis.model import Judgement
from layerwalk.probes.facts import Answer, AnswerKind, Fact, Refusal, TraceFact, TraceKind, Try
from tests.unit.diagnosis.views import address

FIRST, SECOND, LAST = samples.ROUTERS
T = samples.TARGET
HELD = samples.answer(AnswerKind.ACK)


def syns(reached: int, *, asked: int = 4, times: int = 2) -> list[Try]:
    """SYNs that are reported up to a hop and, asked for so often, by nobody behind it."""
    beyond = range(reached + 1, asked + 1)
    again = [Try(hop=h, kind=TraceKind.SYN, again=True) for _ in range(times - 1) for h in beyond]
    return [*samples.tries(TraceKind.SYN, reached, asked), *again]


def traced(*groups: list[Try]) -> TraceFact:
    return samples.trace(samples.tries(TraceKind.ICMP, 4), *groups)


def seen(*facts: Fact) -> AddressView:
    return address(samples.route(), samples.alive(), *facts)


def judged(*facts: Fact) -> Judgement:
    return firewall_drop.CAUSE.judge(seen(*facts))  # type: ignore[misc]  # it has one


@pytest.mark.parametrize("reached", [1, 2])
def test_a_syn_that_ends_early_is_lost_on_the_way_there(reached: int) -> None:
    host = seen(samples.syn(), traced(syns(reached)))
    here, there = samples.ROUTERS[reached - 1], samples.ROUTERS[reached]
    assert lost(host) is Lost.SYN
    assert site(host) == f"after hop {reached} ({here}), in front of hop {reached + 1} ({there})"
    assert "on the way there" in way(host)


def test_one_silence_does_not_tell_the_way() -> None:
    assert lost(seen(samples.syn(), traced(syns(2, times=1)))) is None


def test_what_the_target_does_or_the_way_back_does_not_show() -> None:
    host = seen(samples.syn(), traced(syns(3)))
    assert lost(host) is None
    assert site(host) == "at the target or on its own link"
    assert "does not show from here" in way(host)


@pytest.mark.parametrize("reached", [1, 2, 3])
def test_a_held_syn_has_arrived_however_far_its_trace_goes(reached: int) -> None:
    host = seen(samples.syn(HELD), traced(syns(reached)))
    assert lost(host) is Lost.SYN_ACK
    assert "on the way back" in way(host)


def test_an_acknowledgement_from_elsewhere_shows_nothing() -> None:
    strange = samples.answer(AnswerKind.ACK, SECOND)
    assert lost(seen(samples.syn(strange), traced(syns(3)))) is None


def test_it_says_who_answered_what() -> None:
    reset = samples.answer(AnswerKind.RST)
    host = seen(samples.syn(), traced(syns(2)), samples.control(reset))
    assert who_answered(host) == (
        "SYNs to the port are answered up to hop 2, not at hops 3 to 4; ICMP by the target (hop 4);"
        " echoes are answered; port 443 resets"
    )


def test_it_says_who_was_silent() -> None:
    host = seen(samples.syn(), samples.trace(samples.tries(TraceKind.UDP, 2), syns(0)))
    assert who_answered(host) == (
        "SYNs to the port are answered by nobody; UDP up to hop 2; echoes are answered"
    )


WAYS: list[tuple[tuple[Fact, ...], str | None, str, str]] = [
    ((samples.syn(), traced(syns(2))), "out", "network", "on their way there"),
    ((samples.syn(HELD), traced(syns(3))), "back", "network", "by the way back"),
    ((samples.syn(), traced(syns(3))), None, "server", "security group"),
]


@pytest.mark.parametrize(("facts", "field", "on", "words"), WAYS)
def test_advice_goes_where_the_loss_is(
    facts: tuple[Fact, ...], field: str | None, on: str, words: str
) -> None:
    judgement = judged(*facts)
    assert judgement.where.get("direction") == field
    advice = firewall_drop.CAUSE.advise(judgement)
    assert any(one.on == on and words in one.action for one in advice)
    assert any(one.changes_state for one in advice)


def test_a_target_that_holds_the_syn_has_room_for_it() -> None:
    """Its queue of accepted connections is then not what drops SYNs."""
    told: dict[str, Any] = {}
    for name, facts in {"held": (samples.syn(HELD),), "silent": (samples.syn(),)}.items():
        told[name] = judged(*facts, traced(syns(3))).alternatives
    assert told == {"held": (), "silent": ("accept-queue-full",)}


def test_between_two_hops_both_are_named() -> None:
    first, *_ = firewall_drop.CAUSE.advise(judged(samples.syn(), traced(syns(1))))
    assert f"hop 1 ({FIRST})" in first.action
    assert f"hop 2 ({SECOND})" in first.action


def test_ports_that_do_the_same_are_named_together() -> None:
    answers = {22: AnswerKind.RST, 80: AnswerKind.RST, 443: AnswerKind.SYN_ACK}
    ports = tuple(samples.syn(samples.answer(it), port=port) for port, it in answers.items())
    control = replace(samples.control(), ports=ports)
    assert who_answered(seen(samples.syn(), control)).endswith(
        "port 443 answers; ports 22, 80 reset"
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (samples.refusal(Refusal.PORT, T), 'is answered with "port unreachable"'),
        (samples.answer(AnswerKind.UDP), "answers"),
    ],
)
def test_a_refused_datagram_is_no_open_port(answer: Answer, said: str) -> None:
    control = replace(samples.control(), udp=(answer,))
    assert who_answered(seen(samples.syn(), control)).endswith(f"UDP port 33434 {said}")


def test_who_refuses_is_told_beside_who_answers() -> None:
    refused = samples.syn(samples.refusal(Refusal.PROHIBITED, SECOND))
    judgement = firewall_reject.CAUSE.judge(seen(refused, traced(syns(2))))  # type: ignore[misc]
    assert "prohibited" in judgement.explanation
    assert "SYNs to the port are answered up to hop 2" in judgement.explanation
    assert "echoes are answered" in judgement.explanation
