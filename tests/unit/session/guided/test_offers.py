"""What is said of a step before it runs: complete for every step, and within what it may take."""

import pytest

from layerwalk.diagnosis.open_steps import Ask
from layerwalk.diagnosis.questions.for_people import QUESTIONS, SYN_ARRIVES
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.session.guided.costs import COSTS
from layerwalk.session.guided.offers import offer_of
from layerwalk.session.steps import PLANS


def test_every_step_has_its_cost() -> None:
    assert set(COSTS) == set(Step)
    for step, cost in COSTS.items():
        assert 0 <= cost.packets[0] <= cost.packets[1]
        assert 0 <= cost.seconds[0] <= cost.seconds[1] <= PLANS[step].at_most_s


def test_without_raw_sockets_the_cost_is_another() -> None:
    syn, echo = Measure(Step.SYN, "192.0.2.10"), Measure(Step.ECHO, "192.0.2.10")
    assert offer_of(syn, 5432, raw=False).packets == (1, 33)
    assert offer_of(syn, 5432).packets == COSTS[Step.SYN].packets
    assert offer_of(echo, 5432, raw=False) == offer_of(echo, 5432)


@pytest.mark.parametrize("step", Step)
def test_a_measurement_is_offered_with_its_four_texts(step: Step) -> None:
    offer = offer_of(Measure(step, "192.0.2.10"), 5432)
    assert (offer.kind, offer.title, offer.about) == (
        "measurement",
        PLANS[step].title,
        "192.0.2.10",
    )
    assert offer.asks
    assert offer.why
    assert offer.seconds == COSTS[step].seconds
    assert all(choice.proves for choice in offer.choices)
    assert offer_of(Measure(step), 5432, again=True).why.startswith("It was measured already.")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_a_question_costs_nothing(question: object) -> None:
    offer = offer_of(Ask(question), 5432)  # type: ignore[arg-type]
    assert (offer.kind, offer.packets, offer.seconds) == ("question", (0, 0), (0.0, 0.0))


def test_a_question_names_the_port() -> None:
    assert "tcp port 5432'" in offer_of(Ask(SYN_ARRIVES), 5432).asks
    assert "tcp port PORT'" in offer_of(Ask(SYN_ARRIVES), None).asks
