"""Nothing listens on the port: the target itself answers with a reset."""

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_target, base, target_address


def _build(shape: Shape) -> Scenario:
    network = base(shape)
    closed = network.with_host("server", services=())
    return Scenario(closed, target_address(network, shape), "port-closed", {"kind": "host"})


FAULTS = (Fault("port-closed", "nothing listens on the port", "port-closed", at_target, _build),)
