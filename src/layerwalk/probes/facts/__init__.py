"""The shared vocabulary: frozen facts, standard library only."""

from layerwalk.probes.facts.acceptance import HandshakeFact, StrayAckFact
from layerwalk.probes.facts.answer import Answer, AnswerKind, Refusal, in_words
from layerwalk.probes.facts.cgroups import Confines, CpuQuota, MemoryLimit, TasksLimit
from layerwalk.probes.facts.claimants import Claimant
from layerwalk.probes.facts.counters import CountersFact
from layerwalk.probes.facts.drop_reasons import DropReason, DropReasonsFact
from layerwalk.probes.facts.environment import EnvironmentFact, ProxySetting, TimeSetting
from layerwalk.probes.facts.error_line import ErrorLineFact
from layerwalk.probes.facts.fact import Evidence, Fact, Unmeasured
from layerwalk.probes.facts.file_systems import FileSystem, Tie
from layerwalk.probes.facts.flows import Flow, FlowsFact, FlowTry
from layerwalk.probes.facts.intake import Held, IntakeFact
from layerwalk.probes.facts.kernel_counts import KernelCountsFact
from layerwalk.probes.facts.link_counts import LinkCounts, Rise
from layerwalk.probes.facts.listeners import Holder, Listener, ListenersFact
from layerwalk.probes.facts.local import (
    Certainty,
    FirewallFact,
    Link,
    LinksFact,
    NeighbourFact,
    RouteFact,
    RouteKind,
    RuleMatch,
)
from layerwalk.probes.facts.loss import (
    HopLossFact,
    HopTally,
    LossFact,
    RoundTrips,
    Tally,
    round_trips,
)
from layerwalk.probes.facts.machine import (
    Disk,
    MachineFact,
    MachineSample,
    Memory,
    ProcessorTimes,
)
from layerwalk.probes.facts.names import HostsEntry, NameserverAnswer, ResolveFact
from layerwalk.probes.facts.neighbours import NeighbourTable
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.facts.own_sockets import OwnPorts, OwnSocket, OwnSocketsFact
from layerwalk.probes.facts.pace import PacedSyn, SynPaceFact
from layerwalk.probes.facts.path import TraceFact, TraceKind, Try
from layerwalk.probes.facts.person import PersonFact
from layerwalk.probes.facts.ports import PortsAsked, PortsFact
from layerwalk.probes.facts.pressure import Pressure, Resource, Stall, stall
from layerwalk.probes.facts.process import Limits, Moved, ProcessFact, ProcessSample
from layerwalk.probes.facts.proportion import Share
from layerwalk.probes.facts.receive import ReceiveFact
from layerwalk.probes.facts.reverse_path import ReversePathFact
from layerwalk.probes.facts.rule_trace import RuleTraceFact
from layerwalk.probes.facts.service import Fit, ServiceFact, Unit
from layerwalk.probes.facts.sizes import EchoFate, HopSize, PathMtuFact, SizeMethod, WayBack
from layerwalk.probes.facts.source_ports import NO_PORT, SourcePortsFact
from layerwalk.probes.facts.standpoint import AS_CLIENT, Role, Standpoint
from layerwalk.probes.facts.syn_options import (
    ECN_FLAGS,
    LINUX,
    SynOption,
    SynOptionsFact,
    SynVariant,
)
from layerwalk.probes.facts.target import IPV6, Family, Scheme, Target, endpoint, family_of
from layerwalk.probes.facts.timers import TimersFact
from layerwalk.probes.facts.tracking import TrackingFact, TrackingTimeout
from layerwalk.probes.facts.transport import (
    ConnectFact,
    ControlFact,
    EchoFact,
    PortState,
    SynFact,
)

__all__ = [
    "AS_CLIENT",
    "ECN_FLAGS",
    "IPV6",
    "LINUX",
    "NO_PORT",
    "Answer",
    "AnswerKind",
    "Certainty",
    "Claimant",
    "Confines",
    "ConnectFact",
    "ControlFact",
    "CountersFact",
    "CpuQuota",
    "Disk",
    "DropReason",
    "DropReasonsFact",
    "EchoFact",
    "EchoFate",
    "EnvironmentFact",
    "ErrorLineFact",
    "Evidence",
    "Fact",
    "Family",
    "FileSystem",
    "FirewallFact",
    "Fit",
    "Flow",
    "FlowTry",
    "FlowsFact",
    "HandshakeFact",
    "Held",
    "Holder",
    "HopLossFact",
    "HopSize",
    "HopTally",
    "HostsEntry",
    "IntakeFact",
    "KernelCountsFact",
    "Limits",
    "Link",
    "LinkCounts",
    "LinksFact",
    "Listener",
    "ListenersFact",
    "LossFact",
    "MachineFact",
    "MachineSample",
    "Memory",
    "MemoryLimit",
    "Moved",
    "NameserverAnswer",
    "NeighbourFact",
    "NeighbourTable",
    "Outcome",
    "OwnPorts",
    "OwnSocket",
    "OwnSocketsFact",
    "PacedSyn",
    "PathMtuFact",
    "PersonFact",
    "PortState",
    "PortsAsked",
    "PortsFact",
    "Pressure",
    "ProcessFact",
    "ProcessSample",
    "ProcessorTimes",
    "ProxySetting",
    "ReceiveFact",
    "Refusal",
    "ResolveFact",
    "Resource",
    "ReversePathFact",
    "Rise",
    "Role",
    "RoundTrips",
    "RouteFact",
    "RouteKind",
    "RuleMatch",
    "RuleTraceFact",
    "Scheme",
    "ServiceFact",
    "Share",
    "SizeMethod",
    "SourcePortsFact",
    "Stall",
    "Standpoint",
    "StrayAckFact",
    "SynFact",
    "SynOption",
    "SynOptionsFact",
    "SynPaceFact",
    "SynVariant",
    "Tally",
    "Target",
    "TasksLimit",
    "Tie",
    "TimeSetting",
    "TimersFact",
    "TraceFact",
    "TraceKind",
    "TrackingFact",
    "TrackingTimeout",
    "Try",
    "Unit",
    "Unmeasured",
    "WayBack",
    "endpoint",
    "family_of",
    "in_words",
    "round_trips",
    "stall",
]
