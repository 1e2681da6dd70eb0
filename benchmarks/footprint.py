"""What a walk takes: memory, packets, and the most packets to one address in a second."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks import tap
from benchmarks.asked import Asked
from benchmarks.figures import busiest_by_address
from benchmarks.scenes import Scene
from benchmarks.tables import Aim, Cell, Section
from benchmarks.walks import Walked, remarks, walked
from layerwalk.lab.build import Lab, build
from layerwalk.lab.shapes import Scenario

ROUTERS, RUNS, STREAMS = 12, 5, 4
HOW = (
    "Runs of each: {runs}, on a path of {routers} routers; faults measured at once: {streams}. "
    "Seconds are the median, the others the most of all runs. Packets are those that leave the "
    "client, the kernel's own (ARP, neighbour discovery, resets) included; the busiest second is "
    "any span of a second, for the address that got most. Memory is the largest resident size."
)
COLUMNS = ("fault", "right", "seconds", "packets", "busiest second", "to", "MB")


@dataclass(frozen=True)
class Weighed:
    """One walk, and the packets that left its host meanwhile."""

    walk: Walked
    packets: tuple[tap.Packet, ...]

    @property
    def busiest(self) -> tuple[int, str]:
        """The most packets to one address in a second, and the address."""
        return busiest_by_address(self.packets)


def measured(asked: Asked) -> Section:
    """Weigh every scene."""
    runs, chosen = asked.runs_or(RUNS), asked.scenes(ROUTERS)
    routers = ROUTERS if asked.routers is None else asked.routers
    streams = asked.streams_or(STREAMS)
    how = HOW.format(runs=runs, routers=routers, streams=streams)
    measure = partial(weighed_often, runs=runs)
    found = dict(asked.each(chosen, measure, streams))
    rows = [row(scene, its) for scene, its in found.items()]
    every = [it for its in found.values() for it in its]
    notes = [
        str(Aim("most packets in a walk", max(len(it.packets) for it in every), 600)),
        str(
            Aim("most packets to one address in a second", max(it.busiest[0] for it in every), 200)
        ),
        str(Aim("most memory", max(it.walk.ended.peak_mb for it in every), 100, " MB")),
    ]
    for scene, its in found.items():
        notes += remarks(scene.name, [it.walk for it in its])
    return Section("Memory and packets", how, COLUMNS, rows, notes)


def weighed_often(scene: Scene, *, runs: int) -> list[Weighed]:
    """Weigh the same walk so many times."""
    return [weighed(scene.scenario()) for _ in range(runs)]


def weighed(scenario: Scenario) -> Weighed:
    """Walk while a tap counts what leaves."""
    with build(scenario.network) as lab, tapping(lab, scenario.client) as watcher:
        assert watcher.stdout is not None
        watcher.stdout.readline()
        walk = walked(lab, scenario)
        counted, complaint = watcher.communicate()
    if watcher.returncode:
        raise RuntimeError(f"the tap: {complaint.strip()}")
    return Weighed(walk, tuple((moment, address) for moment, address in json.loads(counted)))


def tapping(lab: Lab, host: str) -> "subprocess.Popen[str]":
    """Start the tap on a host; it has said nothing yet."""
    pipe = subprocess.PIPE
    argv = [sys.executable, "-I", "-S", tap.__file__]
    found: subprocess.Popen[str] = lab.popen(
        host, argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    return found


def row(scene: Scene, its: list[Weighed]) -> tuple[Cell, ...]:
    """A scene's line in the table."""
    right = f"{sum(it.walk.is_right for it in its)} of {len(its)}"
    return (
        scene.name,
        right,
        median(it.walk.seconds for it in its),
        max(len(it.packets) for it in its),
        *max(it.busiest for it in its),
        max(it.walk.ended.peak_mb for it in its),
    )
