"""Walks of a service on invented looks, and what one cause says of them."""

from dataclasses import replace
from typing import Any

from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Confines, CpuQuota, Fact, Limits
from tests.unit.diagnosis.views import walk

BASE = (*server.base(), server.listeners(server.listener()))
FULL: dict[str, Any] = {"limits": Limits(open_files=64), "open_files": 64, "free_files": 0}
OK = server.served()
CUT = server.served(closed_s=0.1, waited_s=0.1)
BOX = "/sys/fs/cgroup/box"


def serving(*facts: Fact, timeout_s: float | None = None) -> WalkView:
    view = walk((*BASE, *facts), server.OWN, timeout_s=timeout_s)
    return replace(view, standpoint=server.AS_SERVER)


def judged(cause: str, view: WalkView) -> Judgement:
    one = next(one for one in causes() if one.id == cause)
    judge = one.judging(view.standpoint.role)
    assert judge
    return judge(view.hosts[0])


def status(cause: str, *facts: Fact, timeout_s: float | None = None) -> Status:
    return judged(cause, serving(*facts, timeout_s=timeout_s)).status


def box(throttled: int, periods: int, stood_s: float) -> Confines:
    """A group with a quota, that was stopped so often, in so many periods, for so long."""
    quota = CpuQuota(
        folder=BOX,
        processors=0.05,
        period_s=0.1,
        periods=periods,
        throttled=throttled,
        throttled_s=stood_s,
    )
    return Confines(cpu=(quota,))
