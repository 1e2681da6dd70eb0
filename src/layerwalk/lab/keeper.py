"""The process that holds a lab: one child for each station, and all of them end with it.

It reads a pickled network from standard input, where the folders to import from came first, builds
it, answers with one line of JSON (`{"pids": {...}}` or `{"error": "..."}`) and then waits. It takes
the lab down when standard input closes or the process that started it ends, however that ends.
"""

import json
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from layerwalk.lab import kernel, tools
from layerwalk.lab.control_groups import Doors, standing
from layerwalk.lab.errors import LabError
from layerwalk.lab.plan import Plan, cable_lines, plan
from layerwalk.lab.spec import Network
from layerwalk.lab.station import Station, hold
from layerwalk.lab.traces import end_processes_in, namespace_of

GO = b"go\n"


@dataclass(frozen=True)
class Held:
    """A station's process and the socket that it reports on."""

    name: str
    pid: int
    talk: socket.socket


def main() -> None:
    """Build the network on standard input and hold it."""
    owner = os.pidfd_open(os.getppid())
    network: Network = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent writes it
    held: list[Held] = []
    try:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET)
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
        with standing(network) as doors:
            try:
                build(network, plan(network), held, doors)
                _answer({"pids": {it.name: it.pid for it in held}})
                select.select([sys.stdin, owner], [], [])
            finally:
                take_down(held)
    except (LabError, OSError) as error:
        _answer({"error": str(error)})


def _answer(answer: dict[str, object]) -> None:
    """Write a line for the process that has started this one."""
    print(json.dumps(answer), flush=True)  # noqa: T201  # the protocol with the parent


def build(network: Network, layout: Plan, held: list[Held], doors: Doors) -> None:
    """Start every station, join them and let each set itself up; fills `held` as it goes."""
    parent = os.getpid()
    for name in layout.stations():
        held.append(_start(Station(name, network, layout, parent, doors), held))
    _await_all(held)
    tools.ip_batch(cable_lines(layout.cables, {it.name: it.pid for it in held}))
    for _ in range(2):  # first set up and listen, then take down what the spec wants down
        for it in held:
            it.talk.sendall(GO)
        _await_all(held)


def take_down(held: Iterable[Held]) -> None:
    """End every process in the lab's namespaces, whoever started it there."""
    spaces = {namespace_of(it.pid) for it in held} - {""}
    for it in held:
        os.kill(it.pid, signal.SIGKILL)
    for it in held:
        os.waitpid(it.pid, 0)
    end_processes_in(spaces)


def _start(station: Station, held: Iterable[Held]) -> Held:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        for other in held:
            other.talk.close()
        hold(station, theirs)
    theirs.close()
    return Held(station.name, pid, ours)


def _await_all(held: Iterable[Held]) -> None:
    for it in held:
        with it.talk.makefile("rb") as reports:
            report = reports.readline()
        if report != GO:
            words = json.loads(report) if report else "its process ended"
            raise LabError(f"{it.name}: {words}")
