"""When the kernel itself is asked which rule of this machine refuses: only where a person said so.

The trace adds a table to the machine's rules, so it is spared where the connection is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ConnectFact


def rule_traces(view: WalkView) -> Iterator[Measure]:
    """Each address whose connection fails; as a server, whose client's SYN is waited for."""
    if view.target.port is None or not view.traces_rules:
        return
    for address in view.in_full:
        host = view.of(address)
        if host.leaves and (host.standpoint.serves or _fails(host)):
            yield Measure(Step.RULE_TRACE, address)


def _fails(host: AddressView) -> bool:
    return host.looked_for(ConnectFact, Step.CONNECT) and not host.connects
