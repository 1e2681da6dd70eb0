"""Which measurements a port of this machine's own calls for, where it is the server.

Who listens, a connection of its own to each address, and the rules that a client's packets meet.
The service manager is asked where somebody must be started, or does not serve. A new measurement of
a service that suffers belongs beside that.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView


def of_server(view: WalkView) -> Iterator[Measure]:
    """Every measurement that the facts call for, made already or not."""
    yield from _at_once()
    hosts = [view.of(address) for address in view.addresses]
    for host in hosts:
        yield from _of_address(host)
    yield from _where_it_suffers([ServerView(host) for host in hosts])


def _at_once() -> Iterator[Measure]:
    yield Measure(Step.LINKS)
    yield Measure(Step.LISTENERS)


def _of_address(host: AddressView) -> Iterator[Measure]:
    yield Measure(Step.ROUTE, host.address)
    if host.has_way_out and host.links:
        yield Measure(Step.INTAKE, host.address)
        yield Measure(Step.FIREWALL, host.address)


def _where_it_suffers(views: list[ServerView]) -> Iterator[Measure]:
    """What to ask once it is known that nobody listens, or that the service does not serve."""
    if any(here.listens is False or here.suffers for here in views):
        yield Measure(Step.SERVICE)
