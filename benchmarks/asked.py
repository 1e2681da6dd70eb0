"""What a run of the benchmarks was asked to measure."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.scenes import Scene, drawn, named, scenes
from layerwalk.lab.spec import Family

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """The options. What is None is as each part has it by itself."""

    families: tuple[Family, ...]
    faults: tuple[str, ...] | None = None
    runs: int | None = None
    routers: int | None = None
    streams: int | None = None
    seed: int = 1
    shapes: int = 1

    def runs_or(self, usual: int) -> int:
        """How often each thing is measured."""
        return self.runs or usual

    def streams_or(self, usual: int) -> int:
        """How many things are measured at once."""
        return self.streams or usual

    def scenes(self, routers: int) -> list[Scene]:
        """One fault a cause in its families, on a path of this length if nothing else is asked."""
        length = routers if self.routers is None else self.routers
        return scenes(self.faults or named("causes"), self.families, length)

    def drawn(self) -> list[Scene]:
        """All faults, if no others were asked for, in shapes that the seed draws."""
        names = self.faults or tuple(named("all"))
        return drawn(names, self.families, self.routers, self.seed, self.shapes)

    def each(
        self, chosen: Sequence[Scene], measure: Callable[[Scene], Result], streams: int
    ) -> Iterator[tuple[Scene, Result]]:
        """Measure every scene, in so many streams at once, and say on standard error which."""
        with ThreadPoolExecutor(streams) as pool:
            for scene, result in zip(chosen, pool.map(measure, chosen), strict=True):
                print(f"measured: {scene.name}", file=sys.stderr, flush=True)
                yield scene, result
