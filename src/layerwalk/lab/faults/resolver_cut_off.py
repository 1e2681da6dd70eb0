"""This machine's own way out is broken, and all that a program sees is that names fail."""

from dataclasses import replace

from layerwalk.lab.faults import gateway_unreachable, link_down, no_route
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client
from layerwalk.lab.topology import NAME

ELSEWHERE = {4: "203.0.113.53", 6: "2001:db8:2::53"}


def _by_name(scenario: Scenario, shape: Shape) -> Scenario:
    """Ask a nameserver behind the gateway for the target."""
    lines = f"nameserver {ELSEWHERE[shape.family]}\n"
    network = scenario.network.with_host("client", resolv_conf=lines)
    return replace(scenario, network=network, target=f"{NAME}:{shape.port}")


def _faults(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            f"{fault.id}-by-name",
            f"{fault.title}; the target is a name",
            fault.cause,
            lambda: at_client(1),
            lambda shape, fault=fault: _by_name(fault.apply(shape), shape),  # type: ignore[misc]
        )
        for fault in found
    )


FAULTS = _faults((*gateway_unreachable.FAULTS[:1], *link_down.FAULTS, *no_route.FAULTS[:1]))
