"""What a walk may measure: each step, and of which address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The measurements that a walk is made of."""

    LINKS = "links"
    TIMERS = "timers"
    ENVIRONMENT = "environment"
    MACHINE = "machine"
    MACHINE_AGAIN = "machine-again"
    PROCESS = "process"
    PROCESS_AGAIN = "process-again"
    RESOLVE = "resolve"
    ROUTE = "route"
    NEIGHBOUR = "neighbour"
    ECHO = "echo"
    SYN = "syn"
    SYN_AGAIN = "syn-again"
    SYN_OPTIONS = "syn-options"
    FLOWS = "flows"
    FLOW_TRACE = "flow-trace"
    SYN_PACE = "syn-pace"
    HANDSHAKE = "handshake"
    STRAY_ACK = "stray-ack"
    CONNECT = "connect"
    CONNECT_AGAIN = "connect-again"
    SOURCE_PORTS = "source-ports"
    SOCKETS = "sockets"
    LOSS = "loss"
    HOP_LOSS = "hop-loss"
    TRACE = "trace"
    CONTROL = "control"
    CONTROL_TRACE = "control-trace"
    PATH_MTU = "path-mtu"
    FIREWALL = "firewall"
    RULE_TRACE = "rule-trace"
    COUNTERS = "counters"
    DROP_REASONS = "drop-reasons"
    REVERSE_PATH = "reverse-path"
    PORTS = "ports"
    LISTENERS = "listeners"
    INTAKE = "intake"
    SERVICE = "service"


@dataclass(frozen=True)
class Measure:
    """One measurement: what, and of which address (and port, where it is not the target's)."""

    step: Step
    address: str = ""
    port: int | None = None

    @property
    def name(self) -> str:
        """The measurement in one line, as events and evidence name it."""
        words = [str(self.step), self.address, str(self.port or "")]
        return " ".join(word for word in words if word)
