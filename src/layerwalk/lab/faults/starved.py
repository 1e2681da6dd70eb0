"""A program on the server has too little of the machine: its control group leaves it hardly any.

Where a machine has no such groups, or this user may make none, the lab says so.
"""

from dataclasses import replace

from layerwalk.lab.serving import LOCAL, at_server, server_fault
from layerwalk.lab.shapes import Scenario, Shape, base
from layerwalk.lab.spec import Network
from layerwalk.lab.spec.programs import Need, Program
from layerwalk.lab.traffic import Crowd

_SCANT, _SOME = 0.02, 0.5
_BACKLOG, _CALLERS = 2, 8
_TIGHT_MIB, _ROOMY_MIB = 48, 400


def _scene(shape: Shape, cause: str | None, program: Program, *args: str) -> Scenario:
    """Put a program in the place of the server's service, and ask it as HTTP."""
    network = base(shape).with_host("server", services=(), programs=(program,))
    return _asked(network, shape, cause, *args)


def _asked(network: Network, shape: Shape, cause: str | None, *args: str) -> Scenario:
    address = network.address("server", shape.family)
    host = f"[{address}]" if shape.family == 6 else address
    return at_server(network, shape, cause, LOCAL, *args, target=f"http://{host}:{shape.port}/")


def _computing(shape: Shape, processors: float) -> Program:
    return Program(shape.port, need=Need.TIME, burns_s=0.1, processors=processors)


def _growing(shape: Shape, need: Need, memory_mib: int) -> Program:
    return Program(shape.port, need=need, takes_mib=120, memory_mib=memory_mib)


def _no_time(shape: Shape) -> Scenario:
    return _scene(shape, "cpu-saturated", _computing(shape, _SCANT), "--timeout", "1")


def _no_time_to_accept(shape: Shape) -> Scenario:
    """Whoever has no time to accept has a full queue before long."""
    program = replace(_computing(shape, _SCANT), backlog=_BACKLOG)
    network = base(shape).with_host("server", services=(), programs=(program,))
    crowd = Crowd(network.address("server", shape.family), shape.port, _CALLERS)
    crowded = network.with_host("dns", crowds=(crowd,))
    return replace(_asked(crowded, shape, "cpu-saturated"), also=("accept-queue-full",))


def _no_memory(shape: Shape) -> Scenario:
    need = Need.MEMORY if shape.routers else Need.GROWING_CHILD
    return _scene(shape, "memory-exhausted", _growing(shape, need, _TIGHT_MIB))


def _some_time(shape: Shape) -> Scenario:
    return _scene(shape, None, _computing(shape, _SOME), "--timeout", "5")


def _some_memory(shape: Shape) -> Scenario:
    need = Need.MEMORY if shape.routers else Need.GROWING_CHILD
    return _scene(shape, None, _growing(shape, need, _ROOMY_MIB))


FAULTS = (
    server_fault(
        "cpu-saturated", "the service's group has hardly any time", "cpu-saturated", _no_time
    ),
    server_fault(
        "cpu-saturated-queue",
        "it has no time to accept, and its queue is full",
        "cpu-saturated",
        _no_time_to_accept,
    ),
    server_fault(
        "memory-exhausted",
        "the service's group has less memory than a request takes",
        "memory-exhausted",
        _no_memory,
    ),
    server_fault(
        "healthy-throttled", "its group is stopped at times, and it is in time", None, _some_time
    ),
    server_fault("healthy-memory-limit", "its group has memory enough", None, _some_memory),
)
