"""Any walk ends, raises nothing, asks nothing twice, and is never surer for knowing less."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.diagnosis.open_steps import open_steps, to_measure
from layerwalk.diagnosis.questions.for_people import QUESTIONS
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, PersonFact, Role, Standpoint, Target
from tests.unit.diagnosis.journeys import Journey, every_measure, journeys
from tests.unit.diagnosis.strategies import TARGETS, facts
from tests.unit.diagnosis.views import walk


def certain(told: Conclusion) -> set[str]:
    return {one.cause.id for one in told.named if one.confidence == "certain"}


def named(told: Conclusion) -> set[str]:
    return {one.cause.id for one in told.named}


@given(journeys())
def test_every_walk_ends_with_a_verdict_and_asks_nothing_twice(journey: Journey) -> None:
    steps = [evidence.step for evidence in journey.evidence]
    assert len(steps) == len(set(steps))
    assert conclude(journey.view).summary
    assert open_steps(journey.view) == ()


@settings(max_examples=400)
@given(journeys())
def test_knowing_less_never_makes_it_certain(journey: Journey) -> None:
    whole = named(conclude(journey.view))
    for place, evidence in enumerate(journey.evidence):
        surer = certain(conclude(journey.without(place))) - whole
        assert not surer, (evidence.step, evidence.fact)


@given(st.data(), TARGETS, st.sampled_from(Role))
def test_facts_that_no_walk_would_bring_raise_nothing(
    data: st.DataObject, target: Target, role: Role
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(every_measure(target.host)), max_size=8))
    evidence = tuple(
        Evidence(id=f"e{n}", fact=data.draw(facts(measure)), step=measure.name)
        for n, measure in enumerate(chosen, 1)
    )
    view = WalkView(target, evidence, standpoint=Standpoint(role=role))
    assert conclude(view).outcome in {"fault", "healthy", "inconclusive"}
    assert {measure.name for measure in to_measure(view)}.isdisjoint(e.step for e in evidence)


def test_an_answer_alone_makes_nothing_certain_and_rules_nothing_out() -> None:
    said = [
        PersonFact(question=one.id, answer=choice.id, asked=one.text, said=choice.text)
        for one in (*QUESTIONS, *STEP_QUESTIONS.values())
        for choice in one.choices
    ]
    for facts_said in ([], *([one] for one in said), said):
        told = conclude(walk(facts_said))
        assert (told.outcome, told.named, told.ruled_out) == ("inconclusive", (), ())


@given(journeys())
def test_answers_never_overrule_a_measurement(journey: Journey) -> None:
    """Without its answers a walk has the same certain causes, and rules the same out."""
    evidence = tuple(e for e in journey.evidence if not isinstance(e.fact, PersonFact))
    mute = conclude(replace(journey.view, evidence=evidence))
    told = conclude(journey.view)
    assert certain(told) <= certain(mute)
    assert {name for name, _ in told.ruled_out} <= {name for name, _ in mute.ruled_out}
    assert named(told).isdisjoint(name for name, _ in mute.ruled_out)
