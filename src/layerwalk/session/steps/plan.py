"""A measurement as it is run: its name for a person, its bound, and its probe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layerwalk.probes.kernel_syn import kernels_options
from layerwalk.probes.wire.packets import Peer

if TYPE_CHECKING:
    from layerwalk.diagnosis.tree import Measure
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact

WHOLE_S = 4.0  # until a router's late report has come, see "host unreachable"


@dataclass(frozen=True)
class Plan:
    """A measurement as a person sees it; ``waits_for`` completes "waiting for …"."""

    title: str
    layer: int
    waits_for: str
    at_most_s: float
    run: Callable[[Measure, WalkView, ProbeContext], Fact]


def peer_of(address: str, view: WalkView) -> Peer:
    """The other end as the route and the links have it."""
    host = view.of(address)
    way, link = host.route, host.link
    mtus = [mtu for mtu in (way.mtu if way else 0, link.mtu if link else 0) if mtu]
    options = kernels_options()
    if way is None:
        return Peer(address, "", options=options)
    return Peer(address, way.source, way.interface, min(mtus, default=1500), options)


def port_of(view: WalkView) -> int:
    """The port of a target that must have one; ValueError where it has none."""
    port = view.target.port
    if port is None:
        message = "this step needs a port"
        raise ValueError(message)
    return port
