"""How long the lab takes to stand and to go."""

import time
from statistics import median

from benchmarks.asked import Asked
from benchmarks.tables import Cell, Section, written
from layerwalk.lab.build import build
from layerwalk.lab.topology import line

LENGTHS, RUNS = (0, 4, 12), 7
HOW = "Runs of each: {runs}, in turn; medians in seconds. Built: every listener listens."
COLUMNS = ("routers", "built", "taken down")
ABOUT_S = 0.1


def measured(asked: Asked) -> Section:
    """Build and take down a lab of every length, one of each in every round."""
    runs = asked.runs_or(RUNS)
    found: dict[int, list[tuple[float, float]]] = {length: [] for length in LENGTHS}
    for _ in range(runs):
        for length in LENGTHS:
            found[length].append(built(length))
    rows: list[tuple[Cell, ...]] = [
        (length, median(up for up, _ in times), median(down for _, down in times))
        for length, times in found.items()
    ]
    longest = median(up for up, _ in found[LENGTHS[-1]])
    notes = [f"{LENGTHS[-1]} routers built: {written(longest)} s, aim about {ABOUT_S} s"]
    return Section("The lab", HOW.format(runs=runs), COLUMNS, rows, notes)


def built(routers: int) -> tuple[float, float]:
    """Seconds to build a network of so many routers, and to take it down."""
    network = line(routers)
    began = time.perf_counter()
    lab = build(network)
    stood = time.perf_counter()
    lab.close()
    return stood - began, time.perf_counter() - stood
