"""A router on the way has no route onward, and says so."""

from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    base,
    on_path,
    on_path_after,
    router,
    target_address,
)
from layerwalk.lab.topology import EVERYTHING

CAUSE = "route-missing-on-path"


def _build(shape: Shape) -> Scenario:
    network = base(shape)
    where = on_path_after(network, shape, shape.hop)  # nothing gets past to tell the distance
    if shape.hop == shape.routers:
        broken = network.with_end(router(shape), "eth1", addresses=())
    else:
        broken = network.without_routes(router(shape), *EVERYTHING)
    return Scenario(broken, target_address(network, shape), CAUSE, where)


FAULTS = (Fault(CAUSE, "a router on the way has no route to the target", CAUSE, on_path, _build),)
