"""The path: a whole walk beside the tools that trace, and how soon every hop is known."""

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks import tap
from benchmarks.asked import Asked
from benchmarks.processes import to_its_end
from benchmarks.tables import Aim, Cell, Section
from benchmarks.walks import Walked, walked
from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import TIME_EXCEEDED, ruleset
from layerwalk.lab.shapes import Scenario
from layerwalk.lab.spec import Family, Network
from layerwalk.lab.topology import GATEWAY, PORT, bare, line, middle, server_address

RUNS, ROUTERS, SILENT = 7, 12, (3, 6, 9)
HOW = (
    "Runs of each: {runs}, as whole processes, in turn, each in a lab built anew: 12 routers and "
    "the target, cold. Silent are hops 3, 6 and 9. A walk is right where it is healthy and has "
    "every hop as it is. The full path is there, by a tap on the client's cable, when every hop "
    "that can answer has done so, counted from the first packet to the target. tcptraceroute "
    "does not speak IPv6."
)
COLUMNS = ("path", "what", "right", "median", "least", "most")
WALK = "a whole walk to its verdict"
THEIRS = {
    "`mtr -n -r -c 3`": ("mtr", "-n", "-r", "-c", "3", "{host}"),
    "`tracepath -n`": ("tracepath", "-n", "{host}"),
    "`tcptraceroute -n`": ("tcptraceroute", "-n", "{host}", str(PORT)),
}
ONLY_4 = {"tcptraceroute"}


@dataclass(frozen=True)
class Path:
    """A path of the lab: its family, which of its hops are silent, and whether a port is given."""

    family: Family
    silent: tuple[int, ...] = ()
    port: bool = True

    @property
    def name(self) -> str:
        """As a row of the table begins."""
        words = [f"IPv{self.family}"]
        words += ["3 hops silent"] if self.silent else ["all hops answer"]
        words += [] if self.port else ["no port"]
        return ", ".join(words)

    @property
    def host(self) -> str:
        """The target's address."""
        return bare(server_address(ROUTERS))[self.family == 6]

    @property
    def hops(self) -> dict[int, str]:
        """The address of every hop that answers."""
        routers = [GATEWAY, *(middle(number)[1] for number in range(1, ROUTERS))]
        known = {at: bare(pair)[self.family == 6] for at, pair in enumerate(routers, 1)}
        heard = {at: address for at, address in known.items() if at not in self.silent}
        return heard | {ROUTERS + 1: self.host}

    def scenario(self) -> Scenario:
        """The network, and what is asked of it."""
        network: Network = line(ROUTERS)
        rules = ruleset(output=[f"{match} drop" for match in TIME_EXCEEDED])
        for number in self.silent:
            network = network.with_host(f"r{number}", firewall=rules)
        host = f"[{self.host}]" if self.family == 6 and self.port else self.host
        return Scenario(network, f"{host}:{PORT}" if self.port else host, None)

    def is_right(self, walk: Walked) -> bool:
        """Whether the walk took nothing for a fault, and every hop for what it is."""
        told = {it["hop"]: it["addresses"] for it in walk.report.get("path", ())}
        wanted = {at: [self.hops[at]] if at in self.hops else [] for at in range(1, ROUTERS + 2)}
        return walk.is_right and told == wanted


def measured(asked: Asked) -> Section:
    """Time walks beside tools, and full paths."""
    runs = asked.runs_or(RUNS)
    found = [rows_and_notes(family, runs) for family in asked.families]
    return Section(
        "The path",
        HOW.format(runs=runs),
        COLUMNS,
        [row for rows, _ in found for row in rows],
        [note for _, notes in found for note in notes],
    )


def rows_and_notes(family: Family, runs: int) -> tuple[list[tuple[Cell, ...]], list[str]]:
    """All that is measured in one family."""
    silent = Path(family, SILENT)
    times = beside_tools(silent, runs)
    fastest = min(median(each) for name, (each, _) in times.items() if name != WALK)
    ratio = median(times[WALK][0]) / fastest
    rows = [row(silent.name, name, *each) for name, each in times.items()]
    notes = [str(Aim(f"{silent.name}: the walk beside the fastest tool", ratio, 0.4))]
    for path in (Path(family), Path(family, port=False), silent):
        its = [full_path(path) for _ in range(runs)]
        seconds, right = [it for it, _ in its], [it for _, it in its]
        rows.append(row(path.name, "first packet to full path", seconds, right))
        if not path.silent:
            notes.append(str(Aim(f"{path.name}: the full path", median(seconds), 0.1, " s")))
    return rows, notes


def row(path: str, name: str, times: Sequence[float], right: Sequence[bool]) -> tuple[Cell, ...]:
    """A line of the table; nobody judges what the tools say."""
    said = f"{sum(right)} of {len(right)}" if right else "-"
    return path, name, said, median(times), min(times), max(times)


def beside_tools(path: Path, runs: int) -> dict[str, tuple[list[float], list[bool]]]:
    """Seconds of whole processes, one of each in every round, and whether our walks were right."""
    tools = {
        name: argv for name, argv in THEIRS.items() if path.family == 4 or argv[0] not in ONLY_4
    }
    found: dict[str, tuple[list[float], list[bool]]] = {it: ([], []) for it in (WALK, *tools)}
    scenario = path.scenario()
    for _ in range(runs):
        with build(scenario.network) as lab:
            walk = walked(lab, scenario)
        found[WALK][0].append(walk.ended.seconds)
        found[WALK][1].append(path.is_right(walk))
        for name, words in tools.items():
            argv = [word.format(host=path.host) for word in words]
            with build(scenario.network) as lab:
                ended = to_its_end(partial(lab.popen, scenario.client), argv)
            found[name][0].append(ended.seconds)
    return found


def full_path(path: Path) -> tuple[float, bool]:
    """Seconds until every hop has answered, and whether the walk was right."""
    scenario = path.scenario()
    with build(scenario.network) as lab, ExitStack() as stack:
        taps = [stack.enter_context(tapping(lab, scenario.client, way)) for way in ("out", "in")]
        for one in taps:
            assert one.stdout is not None
            one.stdout.readline()
        walk = walked(lab, scenario)
        left, came = (json.loads(one.communicate()[0]) for one in taps)
    return until_full(path, left, came), path.is_right(walk)


def until_full(path: Path, left: Sequence[tap.Packet], came: Sequence[tap.Packet]) -> float:
    """Seconds from the first packet to the target until every hop has answered."""
    began = min(moment for moment, address in left if address == path.host)
    firsts = [
        min(moment for moment, address in came if address == hop and moment >= began)
        for hop in path.hops.values()
    ]
    return max(firsts) - began


def tapping(lab: Lab, host: str, way: str) -> "subprocess.Popen[str]":
    """Start the tap on a host; it has said nothing yet."""
    pipe = subprocess.PIPE
    argv = [sys.executable, "-I", "-S", tap.__file__, way]
    found: subprocess.Popen[str] = lab.popen(
        host, argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    return found
