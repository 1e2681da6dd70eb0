"""Facts about this machine's limits, drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import (
    NO_PORT,
    EnvironmentFact,
    Fact,
    OwnSocket,
    OwnSocketsFact,
    SourcePortsFact,
    TimeSetting,
)
from tests.unit.diagnosis.strategies_near import OUTCOMES

_COUNTS = st.integers(0, 64)


def source_ports(address: str) -> SearchStrategy[Fact]:
    """Counts that agree or not."""
    return st.builds(
        SourcePortsFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        source=st.sampled_from(["", samples.OWN]),
        usable=_COUNTS,
        counted=st.booleans(),
        taken=_COUNTS,
        connections=_COUNTS,
        time_wait=_COUNTS,
        bound=_COUNTS,
        next_free_s=st.none() | st.floats(0, 60),
        tried=st.booleans(),
        again=st.sampled_from(["", NO_PORT, "EACCES"]),
        outside_leaves=st.booleans(),
    )


def environments() -> SearchStrategy[Fact]:
    """Time limits that a variable sets, readable or not."""
    times = st.builds(
        TimeSetting,
        variable=st.just("PGCONNECT_TIMEOUT"),
        value=st.just("5"),
        seconds=st.none() | st.floats(0, 60),
    )
    return st.builds(EnvironmentFact, outcome=OUTCOMES, times=st.lists(times).map(tuple))


def own_sockets(address: str) -> SearchStrategy[Fact]:
    """Sockets of a program, with limits or without, and counts that agree or not."""
    limits = st.none() | st.floats(0, 60)
    sockets = st.builds(
        OwnSocket,
        state=st.sampled_from(["SYN_SENT", "ESTABLISHED"]),
        source=st.just(samples.OWN),
        source_port=st.just(40000),
        retransmits=_COUNTS,
        blocks=st.none() | st.booleans(),
        syn_count=st.none() | st.integers(0, 127),
        user_timeout_s=limits,
        send_limit_s=limits,
    )
    return st.builds(
        OwnSocketsFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        pid=st.sampled_from([None, 4711]),
        sockets=st.lists(sockets, max_size=2).map(tuple),
        count=_COUNTS,
    )
