"""Which measurements a port of this machine's own calls for, where it is the server.

Who listens, a connection of its own to each address, and the rules that a client's packets meet.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView


def of_server(view: WalkView) -> Iterator[Measure]:
    """Every measurement that the facts call for, made already or not."""
    yield from _at_once()
    for address in view.addresses:
        yield from _of_address(view.of(address))


def _at_once() -> Iterator[Measure]:
    yield Measure(Step.LINKS)
    yield Measure(Step.LISTENERS)


def _of_address(host: AddressView) -> Iterator[Measure]:
    yield Measure(Step.ROUTE, host.address)
    if host.has_way_out and host.links:
        yield Measure(Step.INTAKE, host.address)
        yield Measure(Step.FIREWALL, host.address)
