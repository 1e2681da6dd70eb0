"""Rights are given up before the first probe runs, by every thread of a walk and its programs."""

import json
import sys
from pathlib import Path

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.topology import line
from layerwalk.probes.rights import Right

pytestmark = pytest.mark.netns

SCRIPT = """
import json, os, sys
from pathlib import Path
from layerwalk.session.options import Options
from layerwalk.session.targets import parse_target
from layerwalk.session.walk import Walk

seen = {}

def look(event):
    for task in Path("/proc/self/task").iterdir():
        if task.name != str(os.getpid()):  # the thread that waits keeps its rights, to save
            fields = dict(line.split(":\\t") for line in (task / "status").read_text().splitlines())
            sets = {name: fields[name] for name in fields if name.startswith("Cap")}
            held = seen.setdefault(type(event).__name__, [])
            held += [sets] if sets not in held else []

unprivileged = sys.argv[2] == "without"
Walk(parse_target(sys.argv[1]), Options(unprivileged=unprivileged), look).run()
print(json.dumps(seen))
"""
# Stands for a program that a probe starts: notes what it may, and then is that program.
NOTING = """#!/bin/sh
grep ^Cap /proc/self/status >> {notes}
PATH=${{PATH#*:}} exec {name} "$@"
"""
PROGRAMS = ("nft", "iptables-save", "ip6tables-save", "ip", "ping")

KEPT = sum(1 << right for right in Right)
PING = 1 << Right.NET_RAW

Sets = dict[str, int]


def walked(mode: str, folder: Path) -> tuple[dict[str, list[Sets]], list[Sets]]:
    """Walk; give the rights of its threads at each kind of event, and those of its programs."""
    notes = folder / "notes"
    notes.touch()
    for name in PROGRAMS:
        (folder / name).write_text(NOTING.format(notes=notes, name=name))
        (folder / name).chmod(0o755)
    network = line(1).with_host("client", firewall=ruleset(output=["tcp dport 5432 drop"]))
    with build(network) as lab:
        words = [SCRIPT, f"{network.address('server', 4)}:5432", mode]
        path = f'export PATH="{folder}:$PATH"; exec "$@"'
        done = lab.run("client", ["sh", "-c", path, "sh", sys.executable, "-c", *words])
    assert not done.returncode, done.stderr
    threads = {
        event: [{name: int(text, 16) for name, text in sets.items()} for sets in found]
        for event, found in json.loads(done.stdout).items()
    }
    return threads, read(notes.read_text())


def read(notes: str) -> list[Sets]:
    lines = [line.split(":\t") for line in notes.splitlines()]
    starts = [at for at, (name, _) in enumerate(lines) if name == "CapInh"]
    return [
        {name: int(text, 16) for name, text in lines[at : at + 5]}  # five sets a program
        for at in starts
    ]


def within(sets: Sets, most: int) -> bool:
    """Whether this is all that is held, and nothing is handed on to programs beside it."""
    held = sets["CapEff"] | sets["CapPrm"]
    return held & ~most == 0 and sets["CapInh"] == sets["CapAmb"] == 0


def test_only_what_probes_need_is_kept(tmp_path: Path) -> None:
    threads, programs = walked("with", tmp_path)
    assert {"WalkStarted", "StepStarted", "StepEnded", "WalkEnded"} <= set(threads)
    assert all(within(sets, KEPT) for found in threads.values() for sets in found), threads
    assert programs
    assert all(within(sets, KEPT) for sets in programs), programs


def test_without_rights_nothing_is_kept(tmp_path: Path) -> None:
    threads, programs = walked("without", tmp_path)
    assert {"WalkStarted", "StepStarted", "StepEnded", "WalkEnded"} <= set(threads)
    assert all(within(sets, 0) for found in threads.values() for sets in found), threads
    assert programs
    assert all(within(sets, PING) for sets in programs), programs
