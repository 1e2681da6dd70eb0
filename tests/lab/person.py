"""A scripted person who walks guided, on a host of the lab.

A program: it reads ``{"target": …, "decides": {STEP: DECISION}, "else": DECISION, …}`` from
standard input, walks, and writes ``{"report": …, "modes": …, "offered": …, "costs": …}``. A
decision is ``run``, ``skip``, the id of an answer, ``auto`` or ``guided``; steps go by the first
word of their names. ``costs`` has packets and seconds of each step that ran alone.
"""

import json
import socket
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from benchmarks import tap
from layerwalk.lab.build import Lab
from layerwalk.probes.facts import Role, Standpoint, Target
from layerwalk.probes.origin import HERE
from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Answer, Decision, Run, Skip, Switch
from layerwalk.session.options import Options
from layerwalk.session.own_targets import own_target
from layerwalk.session.report import Offer
from layerwalk.session.state import report_of
from layerwalk.session.targets import parse_target
from layerwalk.session.walk import Walk

Script = Mapping[str, Any]


def _aim(target: str, options: Options) -> Target:
    if options.standpoint.serves:
        return own_target(target, None, "", HERE)
    return parse_target(target)


class Person:
    """Decides as the script says, at once, and counts what each step sends."""

    def __init__(self, script: Script, wire: socket.socket | None) -> None:
        self._script = script
        self._wire = wire
        options = Options(
            unprivileged=bool(script.get("unprivileged")),
            trace_firewall=bool(script.get("trace")),
            standpoint=Standpoint(role=Role(script.get("role", Role.CLIENT))),
        )
        self.walk = Walk(_aim(script["target"], options), options, self.hear)
        self.offered: list[str] = []
        self.modes: list[bool] = []
        self.costs: dict[str, tuple[int, float]] = {}
        self._began = 0.0
        self._started: set[str] = set()
        self._switched: Counter[str] = Counter()
        if not script.get("auto"):
            self.walk.decide(Switch(guided=True))

    def hear(self, event: ev.Event) -> None:
        """Take an event of the walk, in its thread."""
        if isinstance(event, ev.StepsOffered) and event.offers:
            self.offered.append(event.offers[0].step)
            self.walk.decide(self._decision(event.offers[0]))
        elif isinstance(event, ev.ModeChanged):
            self.modes.append(event.guided)
        elif isinstance(event, ev.StepStarted):
            self._started.add(event.step)
            self._began, _ = event.at_s, self._sent()
        elif isinstance(event, ev.StepEnded) and event.step in self._started:
            self._ended(event)

    def _ended(self, event: ev.StepEnded) -> None:
        step = event.step.split()[0]
        self.costs[step] = (self._sent(), round(event.at_s - self._began, 3))
        then = self._script.get("then", {}).get(step)
        if then and not self._switched[step]:
            self._switched[step] += 1
            self.walk.decide(Switch(guided=then == "guided"))

    def _sent(self) -> int:
        return len(tap.queued(self._wire)) if self._wire else 0

    def _decision(self, offer: Offer) -> Decision:
        name = offer.step.split()[0]
        word = self._script.get("decides", {}).get(name, self._script.get("else", "run"))
        if word in {"auto", "guided"}:
            return Switch(guided=word == "guided")
        if word == "run" and offer.kind == "measurement":
            return Run(offer.step)
        known = {choice.id for choice in offer.choices}
        return Answer(offer.step, word) if word in known else Skip(offer.step)


def main() -> None:
    """Walk as the script on standard input says."""
    script = json.load(sys.stdin)
    with opened(script) as wire:
        person = Person(script, wire)
        state = person.walk.run()
    told = {"offered": person.offered, "modes": person.modes, "costs": person.costs}
    report = msgspec.to_builtins(report_of(state))
    sys.stdout.write(json.dumps({**told, "report": report}))


@contextmanager
def opened(script: Script) -> Iterator[socket.socket | None]:
    """A tap on all that leaves this host, where costs are to be counted."""
    if not script.get("count"):
        yield None
        return
    with tap.opened() as wire:
        yield wire


def guided(lab: Lab, host: str, **script: Any) -> dict[str, Any]:
    """Walk guided on a host of the lab, as a script says."""
    command = [sys.executable, "-m", "tests.lab.person"]
    done = lab.run(host, command, input=json.dumps(script))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
