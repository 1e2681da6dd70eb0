"""Facts as examples are made of: a machine, a path of a few hops, a target, all of them invented.

Plain data with defaults, so that an example says only what makes it special.
"""

from typing import Any

from layerwalk.diagnosis.samples.answers import answer, refusal
from layerwalk.diagnosis.samples.machine import (
    GATEWAY,
    OWN,
    PORT,
    ROUTERS,
    TARGET,
    links,
    neighbour,
    route,
    timers,
)
from layerwalk.diagnosis.samples.path import alive, echo, flows, loss, trace, tries
from layerwalk.diagnosis.samples.port import (
    connect,
    control,
    handshake,
    open_port,
    pace,
    paced,
    stray_ack,
    syn,
    syn_options,
)
from layerwalk.probes.facts import Outcome, TraceKind

__all__ = [
    "GATEWAY",
    "OWN",
    "PORT",
    "ROUTERS",
    "TARGET",
    "alive",
    "answer",
    "connect",
    "control",
    "echo",
    "flows",
    "handshake",
    "healthy",
    "links",
    "loss",
    "neighbour",
    "open_port",
    "pace",
    "paced",
    "refusal",
    "route",
    "stray_ack",
    "syn",
    "syn_options",
    "timers",
    "trace",
    "tries",
]


def healthy() -> tuple[Any, ...]:
    """Everything about a target that works."""
    path = trace(tries(TraceKind.ICMP, 4), tries(TraceKind.SYN, 3, asked=3))
    return (
        links(),
        route(),
        neighbour(Outcome.ANSWERED),
        alive(),
        open_port(),
        connect(),
        path,
    )
