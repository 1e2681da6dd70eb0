"""What an invented machine knows of itself and its link; who its target is."""

from __future__ import annotations

from typing import Any

from layerwalk.probes.facts import (
    Link,
    LinksFact,
    NeighbourFact,
    Outcome,
    RouteFact,
    RouteKind,
    TimersFact,
)

TARGET = "198.51.100.10"
OWN = "192.0.2.10"
GATEWAY = "192.0.2.1"
ROUTERS = (GATEWAY, "203.0.113.1", "203.0.113.5")
PORT = 5432


def links(**changes: Any) -> LinksFact:
    """One interface, up, besides loopback."""
    fields: dict[str, Any] = {
        "name": "eth0",
        "index": 2,
        "up": True,
        "carrier": True,
        "mtu": 1500,
        "addresses": (f"{OWN}/24",),
    }
    return LinksFact(outcome=Outcome.ANSWERED, links=(Link(**{**fields, **changes}),))


def timers(**changes: Any) -> TimersFact:
    """The kernel's settings as Linux 6.5 and later have them."""
    fields: dict[str, Any] = {"outcome": Outcome.ANSWERED, "syn_retries": 6, "linear_timeouts": 4}
    return TimersFact(**{**fields, **changes})


def route(**changes: Any) -> RouteFact:
    """A default route through the gateway."""
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED,
        "destination": TARGET,
        "kind": RouteKind.UNICAST,
        "interface": "eth0",
        "gateway": GATEWAY,
        "source": OWN,
    }
    return RouteFact(**{**fields, **changes})


def neighbour(outcome: Outcome, *, address: str = GATEWAY, gateway: bool = True) -> NeighbourFact:
    """The next hop, answering or silent."""
    macs = ("02:00:00:00:00:01",) if outcome is Outcome.ANSWERED else ()
    return NeighbourFact(
        outcome=outcome,
        address=address,
        interface="eth0",
        gateway=gateway,
        destination=TARGET,
        macs=macs,
        asked=4,
    )
