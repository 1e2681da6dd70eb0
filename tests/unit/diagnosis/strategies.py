"""Facts of every kind, drawn at random: what walks that nobody thought of are made of.

``facts(measure)`` draws what one measurement may bring, consistent or not.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.open_steps import Ask, Open
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    Fact,
    HopLossFact,
    HopTally,
    Outcome,
    PathMtuFact,
    PortsFact,
    SizeMethod,
    SynFact,
    Target,
    TimersFact,
    TraceFact,
    TraceKind,
    Try,
    Unmeasured,
)
from tests.unit.diagnosis.facts import fitting
from tests.unit.diagnosis.strategies_answers import ANSWERS, HOPS, answers, flows
from tests.unit.diagnosis.strategies_limits import environments, own_sockets, source_ports
from tests.unit.diagnosis.strategies_machine import machines, processes
from tests.unit.diagnosis.strategies_near import (
    NAME,
    OUTCOMES,
    SIXTH,
    counts,
    link_counts,
    links,
    names,
    neighbours,
    reasons,
    reverse_paths,
    routes,
    rule_traces,
    rules,
)
from tests.unit.diagnosis.strategies_server import intakes, listeners, services
from tests.unit.diagnosis.strategies_syns import compared, handshakes, paced, stray_acks

TARGETS = st.sampled_from(
    [
        Target(host, host, port)
        for host in (samples.TARGET, SIXTH, NAME)
        for port in (samples.PORT, None)
    ]
)


def echoes(address: str) -> SearchStrategy[Fact]:
    """Echoes with any answers."""
    return st.builds(
        EchoFact, outcome=OUTCOMES, address=st.just(address), sent=st.just(3), answers=ANSWERS
    )


def syns(address: str, port: int = samples.PORT) -> SearchStrategy[SynFact]:
    """Looks at a port with any answers."""
    return st.builds(
        SynFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(port),
        sent=st.integers(0, 3),
        answers=ANSWERS,
        refused_locally=st.integers(0, 3),
        last_look=st.booleans(),
        half_open=st.booleans(),
    )


def connects(address: str) -> SearchStrategy[Fact]:
    """Real connections, made and not."""
    return st.builds(
        ConnectFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        errno=st.sampled_from(["", "ECONNREFUSED", "EHOSTUNREACH", "ETIMEDOUT", "EPERM"]),
        waited_s=st.sampled_from([0.0, 0.003, 4.0]),
        offender=st.sampled_from(["", *samples.ROUTERS]),
        report=st.none() | answers(),
        closed_after_s=st.sampled_from([None, 0.1]),
        said=st.integers(0, 1),
    )


def controls(address: str) -> SearchStrategy[Fact]:
    """Other ports, with any answers."""
    return st.builds(
        ControlFact,
        outcome=OUTCOMES,
        address=st.just(address),
        ports=st.lists(syns(address, 443), max_size=2).map(tuple),
        udp=ANSWERS,
    )


def traces(address: str, control_port: int = 0) -> SearchStrategy[Fact]:
    """Paths of any shape, loops among them."""
    tries = st.builds(
        Try,
        hop=HOPS,
        kind=st.just(TraceKind.CONTROL) if control_port else st.sampled_from(TraceKind),
        answer=st.none() | answers(),
        again=st.booleans(),
    )
    return st.builds(
        TraceFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        control_port=st.just(control_port),
        tries=st.lists(tries, max_size=8).map(tuple),
    )


def samples_of_loss(address: str) -> SearchStrategy[Fact]:
    """Samples of packets of which any number got lost."""
    counts = st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.builds(
        lambda echo, syn, **more: samples.loss(echo, syn, address=address, **more),
        counts,
        counts,
        outcome=OUTCOMES,
        syn_answer=st.sampled_from(["", "syn-ack", "rst"]),
        counts=st.none() | link_counts(),
    )


def hops_asked_again(address: str) -> SearchStrategy[Fact]:
    """Hops that lost any number of packets."""
    tallies = st.builds(
        HopTally,
        hop=HOPS,
        address=st.sampled_from(["", samples.TARGET, *samples.ROUTERS]),
        expiring=st.just(5),
        expired=st.integers(0, 5),
        asked=st.just(30),
        replied=st.integers(0, 30),
        best_s=st.sampled_from([None, 0.002, 1.2]),
    )
    return st.builds(
        HopLossFact,
        outcome=OUTCOMES,
        address=st.just(address),
        hops=st.lists(tallies, max_size=5).map(tuple),
    )


def sizes(address: str) -> SearchStrategy[Fact]:
    """Large packets that pass, vanish, or are refused."""
    return st.builds(
        PathMtuFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        passes=st.sampled_from([0, 576, 1400, 1500]),
        vanishes=st.sampled_from([0, 1401]),
        by=st.sampled_from(SizeMethod),
        too_big=st.lists(answers(AnswerKind.TOO_BIG), max_size=1).map(tuple),
        segment=st.sampled_from([0, 1340, 1500]),
        segment_passes=st.sampled_from([None, True, False]),
        datagrams_vanish=st.sampled_from([None, True, False]),
        syns_vanish=st.sampled_from([None, True, False]),
        reached=st.none() | answers(AnswerKind.TIME_EXCEEDED),
    )


def scans(address: str) -> SearchStrategy[Fact]:
    """Ports that were asked for."""
    return st.builds(
        PortsFact, outcome=OUTCOMES, address=st.just(address), wanted=st.integers(0, 9)
    )


def settings() -> SearchStrategy[Fact]:
    """The kernel's timers."""
    return st.builds(TimersFact, outcome=OUTCOMES, syn_retries=st.integers(0, 6))


_OF_ALL: dict[Step, Callable[[], SearchStrategy[Fact]]] = {
    Step.LINKS: links,
    Step.TIMERS: settings,
    Step.RESOLVE: names,
    Step.MACHINE: machines,
    Step.MACHINE_AGAIN: machines,
    Step.PROCESS: processes,
    Step.PROCESS_AGAIN: processes,
    Step.LISTENERS: listeners,
    Step.ENVIRONMENT: environments,
    Step.SERVICE: services,
}
_BY_ADDRESS: dict[Step, Callable[[str], SearchStrategy[Fact]]] = {
    Step.ROUTE: routes,
    Step.NEIGHBOUR: neighbours,
    Step.ECHO: echoes,
    Step.SYN: syns,
    Step.SYN_AGAIN: syns,
    Step.FLOWS: flows,
    Step.FLOW_TRACE: traces,
    Step.CONNECT: connects,
    Step.CONNECT_AGAIN: connects,
    Step.SYN_OPTIONS: compared,
    Step.SYN_PACE: paced,
    Step.HANDSHAKE: handshakes,
    Step.STRAY_ACK: stray_acks,
    Step.LOSS: samples_of_loss,
    Step.HOP_LOSS: hops_asked_again,
    Step.TRACE: traces,
    Step.CONTROL: controls,
    Step.PATH_MTU: sizes,
    Step.FIREWALL: rules,
    Step.RULE_TRACE: rule_traces,
    Step.COUNTERS: counts,
    Step.DROP_REASONS: reasons,
    Step.REVERSE_PATH: reverse_paths,
    Step.PORTS: scans,
    Step.SOURCE_PORTS: source_ports,
    Step.SOCKETS: own_sockets,
    Step.INTAKE: intakes,
}


def facts(measure: Measure) -> SearchStrategy[Fact]:
    """Draw what a measurement brings: its fact with any outcome, or that it crashed or was cut.

    Half of them are odd in every field, the others are those that the causes' examples know.
    """
    ends = [without(measure, one) for one in (Outcome.FAILED, Outcome.CANCELLED)]
    known = [fact for fact in fitting(measure) if _address(fact) in {"", measure.address}]
    odd = _odd(measure) | st.sampled_from(ends)
    return odd | st.sampled_from(known) if known else odd


def _odd(measure: Measure) -> SearchStrategy[Fact]:
    if measure.step in _OF_ALL:
        return _OF_ALL[measure.step]()
    if measure.step is Step.CONTROL_TRACE:
        return traces(measure.address, measure.port or 443)
    return _BY_ADDRESS[measure.step](measure.address)


def _address(fact: Fact) -> str:
    return str(getattr(fact, "destination", "") or getattr(fact, "address", ""))


def without(step: Open, outcome: Outcome) -> Fact:
    """What a step leaves behind that brought nothing."""
    name, about = parts(step)
    return Unmeasured(outcome=outcome, name=name, at_layer=3, subject=about)


def parts(step: Open) -> tuple[str, str]:
    """The name of what a step asks, and the address that it asks about."""
    return (step.name, "") if isinstance(step, Ask) else (str(step.step), step.address)
