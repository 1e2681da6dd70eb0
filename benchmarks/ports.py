"""Ports, beside nmap: whole processes in turn, and every port's state checked."""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.asked import Asked
from benchmarks.processes import Ended, to_its_end
from benchmarks.tables import Aim, Cell, Section
from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import Network, Service
from layerwalk.lab.topology import line
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import PortsAsked, PortsFact
from layerwalk.probes.facts.ports import spans_in
from layerwalk.probes.scan import scan
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.packets import Peer

RUNS = 7
HOW = (
    "Runs of each: {runs}, one router between, whole processes, ours and nmap's in turn; medians. "
    "Ours walks to the target besides, to a verdict. Mixed: every second port is dropped, the rest "
    "is closed but for a few. Right: runs in which every port had its true state and reason."
)
COLUMNS = ("ports", "ours s", "nmap s", "ratio", "MB", "right", "of nmap's ports right")
OPEN = (22, 80, 443, 5432, 8080)
HALF = "tcp dport & 1 == 1 drop"
FIREWALLS = {"filtered": ["tcp dport 1-65535 drop"], "mixed": [HALF], "closed": []}
SYN_SCAN = ("-sS", "-n", "-Pn", "-T4", "--min-rate", "5000")
CONNECT_SCAN = ("-sT", "-n", "-Pn", "-T4")
FAST, FASTER = 50_000, 200_000

State = tuple[str, str]


@dataclass(frozen=True)
class Scene:
    """So many ports in one state; ours may take ``share`` of nmap's time, and ``more`` seconds."""

    state: str
    last: int
    rate: int
    share: float
    more_s: float = 0.0
    rights: bool = True

    @property
    def name(self) -> str:
        """The row's beginning."""
        return f"1-{self.last} {self.state}{'' if self.rights else ', without rights'}"

    @property
    def network(self) -> Network:
        """The network with those ports."""
        services = () if self.state == "filtered" else tuple(map(Service, OPEN))
        firewall = ruleset(input=FIREWALLS[self.state]) if FIREWALLS[self.state] else ""
        return line(1).with_host("server", firewall=firewall, services=services)

    def expected(self) -> dict[int, State]:
        """The truth about every port."""
        return {port: self._state(port) for port in range(1, self.last + 1)}

    def _state(self, port: int) -> State:
        if self.state == "filtered" or (self.state == "mixed" and port % 2):
            return "filtered", "no-response"
        return ("open", "syn-ack") if port in OPEN else ("closed", "reset")

    @property
    def ours(self) -> list[str]:
        """Our command, but for the address."""
        rights = [] if self.rights else ["--unprivileged"]
        words = ["--json", "--ports", f"1-{self.last}", "--rate", str(self.rate)]
        return [sys.executable, "-m", "layerwalk", "diagnose", *words, *rights]

    @property
    def theirs(self) -> list[str]:
        """Nmap's command, but for the address."""
        scan_words = SYN_SCAN if self.rights else CONNECT_SCAN
        return ["nmap", *scan_words, "-p", f"1-{self.last}", "-oX", "-"]


SCENES = (
    Scene("filtered", 1000, FAST, 1.0),
    Scene("mixed", 1000, FAST, 1.0, 0.5),
    Scene("closed", 1000, FAST, 1.0, 0.6),
    Scene("filtered", 65535, FASTER, 0.2),
    Scene("mixed", 65535, FASTER, 0.3),
    Scene("closed", 65535, FASTER, 2.0),
    Scene("closed", 1000, FAST, 1.0, 0.6, rights=False),
    Scene("mixed", 1000, FAST, 1.0, 0.6, rights=False),
)
WARM = (Scene("mixed", 1000, FAST, 0.5), Scene("closed", 1000, FAST, 0.5))


@dataclass(frozen=True)
class Raced:
    """One scene: seconds of ours and theirs, how many runs of each were right, and our memory."""

    scene: Scene
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    right: int
    their_right: int
    peak_mb: float

    @property
    def row(self) -> tuple[Cell, ...]:
        """The scene's line in the table."""
        mine, other = median(self.ours), median(self.theirs)
        runs = len(self.ours)
        told = (f"{self.right} of {runs}", f"{self.their_right} of {runs}")
        return (self.scene.name, mine, other, mine / other, self.peak_mb, *told)

    @property
    def aim(self) -> str:
        """Our time beside the most that it is meant to be."""
        most = round(self.scene.share * median(self.theirs) + self.scene.more_s, 3)
        return str(Aim(f"{self.scene.name}, rate {self.scene.rate}", median(self.ours), most, " s"))


def measured(asked: Asked) -> Section:
    """Race every scene."""
    runs = asked.runs_or(RUNS)
    raced = [race(scene, runs) for scene in SCENES]
    warm = [warm_race(scene, runs) for scene in WARM]
    notes = [it.aim for it in (*raced, *warm)]
    notes.append(str(Aim("most memory", max(it.peak_mb for it in raced), 100, " MB")))
    rows = [it.row for it in (*raced, *warm)]
    return Section("Ports, beside nmap", HOW.format(runs=runs), COLUMNS, rows, notes)


def race(scene: Scene, runs: int) -> Raced:
    """Run both in turn on one network."""
    network = scene.network
    ours: list[Ended] = []
    theirs: list[Ended] = []
    with build(network) as lab:
        address = network.address("server")
        for _ in range(runs):
            ours.append(to_its_end(partial(lab.popen, "client"), [*scene.ours, address]))
            theirs.append(to_its_end(partial(lab.popen, "client"), [*scene.theirs, address]))
    expected = scene.expected()
    return Raced(
        scene,
        tuple(it.seconds for it in ours),
        tuple(it.seconds for it in theirs),
        sum(of_ours(it.out) == expected for it in ours),
        sum(of_nmap(it.out, scene) == by_state(expected) for it in theirs),
        max(it.peak_mb for it in ours),
    )


def of_ours(out: str) -> dict[int, State]:
    """The ports of a report."""
    try:
        report: dict[str, Any] = json.loads(out)
    except ValueError:
        return {}
    return {it["port"]: (it["state"], it["reason"]) for it in report.get("ports", ())}


def by_state(ports: dict[int, State]) -> dict[str, int]:
    """How many ports are in each state."""
    states = [state for state, _ in ports.values()]
    return {state: states.count(state) for state in set(states)}


def of_nmap(out: str, scene: Scene) -> dict[str, int]:
    """How many ports nmap found in each state: it names most of them by their number only."""
    found: dict[str, int] = {}
    for part in out.split("<extraports ")[1:]:
        words = dict(word.split("=", 1) for word in part.split(">", 1)[0].split() if "=" in word)
        state = words["state"].strip('"')
        found[state] = found.get(state, 0) + int(words["count"].strip('"'))
    for part in out.split("<port protocol=")[1:]:
        state = part.split('<state state="', 1)[1].split('"', 1)[0]
        found[state] = found.get(state, 0) + 1
    return found if sum(found.values()) == scene.last else {}


def warm_race(scene: Scene, runs: int) -> Raced:
    """Scan in this process, where all is loaded, as in an app that is open; nmap in turn."""
    network = scene.network
    address = network.address("server")
    ours: list[tuple[float, PortsFact]] = []
    theirs: list[Ended] = []
    with build(network) as lab:
        for _ in range(runs):
            ours.append(inside(lab, network, lambda peer, ctx: timed(scene, peer, ctx)))
            theirs.append(to_its_end(partial(lab.popen, "client"), [*scene.theirs, address]))
    warm = Scene(f"{scene.state}, the app open", scene.last, scene.rate, scene.share)
    expected = scene.expected()
    return Raced(
        warm,
        tuple(seconds for seconds, _ in ours),
        tuple(it.seconds for it in theirs),
        sum(of_fact(fact) == expected for _, fact in ours),
        sum(of_nmap(it.out, scene) == by_state(expected) for it in theirs),
        0.0,
    )


def inside(
    lab: Lab,
    network: Network,
    work: Callable[[Peer, ProbeContext], tuple[float, PortsFact]],
) -> tuple[float, PortsFact]:
    """Do something in a thread that stands on the client, its target known."""
    found: list[tuple[float, PortsFact]] = []

    def stand() -> None:
        with lab.inside("client"):
            wire = open_wire()
            peer = Peer(network.address("server"), network.address("client"), "eth0")
            context = ProbeContext(wire=wire)
            echo(peer, context)
            found.append(work(peer, context))
            wire.close()

    thread = threading.Thread(target=stand)
    thread.start()
    thread.join()
    return found[0]


def timed(scene: Scene, peer: Peer, ctx: ProbeContext) -> tuple[float, PortsFact]:
    """Scan once."""
    began = perf_counter()
    fact = scan(peer, PortsAsked.of(tuple(range(1, scene.last + 1)), scene.rate), ctx)
    return perf_counter() - began, fact


def of_fact(fact: PortsFact) -> dict[int, State]:
    """The ports of a fact."""
    return {
        port: (str(group.state), str(group.reason))
        for group in fact.groups
        for first, last in spans_in(group.ports)
        for port in range(first, last + 1)
    }
