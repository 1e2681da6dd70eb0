"""Which measurements the facts so far call for, over all addresses of a walk."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.tree.named_ports import with_named_ports
from layerwalk.diagnosis.tree.of_address import of_address, way_to
from layerwalk.diagnosis.tree.of_machine import with_this_machine
from layerwalk.diagnosis.tree.of_rules import rule_traces
from layerwalk.diagnosis.tree.of_server import of_server
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Outcome

_PATHS_AT_ONCE = 2
_ON_THE_PATH = {Step.TRACE, Step.SYN_AGAIN}


def wanted(view: WalkView) -> Iterator[Measure]:
    """Every measurement that the facts call for, made already or not."""
    verdict = of_server(view) if view.standpoint.serves else _for_the_verdict(view)
    yield from with_this_machine(view, with_named_ports(view, (*verdict, *rule_traces(view))))


def _for_the_verdict(view: WalkView) -> Iterator[Measure]:
    yield Measure(Step.LINKS)
    yield Measure(Step.TIMERS)
    if view.pid is not None:
        yield Measure(Step.ENVIRONMENT)
    if view.target.address is None:
        yield Measure(Step.RESOLVE)
    yield from _of_addresses(view)
    yield from _of_sockets(view)
    for server in view.silent_nameservers:
        yield from way_to(server)


def _of_addresses(view: WalkView) -> Iterator[Measure]:
    """Everything at once, but paths two by two: their routers answer only so often.

    The last of them may have to report, late, that nobody there has the address.
    """
    ended = {evidence.step for evidence in view.evidence}
    busy = 0
    for address in (*view.addresses, *view.rivals):
        host = view.of(address)
        found = list(of_address(host) if address in view.in_full else _glance(host))
        early = busy >= _PATHS_AT_ONCE
        yield from (m for m in found if not early or m.step is not Step.TRACE or m.name in ended)
        busy += any(m.step in _ON_THE_PATH and m.name not in ended for m in found)


def _of_sockets(view: WalkView) -> Iterator[Measure]:
    """How programs' own sockets fare: those of a named process, else where ours is silent."""
    for host in map(view.of, view.addresses):
        silent = host.connect is not None and host.connect.outcome is Outcome.SILENT
        if host.port is not None and host.has_way_out and (view.pid is not None or silent):
            yield Measure(Step.SOCKETS, host.address)


def _glance(host: AddressView) -> Iterator[Measure]:
    """As little as tells whether an address works."""
    yield Measure(Step.ROUTE, host.address)
    if host.leaves and not host.next_hop_is_dead:
        steps = (Step.ECHO,) if host.port is None else (Step.SYN, Step.CONNECT)
        yield from (Measure(step, host.address) for step in steps)
