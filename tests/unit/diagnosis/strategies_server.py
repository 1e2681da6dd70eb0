"""Facts of the server's own end, drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import (
    Fact,
    Fit,
    Held,
    Holder,
    IntakeFact,
    Listener,
    ListenersFact,
    ServiceFact,
    Unit,
)
from tests.unit.diagnosis.strategies_near import OUTCOMES, SIXTH

_SECONDS = st.none() | st.floats(0, 12)
_COUNTS = st.integers(0, 5)
_PLACES = st.sampled_from(["0.0.0.0", "::", "127.0.0.1", "::1", samples.TARGET, SIXTH])


def _listening(port: int) -> SearchStrategy[Listener]:
    return st.builds(
        Listener,
        address=_PLACES,
        port=st.just(port),
        versions=st.sampled_from([(4,), (6,), (4, 6)]),
        queue=_COUNTS,
        limit=st.none() | _COUNTS,
        interface=st.sampled_from(["", "eth0", "lo"]),
        holders=st.sampled_from([(), (Holder(pid=7, name="web"),)]),
    )


def listeners() -> SearchStrategy[Fact]:
    """Who listens on the port, and what else a process listens on."""
    return st.builds(
        ListenersFact,
        outcome=OUTCOMES,
        port=st.just(samples.PORT),
        listeners=st.lists(_listening(samples.PORT), max_size=3).map(tuple),
        datagrams=st.sampled_from([(), ("web (pid 7)",)]),
        pid=st.sampled_from([None, 7]),
        others=st.lists(_listening(samples.PORT + 1), max_size=2).map(tuple),
    )


def intakes(address: str) -> SearchStrategy[Fact]:
    """A connection of this machine's own."""
    return st.builds(
        IntakeFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        made_s=_SECONDS,
        taken_s=_SECONDS,
        answered_s=_SECONDS,
        closed_s=_SECONDS,
        held=st.sampled_from(Held),
        asked=st.sampled_from(["", "http"]),
        awaited=st.booleans(),
        status=st.none() | st.sampled_from([200, 500, 503]),
        queue=_COUNTS,
        limit=st.none() | _COUNTS,
        full=_COUNTS,
        moves=_COUNTS,
        looks=_COUNTS,
        overflows=_COUNTS,
        drops=_COUNTS,
    )


def services() -> SearchStrategy[Fact]:
    """The units that fit the port."""
    unit = st.builds(
        Unit,
        name=st.just("web.service"),
        fit=st.sampled_from(Fit),
        active=st.sampled_from(["", "active", "failed", "inactive"]),
        result=st.sampled_from(["", "success", "exit-code"]),
        restarts=_COUNTS,
    )
    units = st.lists(unit, max_size=2).map(tuple)
    return st.builds(ServiceFact, outcome=OUTCOMES, port=st.just(samples.PORT), units=units)
