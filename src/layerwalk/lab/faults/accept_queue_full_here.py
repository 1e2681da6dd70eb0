"""The listener's queue is full, as the server itself sees it."""

from layerwalk.lab.faults.accept_queue_full import CAUSE, OVER, SERVED, SHORT, queued
from layerwalk.lab.serving import LOCAL, at_server, server_fault, service
from layerwalk.lab.shapes import Scenario, Shape, base
from layerwalk.lab.spec import Manner


def _for_good(shape: Shape) -> Scenario:
    deaf = service(shape, Manner.SINK, backlog=SHORT)
    return at_server(queued(base(shape), shape, deaf, SHORT + OVER), shape, CAUSE, LOCAL)


def _slow(shape: Shape) -> Scenario:
    slow = service(shape, Manner.SLOW, backlog=SHORT, every_s=0.6)
    full = queued(base(shape), shape, slow, SHORT + OVER + SERVED)
    return at_server(full, shape, CAUSE, LOCAL)


FAULTS = (
    server_fault(f"{CAUSE}-here", "the service does not accept", CAUSE, _for_good),
    server_fault(f"{CAUSE}-here-slow", "the service accepts too slowly", CAUSE, _slow),
)
