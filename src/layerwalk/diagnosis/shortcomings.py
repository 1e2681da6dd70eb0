"""Facts that tell at a glance that an address is not as it should be."""

from __future__ import annotations

from layerwalk.probes.facts import (
    ConnectFact,
    EchoFact,
    Fact,
    NeighbourFact,
    Outcome,
    PortState,
    SynFact,
)

_WRONG = {PortState.CLOSED, PortState.SILENT, PortState.REJECTED, PortState.LOCAL}


def falls_short(fact: Fact, *, port: int | None) -> bool:
    """Tell whether a fact calls for a closer look; what was not measured does not.

    Where a port is wanted, nobody minds a host that ignores echoes.
    """
    if isinstance(fact, EchoFact) and port is not None:
        return False
    if isinstance(fact, SynFact):
        return fact.state in _WRONG
    known = fact.outcome.measured and fact.outcome is not Outcome.ANSWERED
    return isinstance(fact, ConnectFact | EchoFact | NeighbourFact) and known
