"""Facts in all their sorts: what invented walks are put together from."""

from dataclasses import replace
from itertools import chain
from typing import Any

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.samples import resources
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import (
    AnswerKind,
    Certainty,
    ConnectFact,
    ControlFact,
    CountersFact,
    DropReasonsFact,
    EchoFact,
    EnvironmentFact,
    ErrorLineFact,
    Fact,
    FirewallFact,
    Fit,
    FlowsFact,
    HandshakeFact,
    HopLossFact,
    IntakeFact,
    KernelCountsFact,
    LinksFact,
    ListenersFact,
    LossFact,
    MachineFact,
    NameserverAnswer,
    NeighbourFact,
    Outcome,
    OwnSocket,
    OwnSocketsFact,
    PathMtuFact,
    PersonFact,
    PortsFact,
    ProcessFact,
    ReceiveFact,
    Refusal,
    ResolveFact,
    ReversePathFact,
    Rise,
    RouteFact,
    RouteKind,
    RuleMatch,
    RuleTraceFact,
    ServiceFact,
    SourcePortsFact,
    StrayAckFact,
    SynFact,
    SynOptionsFact,
    SynPaceFact,
    TimersFact,
    TraceFact,
    TraceKind,
    TrackingFact,
    Unit,
    Unmeasured,
)
from layerwalk.probes.facts.ports import PortGroup, Reason, ScanState
from tests.unit.diagnosis.local_facts import drop_reasons, rule_trace

NAME = "db.lab.test"
SECOND = "2001:db8::10"
SERVER = "192.0.2.53"

KINDS: dict[Step, type[Fact]] = {
    Step.LINKS: LinksFact,
    Step.TIMERS: TimersFact,
    Step.ENVIRONMENT: EnvironmentFact,
    Step.MACHINE: MachineFact,
    Step.MACHINE_AGAIN: MachineFact,
    Step.PROCESS: ProcessFact,
    Step.PROCESS_AGAIN: ProcessFact,
    Step.RESOLVE: ResolveFact,
    Step.ROUTE: RouteFact,
    Step.NEIGHBOUR: NeighbourFact,
    Step.ECHO: EchoFact,
    Step.SYN: SynFact,
    Step.SYN_AGAIN: SynFact,
    Step.SYN_OPTIONS: SynOptionsFact,
    Step.SYN_PACE: SynPaceFact,
    Step.HANDSHAKE: HandshakeFact,
    Step.STRAY_ACK: StrayAckFact,
    Step.FLOWS: FlowsFact,
    Step.FLOW_TRACE: TraceFact,
    Step.CONNECT: ConnectFact,
    Step.CONNECT_AGAIN: ConnectFact,
    Step.LOSS: LossFact,
    Step.HOP_LOSS: HopLossFact,
    Step.TRACE: TraceFact,
    Step.CONTROL: ControlFact,
    Step.CONTROL_TRACE: TraceFact,
    Step.PATH_MTU: PathMtuFact,
    Step.FIREWALL: FirewallFact,
    Step.RULE_TRACE: RuleTraceFact,
    Step.COUNTERS: CountersFact,
    Step.DROP_REASONS: DropReasonsFact,
    Step.REVERSE_PATH: ReversePathFact,
    Step.PORTS: PortsFact,
    Step.SOURCE_PORTS: SourcePortsFact,
    Step.SOCKETS: OwnSocketsFact,
    Step.LISTENERS: ListenersFact,
    Step.INTAKE: IntakeFact,
    Step.SERVICE: ServiceFact,
}
"""What each step of the tree brings home when nothing goes wrong."""


def rule(direction: str, verdict: str, certainty: Certainty = Certainty.EXACT) -> RuleMatch:
    text = f"tcp dport 5432 {verdict}"
    return RuleMatch(direction=direction, verdict=verdict, certainty=certainty, text=text)


def firewall(*matches: RuleMatch, **changes: object) -> FirewallFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "matches": matches,
        "rules": 3,
    }
    return FirewallFact(**{**fields, **changes})  # type: ignore[arg-type]


def own_sockets(**options: Any) -> OwnSocketsFact:
    """What a named process has open towards the target; nothing, unless it is said what."""
    address, port = samples.TARGET, samples.PORT
    fields: dict[str, Any] = {"state": "ESTABLISHED", "source": "192.0.2.10", "source_port": 40000}
    sockets = (OwnSocket(**{**fields, **options}),) if options else ()
    return OwnSocketsFact(
        outcome=Outcome.ANSWERED,
        address=address,
        port=port,
        pid=4711,
        sockets=sockets,
        count=len(sockets),
    )


def resolved(*addresses: str, **changes: object) -> ResolveFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED if addresses else Outcome.SILENT,
        "name": NAME,
        "addresses": addresses,
        "nameservers": (NameserverAnswer(server=SERVER, outcome=Outcome.ANSWERED),),
    }
    return ResolveFact(**{**fields, **changes})  # type: ignore[arg-type]


def at(address: str, *facts: Fact) -> tuple[Fact, ...]:
    """The same facts of another address."""
    return tuple(
        replace(fact, **{name: address})  # type: ignore[arg-type]
        for fact in facts
        for name in ("destination", "address")
        if hasattr(fact, name) and not (name == "address" and hasattr(fact, "destination"))
    )


def path_mtu(**changes: object) -> PathMtuFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "passes": 1500,
    }
    return PathMtuFact(**{**fields, **changes})  # type: ignore[arg-type]


def counters(outcome: Outcome = Outcome.ANSWERED, **found: int) -> CountersFact:
    fact = CountersFact(outcome=outcome, address=samples.TARGET, port=samples.PORT, sent=8)
    return replace(fact, **found)  # type: ignore[arg-type]


def crashed(name: str, address: str = samples.TARGET) -> Unmeasured:
    return Unmeasured(
        outcome=Outcome.FAILED, name=name, at_layer=3, subject=address, detail="ValueError: odd"
    )


_GONE = samples.answer(AnswerKind.RST)
_REFUSED = [samples.refusal(word, samples.ROUTERS[1]) for word in Refusal]
_NEITHER = (Outcome.CANCELLED, Outcome.FAILED, Outcome.NOT_PERMITTED, Outcome.NOT_RUN)
_TRACES = [
    samples.trace(samples.tries(TraceKind.ICMP, icmp), samples.tries(TraceKind.SYN, syn))
    for icmp in range(5)
    for syn in range(4)
]

_UNIT = Unit(name="db.service", fit=Fit.NAME, active="failed")

POOL: tuple[Fact, ...] = (
    ErrorLineFact(text="dial tcp 192.0.2.1:80: i/o timeout", phase="connect", limit_s=5.0),
    *chain.from_iterable(example.facts for one in causes() for example in one.examples),
    *_TRACES,
    *(samples.syn(answer) for answer in _REFUSED),
    *(samples.echo(answer) for answer in _REFUSED),
    *(samples.control(answer) for answer in (_GONE, *_REFUSED)),
    *(samples.syn(outcome=outcome, sent=0) for outcome in _NEITHER),
    *(samples.connect(outcome) for outcome in _NEITHER),
    samples.connect(Outcome.SILENT),
    samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
    samples.connect(Outcome.UNREACHABLE, "EHOSTUNREACH"),
    samples.control(),
    samples.timers(),
    EnvironmentFact(outcome=Outcome.ANSWERED, pid=7),
    EnvironmentFact(outcome=Outcome.NOT_PERMITTED, pid=7, detail="may be read by its user"),
    own_sockets(),
    own_sockets(state="SYN_SENT", retransmits=2, syn_count=2, send_limit_s=3.0, blocks=True),
    MachineFact(outcome=Outcome.FAILED, detail="/proc can't be read"),
    resources.machine(),
    resources.machine_again(),
    resources.process(),
    resources.process_again(),
    ServiceFact(outcome=Outcome.ANSWERED, port=samples.PORT, units=(_UNIT,)),
    ServiceFact(outcome=Outcome.NOT_RUN, port=samples.PORT, detail="systemd can't be asked"),
    ReceiveFact(dropped=7, during=("echo 198.51.100.10",)),
    TrackingFact(outcome=Outcome.ANSWERED, count=9, maximum=10, dropped=0),
    TrackingFact(outcome=Outcome.ANSWERED, in_use=False),
    KernelCountsFact(outcome=Outcome.ANSWERED, rises=(Rise("TcpExtListenDrops", 2),)),
    PersonFact(question="since-when", answer="rules-changed", asked="Since when?", said="Now."),
    samples.loss(echo=(32, 32), syn=(0, 0)),
    samples.loss(echo=(0, 20), syn=(0, 20), outcome=Outcome.SILENT),
    samples.connect(waited_s=1.2),
    samples.syn(last_look=False),
    samples.syn(samples.answer(AnswerKind.ACK)),
    samples.flows(24),
    samples.flows(13, never=12),
    samples.flows(0, never=24),
    samples.flows(5, never=10, sometimes=9),
    samples.links(carrier=False),
    samples.route(kind=RouteKind.LOCAL, interface="lo", gateway=""),
    samples.route(gateway=""),
    samples.neighbour(Outcome.NOT_PERMITTED),
    samples.neighbour(Outcome.ANSWERED, address=samples.TARGET, gateway=False),
    firewall(),
    firewall(outcome=Outcome.NOT_PERMITTED),
    firewall(rule("out", "drop")),
    firewall(rule("in", "drop", Certainty.POSSIBLE)),
    firewall(rule("out", "reject")),
    rule_trace(rule("out", "drop")),
    rule_trace(rule("in", "reject")),
    rule_trace(outcome=Outcome.NOT_PERMITTED),
    drop_reasons(),
    drop_reasons("NETFILTER_DROP"),
    drop_reasons("IP_RPFILTER"),
    drop_reasons(outcome=Outcome.NOT_RUN),
    samples.syn(half_open=False),
    samples.syn(samples.answer(AnswerKind.RST, ttl=0), half_open=False),
    counters(),
    counters(unsent=8),
    counters(undelivered=8),
    counters(Outcome.NOT_PERMITTED),
    path_mtu(),
    path_mtu(passes=0, outcome=Outcome.SILENT),
    PortsFact(
        outcome=Outcome.ANSWERED,
        address=samples.TARGET,
        wanted=4,
        groups=(
            PortGroup(state=ScanState.OPEN, reason=Reason.SYN_ACK, ports="22,80", count=2),
            PortGroup(state=ScanState.CLOSED, reason=Reason.RESET, ports="25", count=1),
        ),
        detail="",
    ),
    *(crashed(step) for step in Step),
)


def fitting(measure: Measure) -> list[Fact]:
    """The facts of the pool that this measurement may bring, or that it crashed or was stopped."""
    kind = KINDS[measure.step]
    bad = [f for f in POOL if isinstance(f, Unmeasured) and f.name == measure.step]
    return [*(fact for fact in POOL if isinstance(fact, kind)), *bad]
