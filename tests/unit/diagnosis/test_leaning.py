"""Answers move what the evidence leaves open, and nothing else."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.leaning import leaning
from layerwalk.diagnosis.questions.for_people import OTHER_CLIENTS, SINCE_WHEN, SYN_ARRIVES
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.questions.record import Question
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.tree import Step
from layerwalk.probes.facts import LINUX, Fact, Outcome, PersonFact, Refusal, TraceKind
from tests.unit.diagnosis.views import walk

T = samples.TARGET
GONE = (
    samples.links(),
    samples.route(),
    samples.neighbour(Outcome.ANSWERED),
    samples.echo(),
    samples.syn(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.control(),
    samples.trace(samples.tries(TraceKind.ICMP, 2), samples.tries(TraceKind.SYN, 2)),
)
"""Everything vanishes after hop 2: a dead path, or a firewall that drops all."""


def said(question: Question, answer: str, subject: str = "") -> PersonFact:
    choice = question.choice(answer)
    assert choice
    return PersonFact(
        question=question.id, answer=answer, asked=question.text, said=choice.text, subject=subject
    )


def told(*facts: Fact) -> Conclusion:
    return conclude(walk(facts))


def names(conclusion: Conclusion) -> list[tuple[str, str, str]]:
    return [(one.cause.id, one.relation, one.confidence) for one in conclusion.named]


def test_without_an_answer_the_evidence_alone_ranks() -> None:
    assert names(told(*GONE)) == [
        ("path-blackhole", "explains", "likely"),
        ("firewall-drop", "alternative", "possible"),
    ]


def test_an_answer_turns_round_what_could_not_be_told_apart() -> None:
    found = told(*GONE, said(SINCE_WHEN, "rules-changed"))
    assert names(found) == [
        ("firewall-drop", "explains", "likely"),
        ("path-blackhole", "alternative", "possible"),
    ]
    answer = f"e{len(GONE) + 1}"
    assert all(answer in one.judgement.evidence for one in found.named)
    assert found.summary.startswith("A firewall drops the connection")
    assert found.named[0].judgement.decide_by


def test_an_answer_that_agrees_leaves_the_order() -> None:
    found = told(*GONE, said(SINCE_WHEN, "network-changed"))
    assert names(found)[0] == ("path-blackhole", "explains", "likely")


def test_not_knowing_changes_nothing() -> None:
    assert names(told(*GONE, said(SINCE_WHEN, "unsure"))) == names(told(*GONE))


def test_answers_add_up() -> None:
    view = walk((said(SINCE_WHEN, "rules-changed"), said(SYN_ARRIVES, "does-not-arrive")))
    found = leaning(view, "path-blackhole")
    assert (found.weight, found.evidence) == (0, ("e1", "e2"))
    assert leaning(view, "firewall-drop").weight == 1
    assert leaning(view, "link-errors").evidence == ()


def test_what_is_proven_stays_proven() -> None:
    reset = samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[1])
    facts = (
        samples.links(),
        samples.route(),
        samples.neighbour(Outcome.ANSWERED),
        samples.alive(),
        samples.syn(reset),
        samples.connect(Outcome.REJECTED, "EACCES"),
        samples.flows(0, never=24),
        samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
        samples.loss(echo=(32, 32), syn=(0, 0)),
        samples.syn_options((LINUX, 2, (reset,)), ((), 2, (reset,))),
    )
    bare = names(told(*facts))
    assert bare[0] == ("firewall-reject", "explains", "certain")
    assert names(told(*facts, said(SINCE_WHEN, "comes-and-goes"))) == bare
    assert names(told(*facts, said(OTHER_CLIENTS, "fails-everywhere"))) == bare


def test_an_answer_in_place_of_a_measurement_counts_until_it_is_measured() -> None:
    echo = said(STEP_QUESTIONS[Step.ECHO], "answers", T)
    assert leaning(walk((echo,)), "host-down", T).weight == -1
    assert leaning(walk((echo,)), "host-down", "203.0.113.99").weight == 0
    assert leaning(walk((echo, samples.echo())), "host-down", T).weight == 0


def test_the_last_answer_to_a_question_counts() -> None:
    facts = (said(SINCE_WHEN, "rules-changed"), said(SINCE_WHEN, "never-worked"))
    found = leaning(walk(facts), "host-down")
    assert found.weight == 0
    assert leaning(walk(facts[:1]), "host-down").weight == -1


def test_an_answer_that_is_not_known_says_nothing() -> None:
    for question, answer in (("since-when", "odd"), ("odd", "rules-changed")):
        fact = PersonFact(question=question, answer=answer, asked="?", said="so")
        assert leaning(walk((fact,)), "firewall-drop").weight == 0


def test_certain_needs_all_that_could_contradict() -> None:
    facts = (samples.links(), samples.route(), samples.alive())
    closed = samples.syn(samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[1]))
    found = told(*facts, closed)
    assert names(found)[0] == ("firewall-reject", "explains", "likely")
