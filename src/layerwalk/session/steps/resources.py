"""What is read of this machine's resources, and of a process's: at first, and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.diagnosis.own_processes import first_look, processes
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.environment import environment
from layerwalk.probes.facts import MachineFact, ProcessFact
from layerwalk.probes.machine import machine
from layerwalk.probes.own_sockets import own_sockets
from layerwalk.probes.process import process
from layerwalk.session.steps.plan import Plan, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _machine_again(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    first = first_look(view, MachineFact)
    return machine(ctx, first.sample if first else None)


def _process(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return process(processes(view), ctx)


def _process_again(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return process(processes(view), ctx, first_look(view, ProcessFact))


def _environment(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    if view.pid is None:
        raise ValueError("this step needs a process")
    return environment(view.pid, ctx)


def _sockets(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return own_sockets(measure.address, port_of(view), view.pid, ctx)


PLANS: dict[Step, Plan] = {
    Step.ENVIRONMENT: Plan("Its environment", 7, "its proxy settings", 1.0, _environment),
    Step.SOCKETS: Plan("Programs' sockets", 4, "the kernel's list of them", 1.0, _sockets),
    Step.MACHINE: Plan("This machine", 0, "its figures", 1.0, lambda _m, _v, c: machine(c)),
    Step.MACHINE_AGAIN: Plan("This machine, again", 0, "what moves", 1.5, _machine_again),
    Step.PROCESS: Plan("The process", 0, "its limits and groups", 1.0, _process),
    Step.PROCESS_AGAIN: Plan("The process, again", 0, "what moves", 2.0, _process_again),
}
