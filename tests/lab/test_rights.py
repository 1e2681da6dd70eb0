"""Rights are given up before the first probe runs, by every thread of the walk."""

import json
import sys

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.topology import line

pytestmark = pytest.mark.netns

SCRIPT = """
import json, sys
from pathlib import Path
from layerwalk.session import events
from layerwalk.session.options import Options
from layerwalk.session.targets import parse_target
from layerwalk.session.walk import Walk

seen = {}

def look(event):
    if isinstance(event, events.StepEnded):
        for task in Path("/proc/self/task").iterdir():
            fields = dict(f.split(":\\t") for f in (task / "status").read_text().splitlines())
            if fields["Name"] != "main" and task.name != str(Path("/proc/self").readlink()):
                seen[task.name] = fields["CapEff"]

unprivileged = sys.argv[2] == "without"
Walk(parse_target(sys.argv[1]), Options(unprivileged=unprivileged), look).run()
print(json.dumps(sorted(set(seen.values()))))
"""

KEPT = sum(1 << number for number in (2, 12, 13, 19))


def held(mode: str) -> list[int]:
    """The sets of rights that the threads of a walk had."""
    network = line(1)
    with build(network) as lab:
        target = f"{network.address('server', 4)}:5432"
        done = lab.run("client", [sys.executable, "-c", SCRIPT, target, mode])
        assert not done.returncode, done.stderr
        return [int(word, 16) for word in json.loads(done.stdout)]


def test_only_what_probes_need_is_kept() -> None:
    found = held("with")
    assert found
    assert all(rights & ~KEPT == 0 for rights in found)


def test_without_rights_nothing_is_kept() -> None:
    assert held("without") == [0]
