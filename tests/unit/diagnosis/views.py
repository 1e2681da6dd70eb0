"""Views of invented walks, for tests of what the facts mean."""

from collections.abc import Iterable

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Cause, Example, Judgement
from layerwalk.diagnosis.samples import PORT, TARGET
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    AS_CLIENT,
    ConnectFact,
    ControlFact,
    DropReasonsFact,
    EchoFact,
    Evidence,
    Fact,
    FirewallFact,
    FlowsFact,
    HandshakeFact,
    HopLossFact,
    IntakeFact,
    LinksFact,
    ListenersFact,
    LossFact,
    MachineFact,
    NeighbourFact,
    OwnSocketsFact,
    PathMtuFact,
    PersonFact,
    PortsFact,
    ProcessFact,
    ResolveFact,
    ReversePathFact,
    RouteFact,
    RuleTraceFact,
    ServiceFact,
    SourcePortsFact,
    Standpoint,
    StrayAckFact,
    SynFact,
    SynOptionsFact,
    SynPaceFact,
    Target,
    TimersFact,
    TraceFact,
    Unmeasured,
)

STEPS: dict[type[Fact], Step] = {
    LinksFact: Step.LINKS,
    ResolveFact: Step.RESOLVE,
    TimersFact: Step.TIMERS,
    MachineFact: Step.MACHINE,
    ProcessFact: Step.PROCESS,
    RouteFact: Step.ROUTE,
    NeighbourFact: Step.NEIGHBOUR,
    EchoFact: Step.ECHO,
    SynFact: Step.SYN,
    SynOptionsFact: Step.SYN_OPTIONS,
    SynPaceFact: Step.SYN_PACE,
    HandshakeFact: Step.HANDSHAKE,
    StrayAckFact: Step.STRAY_ACK,
    FlowsFact: Step.FLOWS,
    ConnectFact: Step.CONNECT,
    TraceFact: Step.TRACE,
    LossFact: Step.LOSS,
    HopLossFact: Step.HOP_LOSS,
    ControlFact: Step.CONTROL,
    PathMtuFact: Step.PATH_MTU,
    DropReasonsFact: Step.DROP_REASONS,
    FirewallFact: Step.FIREWALL,
    RuleTraceFact: Step.RULE_TRACE,
    SourcePortsFact: Step.SOURCE_PORTS,
    OwnSocketsFact: Step.SOCKETS,
    PortsFact: Step.PORTS,
    ReversePathFact: Step.REVERSE_PATH,
    ListenersFact: Step.LISTENERS,
    IntakeFact: Step.INTAKE,
    ServiceFact: Step.SERVICE,
}


def walk(
    facts: Iterable[Fact],
    host: str = TARGET,
    port: int | None = PORT,
    timeout_s: float | None = None,
    standpoint: Standpoint = AS_CLIENT,
) -> WalkView:
    target = Target(host, host, port)
    return WalkView(target, labelled(facts), timeout_s, standpoint=standpoint)


def labelled(facts: Iterable[Fact]) -> tuple[Evidence, ...]:
    """Make evidence of facts as a walk does: numbered, each with the step that brings it."""
    found: list[Evidence] = []
    for number, fact in enumerate(facts, start=1):
        step = step_of(fact)
        for first in ("syn", "connect", "machine", "process"):
            if f"{step} ".startswith(f"{first} ") and any(e.step == step for e in found):
                step = step.replace(first, f"{first}-again", 1)
        found.append(Evidence(id=f"e{number}", fact=fact, step=step))
    return tuple(found)


def step_of(fact: Fact) -> str:
    """Name the step that brings such a fact, as the tree names it."""
    if isinstance(fact, Unmeasured):
        return f"{fact.name} {fact.subject}".strip()
    if isinstance(fact, PersonFact):
        return f"{fact.question} {fact.subject}".strip()
    if isinstance(fact, TraceFact) and fact.control_port:
        return Measure(Step.CONTROL_TRACE, fact.address, fact.control_port).name
    step = next((one for kind, one in STEPS.items() if isinstance(fact, kind)), None)
    if step is None:
        return ""
    about = getattr(fact, "destination", "") or getattr(fact, "address", "")
    return Measure(step, str(about)).name


def address(*facts: Fact, port: int | None = PORT, host: str = TARGET) -> AddressView:
    return walk(facts, host, port).of(host)


def example_walk(example: Example) -> WalkView:
    return walk(example.facts, example.target, example.port, example.timeout_s, example.standpoint)


def judged(cause: Cause, view: WalkView) -> list[Judgement]:
    """Every judgement of a cause, of the walk or of each address, where it is asked at all."""
    role = view.standpoint.role
    if cause.judge_walk:
        return [cause.judge_walk(view)] if role in cause.roles else []
    judge = cause.judging(role)
    return [judge(host) for host in view.hosts] if judge else []
