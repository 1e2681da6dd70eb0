"""Time to verdict, beside the manual procedure on the same host of the same network."""

from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks import by_hand
from benchmarks.asked import Asked
from benchmarks.figures import Compared, median_of_ratios, ratio_of_sums
from benchmarks.processes import to_its_end
from benchmarks.scenes import Scene
from benchmarks.tables import Aim, Cell, Section
from benchmarks.walks import Walked, remarks, walked
from layerwalk.lab.build import build

ROUTERS, RUNS = 4, 5
HOW = (
    "Runs of each: {runs}, as whole processes, alternating, each in a lab built anew, on a path of "
    "{routers} routers; faults measured at once: {streams}. Medians in seconds, and the longest "
    "run. By hand means, one after the other and by script: `ping -c 4 -W 2`, `nc -w 5 -z`, "
    "`nmap -Pn -p`, `traceroute -n`, `traceroute -n -T -p`; for a name `dig +time=5 +tries=2` "
    "first, and no more where it has no address. No time is counted for reading what these tools "
    "say. The ratio is the whole process's time to that by hand."
)
COLUMNS = ("fault", "right", "walk", "whole process", "longest", "by hand", "ratio")


@dataclass(frozen=True)
class Timed:
    """The runs of one scene; `manual_s` is empty where there was nothing to run by hand."""

    walks: tuple[Walked, ...]
    manual_s: tuple[float, ...]

    @property
    def whole_s(self) -> tuple[float, ...]:
        """How long each of our processes took, start-up included."""
        return tuple(it.ended.seconds for it in self.walks)

    @property
    def compared(self) -> Compared | None:
        """Both ways side by side."""
        return Compared(self.whole_s, self.manual_s) if self.manual_s else None


def measured(asked: Asked) -> Section:
    """Time every scene."""
    runs, chosen = asked.runs_or(RUNS), asked.scenes(ROUTERS)
    missing = by_hand.missing()
    found = dict(asked.each(chosen, lambda it: timed(it, runs, with_hand=not missing)))
    routers = ROUTERS if asked.routers is None else asked.routers
    how = HOW.format(runs=runs, routers=routers, streams=asked.streams)
    rows = [row(scene, it) for scene, it in found.items()]
    notes = [f"not measured by hand, missing: {' '.join(missing)}"] if missing else []
    notes += aims(list(found.values()))
    for scene, it in found.items():
        notes += remarks(scene.name, it.walks)
    return Section("Time to verdict", how, COLUMNS, rows, notes)


def timed(scene: Scene, runs: int, *, with_hand: bool) -> Timed:
    """Walk, then try by hand, and so on."""
    scenario = scene.scenario()
    command = by_hand.command(scenario.target, scene.shape.family) if with_hand else None
    walks: list[Walked] = []
    manual_s: list[float] = []
    for _ in range(runs):
        with build(scenario.network) as lab:
            walks.append(walked(lab, scenario))
        if command:
            with build(scenario.network) as lab:
                manual_s.append(to_its_end(partial(lab.popen, scenario.client, command)).seconds)
    return Timed(tuple(walks), tuple(manual_s))


def row(scene: Scene, it: Timed) -> tuple[Cell, ...]:
    """A scene's line in the table."""
    right = f"{sum(walk.is_right for walk in it.walks)} of {len(it.walks)}"
    times = median(walk.seconds for walk in it.walks), median(it.whole_s), max(it.whole_s)
    compared = it.compared
    beside: tuple[Cell, ...] = (median(it.manual_s), compared.ratio) if compared else ("-", "-")
    return scene.name, right, *times, *beside


def aims(found: list[Timed]) -> list[str]:
    """The figures over all scenes, beside what they are meant to be."""
    every = [walk for it in found for walk in it.walks]
    medians = [median(walk.seconds for walk in it.walks) for it in found]
    reached = [
        Aim("median walk", median(medians), 2, " s"),
        Aim("longest walk", max(walk.seconds for walk in every), 10, " s"),
    ]
    if compared := [it.compared for it in found if it.compared]:
        reached.append(Aim("median of the ratios", median_of_ratios(compared), 0.5))
        reached.append(Aim("ratio of the sums", ratio_of_sums(compared), 0.25))
    return [str(aim) for aim in reached]
