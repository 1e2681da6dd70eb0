"""The server's own cable is out: nobody gets to a service that works."""

from layerwalk.lab.faults.link_down import CAUSE, WHERE
from layerwalk.lab.serving import SERVER, at_server, port_alone, server_fault
from layerwalk.lab.shapes import Scenario, Shape, base


def _unplugged(shape: Shape) -> Scenario:
    network = base(shape).with_end(SERVER, "eth0", carrier=False)
    return at_server(network, shape, CAUSE, WHERE)


def _unplugged_by_port(shape: Shape) -> Scenario:
    network = base(shape).with_end(SERVER, "eth0", carrier=False)
    return at_server(network, shape, CAUSE, WHERE, target=port_alone(shape))


FAULTS = (
    server_fault(f"{CAUSE}-server", "the server's interface has no carrier", CAUSE, _unplugged),
    server_fault(f"{CAUSE}-server-port", "a port alone, no carrier", CAUSE, _unplugged_by_port),
)
