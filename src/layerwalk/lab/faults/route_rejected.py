"""A route or a policy rule of this machine refuses the target's address."""

from collections.abc import Callable

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import Network, Route, RouteType, Rule

CAUSE = "route-rejected"
WHERE = {"kind": "local"}


def single(network: Network, shape: Shape) -> str:
    """Return the prefix that holds the server's address alone."""
    address = network.address("server", shape.family)
    return f"{address}/128" if ":" in address else f"{address}/32"


def _route(kind: RouteType) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network = base(shape)
        refusing = network.with_routes("client", Route(single(network, shape), type=kind))
        return Scenario(refusing, target_address(network, shape), CAUSE, WHERE)

    return build


def _rule(action: str) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network = base(shape)
        rule = Rule(shape.family, f"to {single(network, shape)}", action)
        # Rule 0 looks into the local table first, so this comes second.
        refusing = network.with_host("client", rules=(rule,))
        return Scenario(refusing, target_address(network, shape), CAUSE, WHERE)

    return build


FAULTS = (
    *(
        Fault(
            CAUSE if kind is RouteType.UNREACHABLE else f"{CAUSE}-{kind.value}",
            f"this machine has a route of type {kind.value} for the target",
            CAUSE,
            at_client,
            _route(kind),
        )
        for kind in (RouteType.UNREACHABLE, RouteType.BLACKHOLE, RouteType.PROHIBIT)
    ),
    *(
        Fault(
            f"{CAUSE}-rule-{action}",
            f"this machine has a policy rule of type {action} for the target",
            CAUSE,
            at_client,
            _rule(action),
        )
        for action in ("prohibit", "unreachable", "blackhole")
    ),
)
