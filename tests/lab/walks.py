"""Walks inside a lab: what is asked, and what came out."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from layerwalk.lab.build import Lab, build
from layerwalk.lab.shapes import Scenario


@dataclass(frozen=True)
class Walked:
    """One run of the command line: exit status, report, and what went to standard error."""

    status: int
    report: dict[str, Any]
    err: str

    @property
    def first(self) -> dict[str, Any]:
        """The cause that explains, or nothing."""
        causes = self.report["verdict"]["causes"]
        return dict(causes[0]) if causes else {}


class Walker:
    """Walks in labs, by a process that is kept warm."""

    def __init__(self) -> None:
        self._state = tempfile.TemporaryDirectory(prefix="journals-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.zygote"],
            env={**os.environ, "XDG_STATE_HOME": self._state.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def walk(self, lab: Lab, host: str, *argv: str, user: int = 0) -> Walked:
        """Run ``layerwalk diagnose --json`` with these arguments on a host of the lab."""
        asked = {"pid": lab.pid(host), "argv": ["diagnose", "--json", *argv], "user": user}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["out"], answer["err"]
        return Walked(answer["status"], json.loads(answer["out"]), answer["err"])

    def walk_scenario(self, scenario: Scenario, *args: str, user: int = 0) -> Walked:
        """Build a scenario's network and walk to its target."""
        with build(scenario.network) as lab:
            words = (*scenario.args, *args, scenario.target)
            return self.walk(lab, scenario.client, *words, user=user)

    def close(self) -> None:
        """End the warm process."""
        self._process.communicate()
        self._state.cleanup()
