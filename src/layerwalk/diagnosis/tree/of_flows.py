"""Which measurements of many flows an address calls for."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.probes.facts import PortState, TraceFact


def many_flows(host: AddressView) -> Iterator[Measure]:
    """Other source ports, as soon as they disturb nothing, and where they part."""
    if _may_differ_by_flow(host):
        yield Measure(Step.FLOWS, host.address)
    if host.differs_by_flow and host.last(TraceFact) is not None:
        yield Measure(Step.FLOW_TRACE, host.address)


def _may_differ_by_flow(host: AddressView) -> bool:
    """Whether it is time to try other source ports, where some may fare otherwise.

    Where a router refuses, it has few reports to give: the path is traced first. Where nobody has
    answered anything, the first looks are given the time to prove it, and are not disturbed.
    """
    if host.is_local:
        return False
    if host.syn_state in {PortState.OPEN, PortState.CLOSED}:
        return True
    if host.syn_state is PortState.REJECTED:
        return host.last(TraceFact) is not None and not host.is_reported_absent
    silent = host.syn_state is PortState.SILENT
    return silent and (bool(host.alive) or (_is_sure(host) and not host.is_reported_absent))


def _is_sure(host: AddressView) -> bool:
    """Whether the SYNs, the connection and the trace have all come to their ends."""
    return host.silence_is_sure and host.connect is not None and host.last(TraceFact) is not None
