"""This machine's table of tracked connections is full, or merely looks so."""

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.serving import SERVER, at_server, server_fault
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import Network, Tracked

CAUSE = "conntrack-full"
HERE = {"kind": "local"}
KEEPS_STATE = ruleset(input=["ct state established,related accept"], output=["ct state new accept"])
TRANSLATES = """table inet lab {
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    oifname "none0" masquerade
  }
}
"""
FULL, MANY = 1.0, 0.8
_LENGTHS = {0, 1, 3}
"""A full table takes a second to fill, and some memory: a few shapes do."""


def _client(shape: Shape, firewall: str, tracked: Tracked) -> Network:
    return base(shape).with_host("client", firewall=firewall, tracked=tracked)


def _full(shape: Shape) -> Scenario:
    network = _client(shape, KEEPS_STATE, Tracked(FULL))
    return Scenario(network, target_address(network, shape), CAUSE, HERE)


def _full_nat(shape: Shape) -> Scenario:
    network = _client(shape, TRANSLATES, Tracked(FULL))
    return Scenario(network, target_address(network, shape), CAUSE, HERE)


def _many(shape: Shape) -> Scenario:
    network = _client(shape, KEEPS_STATE, Tracked(MANY))
    return Scenario(network, target_address(network, shape), None)


def _makes_room(shape: Shape) -> Scenario:
    network = _client(shape, KEEPS_STATE, Tracked(FULL, lasting=False))
    return Scenario(network, target_address(network, shape), None)


def _not_asked(shape: Shape) -> Scenario:
    network = _client(shape, "", Tracked(FULL))
    return Scenario(network, target_address(network, shape), None)


def _rule(shape: Shape) -> Scenario:
    """Drop by a rule, where the table is large and has room."""
    firewall = ruleset(output=["ct state established accept", f"tcp dport {shape.port} drop"])
    network = _client(shape, firewall, Tracked(MANY))
    where = {"kind": "local", "rule": "drop"}
    return Scenario(network, target_address(network, shape), "firewall-drop", where)


def _at_server(shape: Shape) -> Scenario:
    network = base(shape).with_host(SERVER, firewall=KEEPS_STATE, tracked=Tracked(FULL))
    return at_server(network, shape, CAUSE)


def _many_at_server(shape: Shape) -> Scenario:
    network = base(shape).with_host(SERVER, firewall=KEEPS_STATE, tracked=Tracked(MANY))
    return at_server(network, shape, None)


def _places() -> tuple[Shape, ...]:
    return tuple(shape for shape in at_client() if shape.routers in _LENGTHS)


FAULTS = (
    Fault(CAUSE, "the table of tracked connections is full", CAUSE, _places, _full),
    Fault(
        f"{CAUSE}-nat",
        "the table of tracked connections, kept for translation, is full",
        CAUSE,
        _places,
        _full_nat,
    ),
    server_fault(
        f"{CAUSE}-server",
        "the server's table of tracked connections is full",
        CAUSE,
        _at_server,
    ),
    server_fault(
        "healthy-server-many-tracked",
        "the server's table of tracked connections is long, and has room",
        None,
        _many_at_server,
    ),
    Fault(
        "firewall-drop-client-tracking",
        "a rule of this machine drops the SYN, and its table of connections is long",
        "firewall-drop",
        _places,
        _rule,
    ),
    Fault(
        "healthy-many-tracked",
        "the table of tracked connections is long, and has room",
        None,
        _places,
        _many,
    ),
    Fault(
        "healthy-full-makes-room",
        "the table of tracked connections is full, and the kernel makes room",
        None,
        _places,
        _makes_room,
    ),
    Fault(
        "healthy-full-not-asked",
        "the table of tracked connections is full, and no rule has connections tracked",
        None,
        _places,
        _not_asked,
    ),
)
