"""Which measurements a port of this machine's own calls for, where it is the server.

Who listens, a connection of its own to each address, the rules that a client's packets meet, and
the way back to the client that was named.
The service manager is asked where somebody must be started, or does not serve. A new measurement of
a service that suffers belongs beside that.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.client_view import client_view
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.tree.of_address import way_to
from layerwalk.diagnosis.walk_view import WalkView


def of_server(view: WalkView) -> Iterator[Measure]:
    """Every measurement that the facts call for, made already or not."""
    yield from _at_once()
    hosts = [view.of(address) for address in view.addresses]
    for host in hosts:
        yield from _of_address(host)
    client = client_view(view)
    if client is not None:
        yield from way_to(client)
    yield from _where_it_suffers([ServerView(host) for host in hosts])


def _at_once() -> Iterator[Measure]:
    yield Measure(Step.LINKS)
    yield Measure(Step.LISTENERS)


def _of_address(host: AddressView) -> Iterator[Measure]:
    yield Measure(Step.ROUTE, host.address)
    if not (host.route and host.links):
        return
    if _stays_here(host):
        yield Measure(Step.INTAKE, host.address)
    yield Measure(Step.FIREWALL, host.address)


def _stays_here(host: AddressView) -> bool:
    """Whether a connection to the address would not leave this machine.

    An address in a VRF is reached from inside it only; its route is none of the main table's. A
    loopback that is down lets nothing through, not even to an address of another interface.
    """
    if host.is_local and host.link is not None and not host.link.up:
        return False
    own = ServerView(host).home
    return host.is_local or (host.has_way_out and own is not None and bool(own.master))


def _where_it_suffers(views: list[ServerView]) -> Iterator[Measure]:
    """What to ask once it is known that nobody listens, or that the service does not serve."""
    if any(here.listens is False or here.suffers for here in views):
        yield Measure(Step.SERVICE)
