"""Which faults to try in which shapes, where trying all would take too long.

`pairwise` picks, for every fault, at least one shape for each family, place and direction that it
allows, and altogether so many that every pair of values of two of path length, place, direction,
family and port comes up that any fault allows.
"""

import functools
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping

from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Fault, Shape

Choice = tuple[Fault, Shape]
Trait = tuple[str, object]
Pair = tuple[Trait, Trait]

_WITH_FAULT = {"place", "direction", "family"}


def everything(faults: Iterable[Fault] | None = None) -> Iterator[Choice]:
    """Give every fault in every shape."""
    for fault in ALL.values() if faults is None else faults:
        for shape in fault.shapes():
            yield fault, shape


def pairwise(
    faults: Iterable[Fault] | None = None, seed: int = 0, limit: int | None = None
) -> list[Choice]:
    """Return a sample that is the same for the same seed; `limit` cuts pairs, never a fault."""
    dice = random.Random(seed)  # noqa: S311  # a seed makes it repeatable
    asked = tuple(ALL.values() if faults is None else faults)
    shapes = {fault.id: list(fault.shapes()) for fault in asked}
    chosen: list[Choice] = []
    holders = _holders(asked, shapes)
    missing = {*holders}
    for fault in asked:
        _choose(fault, _best(fault, shapes[fault.id], missing, dice), chosen, missing)
    for wanted in sorted(missing, key=repr):
        if limit is not None and len(chosen) >= limit:
            break
        if wanted not in missing:
            continue
        fault = dice.choice(holders[wanted])
        fitting = [shape for shape in shapes[fault.id] if wanted in pairs(shape, fault)]
        _choose(fault, _best(fault, fitting, missing, dice), chosen, missing)
    return chosen


def _holders(
    asked: Iterable[Fault], shapes: Mapping[str, Iterable[Shape]]
) -> dict[Pair, list[Fault]]:
    """Tell for each pair which faults allow it, in their order."""
    found: dict[Pair, list[Fault]] = {}
    for fault in asked:
        own = {pair for shape in shapes[fault.id] for pair in pairs(shape, fault)}
        for pair in own:
            found.setdefault(pair, []).append(fault)
    return found


@functools.cache
def pairs(shape: Shape, fault: Fault | None = None) -> frozenset[Pair]:
    """Return the pairs of traits that a shape covers, those with its fault included."""
    found: set[Pair] = set(itertools.combinations(traits(shape), 2))
    if fault:
        found |= {(("fault", fault.id), one) for one in traits(shape) if one[0] in _WITH_FAULT}
    return frozenset(found)


def traits(shape: Shape) -> tuple[Trait, ...]:
    """Return what tells a shape from others, as far as the sample cares."""
    return (
        ("routers", shape.routers),
        ("place", place(shape)),
        ("direction", shape.direction),
        ("family", shape.family),
        ("port", shape.port),
    )


def place(shape: Shape) -> str:
    """Name the place on the path."""
    named = {0: "client", shape.routers + 1: "target", shape.routers: "last", 1: "first"}
    return named.get(shape.hop, "middle")


def _choose(fault: Fault, shape: Shape, chosen: list[Choice], missing: set[Pair]) -> None:
    chosen.append((fault, shape))
    missing -= pairs(shape, fault)


def _best(fault: Fault, shapes: list[Shape], missing: set[Pair], dice: random.Random) -> Shape:
    """Return one of the fault's shapes that cover most of what is missing."""
    dice.shuffle(shapes)
    return max(shapes, key=lambda shape: len(pairs(shape, fault) & missing))
