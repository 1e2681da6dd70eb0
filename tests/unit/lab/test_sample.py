"""The sample: small, repeatable, and nothing of what can be paired is left out."""

from layerwalk.lab.faults import ALL, HEALTHY
from layerwalk.lab.sample import everything, pairs, pairwise, place
from layerwalk.lab.shapes import Shape


def test_every_fault_comes_up() -> None:
    assert {fault.id for fault, _ in pairwise(seed=1, limit=1)} == set(ALL)


def test_every_pair_comes_up() -> None:
    possible = {pair for _, shape in everything() for pair in pairs(shape)}
    covered = {pair for _, shape in pairwise(seed=5) for pair in pairs(shape)}
    assert covered == possible


def test_the_same_seed_gives_the_same_sample() -> None:
    assert pairwise(seed=7) == pairwise(seed=7)
    assert pairwise(seed=7) != pairwise(seed=8)


def test_the_sample_is_small() -> None:
    assert len(pairwise()) * 50 < sum(1 for _ in everything())


def test_a_limit_cuts_only_what_is_beyond_the_faults() -> None:
    chosen = pairwise(HEALTHY.values(), limit=len(HEALTHY) + 2)
    assert len(chosen) == len(HEALTHY) + 2


def test_places_have_names() -> None:
    named = [place(Shape(5, hop)) for hop in range(7)]
    assert named == ["client", "first", "middle", "middle", "middle", "last", "target"]
