"""The interface that the route would use is down, or its cable is out."""

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address

CAUSE = "link-down"
WHERE = {"kind": "local", "interface": "eth0"}


def _down(shape: Shape) -> Scenario:
    network = base(shape)
    target = target_address(network, shape)
    return Scenario(network.with_end("client", "eth0", up=False), target, CAUSE, WHERE)


def _unplugged(shape: Shape) -> Scenario:
    network = base(shape)
    target = target_address(network, shape)
    return Scenario(network.with_end("client", "eth0", carrier=False), target, CAUSE, WHERE)


FAULTS = (
    Fault(CAUSE, "this machine's interface is switched off", CAUSE, at_client, _down),
    Fault(
        "link-down-carrier",
        "this machine's interface has no carrier: the cable is out",
        CAUSE,
        at_client,
        _unplugged,
    ),
)
