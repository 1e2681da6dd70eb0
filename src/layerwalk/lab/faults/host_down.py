"""The target is not there: its neighbours ask for it in vain."""

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_host, at_target, base, written
from layerwalk.lab.shapes import target_address as target_of

CAUSE = "host-down"
NOBODY = {
    (False, 4): "198.51.100.99",
    (False, 6): "2001:db8:1::99",
    (True, 4): "203.0.113.99",
    (True, 6): "2001:db8:2::99",
}


def _nobody(shape: Shape) -> Scenario:
    network = base(shape)
    target = written(NOBODY[shape.routers > 0, shape.family], shape)
    return Scenario(network, target, CAUSE, at_host(network, shape))


def _off(shape: Shape) -> Scenario:
    network = base(shape)
    off = network.with_end("server", "eth0", up=False)
    return Scenario(off, target_of(network, shape), CAUSE, at_host(network, shape))


FAULTS = (
    Fault(CAUSE, "nobody has the target's address", CAUSE, at_target, _nobody),
    Fault("host-down-off", "the target's interface is down", CAUSE, at_target, _off),
)
