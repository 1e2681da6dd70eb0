"""One walk by the command line, in a lab that is new, and what it told."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.processes import Ended, to_its_end
from layerwalk.lab.build import Lab
from layerwalk.lab.shapes import Scenario

COMMAND = (sys.executable, "-m", "layerwalk", "diagnose", "--json")
STEPS = 3
SLOW_S = 5.0


@dataclass(frozen=True)
class Walked:
    """A walk's process and its report, which is empty where the process broke off."""

    ended: Ended
    report: dict[str, Any]
    scenario: Scenario

    @property
    def seconds(self) -> float:
        """How long the walk took by its own account; the whole process where it gave none."""
        return float(self.report.get("seconds", self.ended.seconds))

    @property
    def said(self) -> str:
        """The first cause, the outcome where there is none, or the complaint."""
        if not self.report:
            return f"exit {self.ended.status}: {self.ended.err.strip()[-200:]}"
        causes = self.report["verdict"]["causes"]
        return str(causes[0]["id"] if causes else self.report["verdict"]["outcome"])

    @property
    def is_right(self) -> bool:
        """Whether the first cause is the true one and in the true place."""
        if not self.report:
            return False
        if self.scenario.cause is None:
            return self.said == "healthy"
        causes = self.report["verdict"]["causes"]
        return self.said == self.scenario.cause and self.scenario.place_fits(causes[0]["where"])

    def longest_steps(self) -> list[str]:
        """The steps that took most of the time, with when they began."""
        steps = sorted(self.report.get("evidence", ()), key=lambda it: -it["seconds"])
        return [
            f"{it['probe']} {it['seconds']:.2f} s from {it['started']:.2f} s"
            for it in steps[:STEPS]
        ]


def walked(lab: Lab, scenario: Scenario) -> Walked:
    """Walk to the scenario's target, as a whole process, on its client."""
    argv = [*COMMAND, *scenario.args, scenario.target]
    ended = to_its_end(partial(lab.popen, scenario.client), argv)
    try:
        report = json.loads(ended.out)
    except ValueError:
        report = {}
    return Walked(ended, report, scenario)


def remarks(name: str, walks: Sequence[Walked]) -> list[str]:
    """What a reader of the figures must know: walks that told wrong, and slow ones' steps."""
    wrong = Counter(it.said for it in walks if not it.is_right)
    found = [f"{name}: {count} x wrong, told {said}" for said, count in wrong.items()]
    slowest = max(walks, key=lambda it: it.seconds)
    if slowest.seconds > SLOW_S:
        steps = ", ".join(slowest.longest_steps())
        found.append(f"{name}: a walk of {slowest.seconds:.1f} s; its longest steps: {steps}")
    return found
