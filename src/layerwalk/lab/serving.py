"""Scenes in which the walk stands at the other end: on the server's host, at its own port.

    client ─┬─ … ── server   <- the walk runs here, with --role server
           dns

How to hang a fault on one: build the network as for any other fault (``network.with_host("server",
services=..., firewall=..., sysctls=...)`` or whatever the fault does to that host), and give it to
``at_server``, with the cause that the walk must name (None for a healthy look-alike). ``places`` of
such a fault is ``server_shapes``: both families and all ports; the path is short, as nothing of the
walk goes there. ``client`` is the one that can't get in (--client), ``target`` what a person types:
the server's address and port, or with ``port_alone`` only the port.
"""

from collections.abc import Callable
from dataclasses import replace

from layerwalk.lab.shapes import PORTS, Fault, Scenario, Shape, Where, base, written
from layerwalk.lab.spec import FAMILIES, Manner, Network, Service

SERVER = "server"
ROLE = ("--role", "server")
LOCAL: Where = {"kind": "local"}
ANYWHERE = {4: "0.0.0.0", 6: "::"}
LOOPBACK = {4: "127.0.0.1", 6: "::1"}
_LENGTHS = (0, 1)


def server_shapes() -> tuple[Shape, ...]:
    """Return the shapes of a fault that is looked at from the server's own host."""
    return tuple(
        Shape(routers, routers + 1, family, port)
        for routers in _LENGTHS
        for family in FAMILIES
        for port in PORTS
    )


def at_server(
    network: Network,
    shape: Shape,
    cause: str | None,
    where: Where = LOCAL,
    *args: str,
    target: str = "",
) -> Scenario:
    """Return the scene; ``args`` are more options, ``target`` is by default address and port."""
    aim = target or written(network.address(SERVER, shape.family), shape)
    expected = where if cause else {}
    return Scenario(network, aim, cause, expected, SERVER, (*ROLE, *args))


def port_alone(shape: Shape) -> str:
    """Return the target of whoever names only the port."""
    return f":{shape.port}"


def client_of(network: Network, shape: Shape) -> tuple[str, str]:
    """Return the option that names the client."""
    return ("--client", network.address("client", shape.family))


def listening(shape: Shape, *services: Service) -> Network:
    """Return the healthy network with these services on the server, and no others."""
    return base(shape).with_host(SERVER, services=services)


def service(shape: Shape, manner: Manner = Manner.HOLD, **changes: object) -> Service:
    """Return a listener on the shape's port, of its family alone."""
    one = Service(shape.port, manner, ANYWHERE[shape.family])
    return replace(one, **changes)  # type: ignore[arg-type]  # the caller's names


def server_fault(
    name: str, title: str, cause: str | None, build: Callable[[Shape], Scenario]
) -> Fault:
    """Return a fault that is looked at from the server's own host."""
    return Fault(name, title, cause, server_shapes, build)
