"""Nothing listens on the server's port, as the server itself sees it."""

from layerwalk.lab.serving import at_server, listening, port_alone, server_fault, service
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.spec import Manner

CAUSE = "service-not-running"


def _nothing(shape: Shape) -> Scenario:
    return at_server(listening(shape), shape, CAUSE)


def _by_port(shape: Shape) -> Scenario:
    """Another service runs, on another port."""
    other = service(shape, port=shape.port + 1)
    return at_server(listening(shape, other), shape, CAUSE, target=port_alone(shape))


def _over_udp(shape: Shape) -> Scenario:
    other = service(shape, Manner.ECHO, udp=True)
    return at_server(listening(shape, other), shape, CAUSE)


FAULTS = (
    server_fault(CAUSE, "nothing listens on the server's own port", CAUSE, _nothing),
    server_fault(f"{CAUSE}-by-port", "nothing listens on a port alone", CAUSE, _by_port),
    server_fault(f"{CAUSE}-udp", "the service listens for datagrams only", CAUSE, _over_udp),
)
