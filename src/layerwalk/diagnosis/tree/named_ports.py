"""The ports that a person names: of which address they are asked, and when."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import RouteFact


def named_ports(view: WalkView) -> Iterator[Measure]:
    """Ask the first address, in the system's order, that packets can be sent to."""
    for address in view.addresses if view.ports else ():
        host = view.of(address)
        if not host.looked_for(RouteFact, Step.ROUTE):
            return
        if host.leaves:
            yield Measure(Step.PORTS, address)
            return
