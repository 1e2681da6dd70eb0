"""Time to verdict, beside the manual procedure on the same host of the same network."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from threading import Semaphore

from benchmarks import by_hand
from benchmarks.asked import Asked
from benchmarks.by_hand import Manual
from benchmarks.figures import Compared, median_of_ratios, ratio_of_sums
from benchmarks.scenes import Scene
from benchmarks.tables import Aim, Cell, Section, written
from benchmarks.walks import Walked, remarks, walked
from layerwalk.lab.build import build

RUNS, STREAMS, BUSY_A_CORE = 7, 24, 1
HOW = (
    "Every fault of the lab, and all that only looks like one, in {shapes} drawn by the seed "
    "{seed}. Runs of each: {runs}, as whole processes, alternating, each in a lab built anew. As "
    "both sides mostly wait, {streams} faults are measured at once; of what is busy, walks and the "
    "building of labs, {busy} at once, one a core. "
    "Seconds are medians, added up over the faults of a cause; the ratio is that of the sums. "
)
COLUMNS = ("cause", "faults", "right", "walks", "by hand", "ratio", "slowest walk", "of", "MB")


@dataclass(frozen=True)
class Timed:
    """The runs of one scene; `manual` is empty where there was nothing to run by hand."""

    scene: Scene
    walks: tuple[Walked, ...]
    manual: tuple[Manual, ...]

    @property
    def whole_s(self) -> tuple[float, ...]:
        """How long each of our processes took, start-up included."""
        return tuple(it.ended.seconds for it in self.walks)

    @property
    def compared(self) -> Compared | None:
        """Both ways side by side."""
        theirs = tuple(it.seconds for it in self.manual)
        return Compared(self.whole_s, theirs) if theirs else None

    @property
    def compared_at_first(self) -> Compared | None:
        """Our walk beside the part of the procedure that only finds out whether and where."""
        theirs = tuple(it.first_s for it in self.manual)
        return Compared(self.whole_s, theirs) if theirs else None


def measured(asked: Asked) -> Section:
    """Time every scene."""
    runs, missing = asked.runs_or(RUNS), by_hand.missing()
    streams = asked.streams_or(STREAMS)
    scenes = asked.drawn()
    busy = BUSY_A_CORE * (os.cpu_count() or 1)
    measure = partial(timed, turns=Semaphore(busy), runs=runs, with_hand=not missing)
    found = [result for _, result in asked.each(scenes, measure, streams)]
    shapes = "one shape each" if asked.shapes == 1 else f"{asked.shapes} shapes each"
    how = HOW.format(shapes=shapes, seed=asked.seed, runs=runs, streams=streams, busy=busy)
    notes = [f"not measured by hand, missing: {' '.join(missing)}"] if missing else []
    notes += aims(found)
    for it in found:
        notes += remarks(it.scene.name, it.walks)
    return Section("Time to verdict", how + by_hand.SAID, COLUMNS, rows(found), notes)


def timed(scene: Scene, *, turns: Semaphore, runs: int, with_hand: bool) -> Timed:
    """Walk, when it is this walk's turn, then try by hand, and so on.

    A lab is built in turn, too: that takes as much of a processor as a walk, which others' walks
    would wait for. Tools by hand hardly take any, and need no turn.
    """
    scenario = scene.scenario()
    command = by_hand.command(scenario.target, scene.shape.family) if with_hand else None
    walks: list[Walked] = []
    manual: list[Manual] = []
    for _ in range(runs):
        with turns, build(scenario.network) as lab:
            walks.append(walked(lab, scenario))
        if command:
            with turns:
                lab = build(scenario.network)
            with lab:
                manual.append(by_hand.timed(partial(lab.popen, scenario.client), command))
    return Timed(scene, tuple(walks), tuple(manual))


def rows(found: Sequence[Timed]) -> list[tuple[Cell, ...]]:
    """A line for each cause, the healthy at the end, and one for all."""
    groups: dict[str, list[Timed]] = {}
    for it in sorted(found, key=lambda it: it.scene.fault.cause or "~"):
        groups.setdefault(it.scene.fault.cause or "none: healthy", []).append(it)
    return [*(row(cause, its) for cause, its in groups.items()), row("all", found)]


def row(cause: str, its: Sequence[Timed]) -> tuple[Cell, ...]:
    """A cause's line in the table."""
    walks = [walk for it in its for walk in it.walks]
    compared = [it.compared for it in its if it.compared]
    slowest = max(its, key=lambda it: median(it.whole_s))
    beside: tuple[Cell, ...] = ("-", "-")
    if compared:
        beside = sum(median(it.theirs) for it in compared), ratio_of_sums(compared)
    return (
        cause,
        len(its),
        f"{sum(walk.is_right for walk in walks)} of {len(walks)}",
        sum(median(it.whole_s) for it in its),
        *beside,
        median(slowest.whole_s),
        slowest.scene.fault.id,
        max(walk.ended.peak_mb for walk in walks),
    )


def aims(found: Sequence[Timed]) -> list[str]:
    """The figures over all scenes, beside what they are meant to be."""
    every = [walk for it in found for walk in it.walks]
    medians = [median(walk.seconds for walk in it.walks) for it in found]
    reached = [
        Aim("walks told wrong", sum(not it.is_right for it in every), 0),
        Aim("most memory of a walk", max(it.ended.peak_mb for it in every), 100, " MB"),
        Aim("median walk, without start-up", median(medians), 2, " s"),
        Aim("longest walk, without start-up", max(it.seconds for it in every), 10, " s"),
    ]
    if compared := [it.compared for it in found if it.compared]:
        reached.append(Aim("ratio of the sums", ratio_of_sums(compared), 0.1))
        reached.append(Aim("median of the ratios", median_of_ratios(compared), 0.4))
    return [*map(str, reached), *beside_the_first_part(found)]


def beside_the_first_part(found: Sequence[Timed]) -> list[str]:
    """The same without what looks at loss and sizes, which the walk looks at nevertheless."""
    compared = [it.compared_at_first for it in found if it.compared_at_first]
    if not compared:
        return []
    sums, middle = written(ratio_of_sums(compared)), written(median_of_ratios(compared))
    return [
        f"beside the procedure without mtr and tracepath: {sums} summed, {middle} in the median"
    ]
