"""The ports that a person names: of which address they are asked, and beside what.

A thousand packets a second disturb nothing, nor does a tenth of a second of more. A faster scan may
fill a queue on the way, so that what is measured beside it would speak of the scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import PortsAsked, RouteFact

_GENTLE, _BRIEF_S = 1000, 0.1
_LONG_S = 2.0
_DISTURBED = {Step.LOSS, Step.HOP_LOSS, Step.PATH_MTU}


def with_named_ports(view: WalkView, others: Iterable[Measure]) -> Iterator[Measure]:
    """Put the scan among all other measurements of a walk.

    A fast one goes before what it would disturb, or after everything where it takes long.
    """
    scan = _of_first(view)
    if scan is None or view.ports is None:
        yield from others
        return
    ended = {evidence.step for evidence in view.evidence}
    found, fast = list(others), _is_fast(view.ports)
    first = fast and scan.name not in ended and not _is_long(view.ports)
    yield from (one for one in found if not (first and one.step in _DISTURBED))
    if not (fast and _is_long(view.ports)) or ended.issuperset(one.name for one in found):
        yield scan


def _is_fast(asked: PortsAsked) -> bool:
    return asked.rate > _GENTLE and asked.count / asked.rate > _BRIEF_S


def _is_long(asked: PortsAsked) -> bool:
    return asked.count / asked.rate > _LONG_S


def _of_first(view: WalkView) -> Measure | None:
    """The first address, in the system's order, that packets can be sent to."""
    for address in view.addresses if view.ports else ():
        host = view.of(address)
        if not host.looked_for(RouteFact, Step.ROUTE):
            return None
        if host.leaves:
            return Measure(Step.PORTS, address)
    return None
