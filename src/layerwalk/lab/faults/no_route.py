"""This machine has no route to the target."""

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import End, Link, Network
from layerwalk.lab.topology import EVERYTHING

CAUSE = "no-route"
SPARE = ("192.0.2.10/24", "2001:db8:9::10/64")


def with_spare_interface(network: Network) -> Network:
    """Give the client a second interface that is switched off and that nobody needs."""
    return network.with_parts(links=(Link((End("client", "eth1", SPARE, up=False),), "spare"),))


def _build(shape: Shape) -> Scenario:
    network = base(shape)
    stranded = network.without_routes("client", *EVERYTHING)
    return Scenario(stranded, target_address(network, shape), CAUSE, {"kind": "local"})


def _beside(shape: Shape) -> Scenario:
    network = with_spare_interface(base(shape)).without_routes("client", *EVERYTHING)
    return Scenario(network, target_address(network, shape), CAUSE, {"kind": "local"})


FAULTS = (
    Fault(CAUSE, "this machine has no default route", CAUSE, lambda: at_client(1), _build),
    Fault(
        "no-route-spare-interface",
        "this machine has no default route, and an interface that is down without being to blame",
        CAUSE,
        lambda: at_client(1),
        _beside,
    ),
)
