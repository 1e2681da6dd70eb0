"""What a run of the benchmarks was asked to measure."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.scenes import Scene, scenes
from layerwalk.lab.spec import Family

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """The options. `runs` None: as many as the part does by itself."""

    faults: tuple[str, ...]
    families: tuple[Family, ...]
    runs: int | None
    routers: int | None
    streams: int

    def runs_or(self, usual: int) -> int:
        """How often each thing is measured."""
        return self.runs or usual

    def scenes(self, routers: int) -> list[Scene]:
        """The faults in their families, on a path of this length if no other was asked for."""
        length = routers if self.routers is None else self.routers
        return scenes(self.faults, self.families, length)

    def each(
        self, chosen: Sequence[Scene], measure: Callable[[Scene], Result]
    ) -> Iterator[tuple[Scene, Result]]:
        """Measure every scene, in so many streams at once, and say on standard error which."""
        with ThreadPoolExecutor(self.streams) as pool:
            for scene, result in zip(chosen, pool.map(measure, chosen), strict=True):
                print(f"measured: {scene.name}", file=sys.stderr, flush=True)
                yield scene, result
