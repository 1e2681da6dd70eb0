"""Views of invented walks, for tests of what the facts mean."""

from collections.abc import Iterable

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Cause, Example, Judgement
from layerwalk.diagnosis.samples import PORT, TARGET
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Fact, Target


def walk(facts: Iterable[Fact], host: str = TARGET, port: int | None = PORT) -> WalkView:
    evidence = tuple(Evidence(id=f"e{n}", fact=fact) for n, fact in enumerate(facts, start=1))
    return WalkView(Target(host, host, port), evidence)


def address(*facts: Fact, port: int | None = PORT, host: str = TARGET) -> AddressView:
    return walk(facts, host, port).of(host)


def example_walk(example: Example) -> WalkView:
    return walk(example.facts, example.target, example.port)


def judged(cause: Cause, view: WalkView) -> list[Judgement]:
    """Every judgement of a cause: one of the walk, or one for each address."""
    if cause.judge_walk:
        return [cause.judge_walk(view)]
    assert cause.judge
    return [cause.judge(host) for host in view.hosts]
