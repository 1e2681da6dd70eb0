"""Facts of a machine that is the server: who listens, and what becomes of its own connection."""

from __future__ import annotations

from typing import Any

from layerwalk.diagnosis.samples.machine import OWN, PORT, links, route
from layerwalk.probes.facts import (
    Certainty,
    Fact,
    FirewallFact,
    Held,
    Holder,
    IntakeFact,
    Listener,
    ListenersFact,
    Outcome,
    Role,
    RouteKind,
    RuleMatch,
    Standpoint,
)

__all__ = [
    "AS_SERVER",
    "OWN",
    "base",
    "intake",
    "listener",
    "listeners",
    "overflowing",
    "refused",
    "rule",
    "rules",
    "served",
    "unaccepted",
]

AS_SERVER = Standpoint(role=Role.SERVER)
PROCESS = Holder(pid=812, name="postgres", unit="postgresql.service")


def base() -> tuple[Fact, ...]:
    """One interface, up, whose address is walked to."""
    local = route(
        destination=OWN, kind=RouteKind.LOCAL, interface="lo", gateway="", source=OWN, table=255
    )
    return (links(), local)


def listener(address: str = "0.0.0.0", **changes: Any) -> Listener:
    """A listening socket."""
    fields: dict[str, Any] = {
        "port": PORT,
        "versions": (6,) if ":" in address else (4,),
        "limit": 128,
        "holders": (PROCESS,),
    }
    return Listener(address=address, **{**fields, **changes})


def listeners(*found: Listener, **changes: Any) -> ListenersFact:
    """The listeners of the port, none by default."""
    return ListenersFact(outcome=Outcome.ANSWERED, port=PORT, listeners=found, **changes)


def intake(outcome: Outcome = Outcome.ANSWERED, **changes: Any) -> IntakeFact:
    """A connection of this machine's own."""
    return IntakeFact(outcome=outcome, address=OWN, port=PORT, **changes)


def served(**changes: Any) -> IntakeFact:
    """One that was made and accepted at once."""
    fields: dict[str, Any] = {"made_s": 0.0001, "taken_s": 0.001, "waited_s": 0.5, "limit": 128}
    return intake(**{**fields, **changes})


def refused() -> IntakeFact:
    """One that was reset."""
    return intake(Outcome.REFUSED, errno="ECONNREFUSED", waited_s=0.0001)


def unaccepted(**changes: Any) -> IntakeFact:
    """One that stays in the queue."""
    fields: dict[str, Any] = {
        "made_s": 0.0001,
        "waited_s": 3.0,
        "held": Held.QUEUE,
        "queue": 1,
        "limit": 128,
    }
    return intake(**{**fields, **changes})


def overflowing(**changes: Any) -> IntakeFact:
    """One whose SYN was dropped, for the queue was full."""
    fields: dict[str, Any] = {
        "waited_s": 1.25,
        "queue": 5,
        "limit": 4,
        "full": 9,
        "looks": 9,
        "overflows": 2,
        "drops": 2,
    }
    return intake(Outcome.SILENT, **{**fields, **changes})


def rules(*matches: RuleMatch, **changes: Any) -> FirewallFact:
    """The local rules, read: none refuses by default."""
    fields: dict[str, Any] = {"outcome": Outcome.ANSWERED, "rules": 3, "matches": matches}
    return FirewallFact(address=OWN, port=PORT, **{**fields, **changes})


def rule(verdict: str = "drop", **changes: Any) -> RuleMatch:
    """A rule that refuses whoever comes."""
    fields: dict[str, Any] = {"direction": "in", "certainty": Certainty.EXACT}
    text = f"tcp dport {PORT} {verdict}"
    return RuleMatch(verdict=verdict, text=text, **{**fields, **changes})
