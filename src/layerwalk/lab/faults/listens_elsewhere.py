"""The server listens on its port, but not where clients come."""

from layerwalk.lab.serving import (
    ANYWHERE,
    LOCAL,
    LOOPBACK,
    SERVER,
    at_server,
    client_of,
    listening,
    port_alone,
    server_fault,
    service,
)
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.spec import Network

CAUSE = "listens-elsewhere"
SECOND = {4: ("203.0.113.77", "/24"), 6: ("2001:db8:2::77", "/64")}


def _on_loopback(shape: Shape) -> Scenario:
    network = listening(shape, service(shape, address=LOOPBACK[shape.family]))
    return at_server(network, shape, CAUSE)


def _on_loopback_by_port(shape: Shape) -> Scenario:
    network = listening(shape, *(service(shape, address=it) for it in LOOPBACK.values()))
    return at_server(network, shape, CAUSE, target=port_alone(shape))


def _other_family(shape: Shape) -> Scenario:
    other = ANYWHERE[10 - shape.family]
    network = listening(shape, service(shape, address=other))
    return at_server(network, shape, CAUSE)


def _other_family_of_client(shape: Shape) -> Scenario:
    """A port alone, for a client of the family that nobody serves."""
    network = listening(shape, service(shape, address=ANYWHERE[10 - shape.family]))
    more = client_of(network, shape)
    return at_server(network, shape, CAUSE, LOCAL, *more, target=port_alone(shape))


def _other_address(shape: Shape) -> Scenario:
    address, prefix = SECOND[shape.family]
    network = _with_second(listening(shape, service(shape, address=address)), address + prefix)
    return at_server(network, shape, CAUSE)


def _with_second(network: Network, address: str) -> Network:
    """Give the server one more address."""
    end = network.end(SERVER, "eth0")
    return network.with_end(SERVER, "eth0", addresses=(*end.addresses, address))


FAULTS = (
    server_fault(CAUSE, "the service listens on loopback only", CAUSE, _on_loopback),
    server_fault(
        f"{CAUSE}-by-port", "a port alone is listened on by loopback", CAUSE, _on_loopback_by_port
    ),
    server_fault(f"{CAUSE}-family", "it listens for the other family only", CAUSE, _other_family),
    server_fault(
        f"{CAUSE}-client",
        "it listens for a family that the client is not of",
        CAUSE,
        _other_family_of_client,
    ),
    server_fault(f"{CAUSE}-address", "it listens on another own address", CAUSE, _other_address),
)
