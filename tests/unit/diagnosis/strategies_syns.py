"""SYNs of other sorts, drawn at random: with other options, at other paces, and stray ACKs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import (
    LINUX,
    AnswerKind,
    Fact,
    HandshakeFact,
    StrayAckFact,
    SynOption,
    SynOptionsFact,
    SynVariant,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.strategies_answers import ANSWERS, HOPS, answers
from tests.unit.diagnosis.strategies_near import OUTCOMES


def compared(address: str) -> SearchStrategy[Fact]:
    """SYNs by what they carry, and any answers to them."""
    options = st.sampled_from([(), LINUX, *((one,) for one in SynOption)])
    variants = st.builds(
        SynVariant,
        options=options,
        sent=st.integers(0, 4),
        answered=st.integers(0, 4),
        answers=st.lists(answers(), max_size=2).map(tuple),
    )
    return st.builds(
        SynOptionsFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        variants=st.lists(variants, max_size=5).map(tuple),
    )


_PACES = (
    samples.pace(10.0, 5),
    samples.pace(1000.0, 100),
    samples.paced(lambda when: when % 0.9 < 0.3),
    samples.paced(lambda _when: False),
    samples.paced(lambda when: int(when * 1000) % 3 > 0),
)


def paced(address: str) -> SearchStrategy[Fact]:
    """SYNs of which a limit, the time, chance or nothing decides; of the models, few are fitted."""
    hops = st.builds(Try, hop=HOPS, kind=st.just(TraceKind.SYN), answer=st.none() | answers())
    return st.builds(
        lambda fact, **more: replace(fact, address=address, **more),
        st.sampled_from(_PACES),
        outcome=OUTCOMES,
        beside=st.sampled_from(["", "echo", "SYN"]),
        lost_beside=st.integers(0, 24),
        sent_beside=st.sampled_from([0, 24]),
        hops=st.lists(hops, max_size=4).map(tuple),
    )


def handshakes(address: str) -> SearchStrategy[Fact]:
    """Connections of which the target makes anything."""
    return st.builds(
        HandshakeFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        taken=st.sampled_from([None, True, False]),
        repeats=st.integers(0, 3),
        still_held=st.booleans(),
    )


def stray_acks(address: str) -> SearchStrategy[Fact]:
    """Stray ACKs with any answers."""
    return st.builds(
        StrayAckFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        sent=st.just(2),
        answers=ANSWERS,
        control_port=st.sampled_from([0, 443]),
        control_answers=st.lists(answers(AnswerKind.RST), max_size=1).map(tuple),
    )
