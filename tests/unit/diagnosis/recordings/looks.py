"""Two looks at a recorded machine, two seconds apart, by the probes that look at a real one."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.samples import connect, open_port, route, server
from layerwalk.diagnosis.samples import links as far_links
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fact, IntakeFact, MachineFact, ProcessFact, RouteKind
from layerwalk.probes.machine import machine as look_at_machine
from layerwalk.probes.process import process as look_at_process
from layerwalk.probes.resources.figures import Files
from tests.unit.diagnosis.own_end import BOTH, OWN, SIX, view
from tests.unit.diagnosis.recordings.kernels import PID, Figures, Group, Kernel, machine, process
from tests.unit.diagnosis.recordings.layouts import Layout
from tests.unit.diagnosis.views import walk
from tests.unit.probes.resources.recorded import recorded

FIRST_S, LAST_S = 10.0, 12.0
ADDRESSES = {4: OWN, 6: SIX}
IN_TIME, LATE_S = server.served(), 2.0
LATE = server.served(taken_s=LATE_S, waited_s=2.5)
Place = tuple[Kernel, Layout]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How far a recorded machine has come; ``state`` is that of the service, ``None``: it ended."""

    figures: Figures = field(default_factory=Figures)
    own: Group = field(default_factory=Group)
    above: Group = field(default_factory=Group)
    state: str | None = "S"
    waited_ns: int = 0
    ran_ns: int = 0


Looks = tuple[MachineFact, ProcessFact]


def looks(folder: Path, place: Place, first: Moment, last: Moment) -> Looks:
    """Look at a machine at two moments."""
    before = _look(folder / "first", place, first, None)
    return _look(folder / "last", place, last, before)


def _look(folder: Path, place: Place, moment: Moment, before: Looks | None) -> Looks:
    kernel, layout = place
    files = recorded(
        folder,
        {
            **machine(kernel, moment.figures),
            **layout.tree(kernel, moment.own, moment.above),
            **(process(moment.state, moment.waited_ns, moment.ran_ns) if moment.state else {}),
        },
    )
    ctx = ProbeContext()
    ctx.cancel.set()  # the second look need not wait for the first to be some time ago
    at_s = LAST_S if before else FIRST_S
    whole = look_at_machine(ctx, before[0].sample if before else None, files)
    one = _one(files, ctx, before)
    return (replace(whole, sample=replace(whole.sample, at_s=at_s)), replace(one, at_s=at_s))


def _one(files: Files, ctx: ProbeContext, before: Looks | None) -> ProcessFact:
    return look_at_process((PID,), ctx, before[1] if before else None, files)


def served(version: int, fate: IntakeFact, *facts: Fact) -> Conclusion:
    """What a server's walk concludes whose own connection fares so."""
    address = ADDRESSES[version]
    taking = server.listener("::" if version == 6 else "0.0.0.0")
    own = route(
        destination=address, kind=RouteKind.LOCAL, interface="lo", gateway="", source=address
    )
    base = (BOTH, own, server.listeners(taking))
    rules = replace(server.rules(), address=address)
    return conclude(view(*base, rules, replace(fate, address=address), *facts, host=address))


def connected(waited_s: float, *facts: Fact) -> Conclusion:
    """What a client's walk concludes whose connection comes about so late, on a quick path."""
    made = replace(connect(waited_s=waited_s), rtt_s=0.001)
    found: WalkView = walk((far_links(), route(), open_port(), made, *facts))
    return conclude(found)
