"""Which faults are measured, and where on which path each of them sits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from layerwalk.lab.faults import ALL, FAULTS
from layerwalk.lab.shapes import Fault, Scenario, Shape
from layerwalk.lab.spec import Family

PORT = 5432


@dataclass(frozen=True)
class Scene:
    """A fault in one shape."""

    fault: Fault
    shape: Shape

    @property
    def name(self) -> str:
        """The fault's id and the family, as a row of a table begins."""
        return f"{self.fault.id}, IPv{self.shape.family}"

    def scenario(self) -> Scenario:
        """The network, and what is asked of it."""
        return self.fault.apply(self.shape)


def one_each() -> list[str]:
    """One fault for every cause: the first that the lab has of it."""
    firsts: dict[str | None, str] = {}
    for name, fault in FAULTS.items():
        firsts.setdefault(fault.cause, name)
    return list(firsts.values())


def named(names: str) -> list[str]:
    """The faults of a list with commas, or of the words `causes` and `all`; else LookupError."""
    if names == "causes":
        return one_each()
    if names == "all":
        return list(ALL)
    asked = names.split(",")
    if unknown := [name for name in asked if name not in ALL]:
        raise LookupError(f"no fault {unknown[0]} in the lab (layerwalk demo --list names them)")
    return asked


def scenes(names: Iterable[str], families: Sequence[Family], routers: int) -> list[Scene]:
    """Each fault in each family that it has, on a path of so many routers or nearest to it."""
    return [
        Scene(ALL[name], middling(ALL[name].shapes(), family, routers))
        for name in names
        for family in families
        if any(shape.family == family for shape in ALL[name].shapes())
    ]


def drawn(
    names: Sequence[str], families: Sequence[Family], routers: int | None, seed: int, each: int
) -> list[Scene]:
    """So many shapes of each fault as the seed draws them, the families in turn.

    With `routers`, only those on a path of that length or nearest to it.
    """
    dice = Random(seed)  # noqa: S311  # a seed makes it repeatable
    return [
        Scene(ALL[name], dice.choice(_fitting(ALL[name], families[turn % len(families)], routers)))
        for number, name in enumerate(names)
        for turn in range(number, number + each)
    ]


def _fitting(fault: Fault, family: Family, routers: int | None) -> list[Shape]:
    """The shapes of this family, all where it has none; with `routers` those nearest in length."""
    every = list(fault.shapes())
    found = [shape for shape in every if shape.family == family] or every
    if routers is None:
        return found
    nearest = min(abs(shape.routers - routers) for shape in found)
    return [shape for shape in found if abs(shape.routers - routers) == nearest]


def middling(shapes: Iterable[Shape], family: Family, routers: int) -> Shape:
    """The shape with the likest path, and the fault in its middle where there is a choice."""
    return min(
        (shape for shape in shapes if shape.family == family),
        key=lambda it: (
            abs(it.routers - routers),
            abs(2 * it.hop - it.routers),
            it.port != PORT,
            it.direction != "out",
            it.hop,
        ),
    )
