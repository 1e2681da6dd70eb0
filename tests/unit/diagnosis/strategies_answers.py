"""Answers of every kind, drawn at random, and the flows that they come back on."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import Answer, AnswerKind, Fact, Flow, FlowsFact, FlowTry, Refusal
from tests.unit.diagnosis.strategies_near import INTERFACES, OUTCOMES, SIXTH

EVERYBODY = (*samples.ROUTERS, samples.TARGET, SIXTH, samples.OWN)
HOPS = st.integers(1, 6)


def answers(*kinds: AnswerKind) -> SearchStrategy[Answer]:
    return st.builds(
        Answer,
        kind=st.sampled_from(kinds or tuple(AnswerKind)),
        responder=st.sampled_from(EVERYBODY),
        hop=HOPS,
        rtt_s=st.sampled_from([0.0, 0.002, 0.4, 1.2, 3.07]),
        ttl=st.sampled_from([0, 1, 60, 61, 62, 63, 64, 125, 255]),
        interface=INTERFACES,
        icmp_type=st.sampled_from([None, 3, 11]),
        icmp_code=st.sampled_from([None, 0, 1, 3, 4, 13]),
        refusal=st.sampled_from([None, *Refusal]),
        mtu=st.sampled_from([0, 576, 1400]),
        mss=st.sampled_from([None, 1360, 1460]),
    )


ANSWERS = st.lists(answers(), max_size=3).map(tuple)


def flows(address: str) -> SearchStrategy[Fact]:
    """Source ports that fare in any way."""
    tries = st.builds(
        FlowTry, sent_s=st.sampled_from([0.0, 0.5, 1.2]), answer=st.none() | answers()
    )
    one = st.builds(
        Flow, port=st.integers(40000, 40100), tries=st.lists(tries, max_size=4).map(tuple)
    )
    return st.builds(
        FlowsFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        flows=st.lists(one, max_size=8).map(tuple),
        half_open=st.booleans(),
    )
