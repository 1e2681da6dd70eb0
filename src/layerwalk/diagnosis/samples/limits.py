"""Facts about this machine's limits, as examples are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import (
    NO_PORT,
    ConnectFact,
    NeighbourFact,
    NeighbourTable,
    Outcome,
    OwnPorts,
    OwnSocketsFact,
    SourcePortsFact,
)


def without_port() -> tuple[Any, ...]:
    """A target that works, and a connect() that found no source port."""
    kept = (fact for fact in samples.healthy() if not isinstance(fact, ConnectFact))
    return (*kept, samples.connect(Outcome.UNREACHABLE, NO_PORT, waited_s=0.0))


def source_ports(**changes: Any) -> SourcePortsFact:
    """A range of 64 ports, in which connect() still finds none when it is asked again."""
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "source": samples.OWN,
        "low": 40000,
        "high": 40063,
        "usable": 64,
        "counted": True,
        "tried": True,
        "again": NO_PORT,
        "outside_leaves": True,
    }
    return SourcePortsFact(**{**fields, **changes})


def own_ports(taken: int) -> OwnSocketsFact:
    """A process that keeps its sockets to eight ports, so many of which are taken."""
    ports = OwnPorts(
        low=40000, high=40007, usable=8, taken=taken, holders=f"{taken} by connections"
    )
    return OwnSocketsFact(
        outcome=Outcome.ANSWERED,
        address=samples.TARGET,
        port=samples.PORT,
        pid=4711,
        ports=ports,
    )


def crowded(**changes: Any) -> NeighbourFact:
    """A next hop that answers, and for which the kernel's table has no room."""
    table = NeighbourTable(entries=1024, limit=1024, refused=9)
    return replace(samples.neighbour(Outcome.ANSWERED), **{"table": table, **changes})
