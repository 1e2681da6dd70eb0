"""What each measurement costs: packets that leave this machine, and seconds.

Counted with raw sockets on the client of 64 labs, each step on its own: the least is where all is
well and answers at once, the most where nothing does. ARP and neighbour discovery are among them,
and the packets that the kernel sends for us. A test holds the table to what a lab counts. Without
raw sockets some steps ask in another way; their costs were counted in 18 labs.
"""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.diagnosis.tree import Step


@dataclass(frozen=True)
class Cost:
    """Packets and seconds, each from the least to the most, for one address."""

    packets: tuple[int, int]
    seconds: tuple[float, float]


COSTS: dict[Step, Cost] = {
    Step.LINKS: Cost((0, 0), (0.1, 0.4)),
    Step.TIMERS: Cost((0, 0), (0.0, 0.1)),
    Step.ENVIRONMENT: Cost((0, 0), (0.0, 0.1)),
    Step.MACHINE: Cost((0, 0), (0.0, 0.1)),
    Step.MACHINE_AGAIN: Cost((0, 0), (0.0, 1.0)),
    Step.PROCESS: Cost((0, 0), (0.0, 0.5)),
    Step.PROCESS_AGAIN: Cost((0, 0), (0.0, 1.5)),
    Step.RESOLVE: Cost((0, 25), (0.0, 3.0)),
    Step.ROUTE: Cost((0, 0), (0.0, 0.1)),
    Step.NEIGHBOUR: Cost((1, 6), (0.1, 4.0)),
    Step.ECHO: Cost((3, 6), (0.2, 4.0)),
    Step.SYN: Cost((1, 7), (0.0, 0.4)),
    Step.SYN_AGAIN: Cost((2, 7), (0.0, 4.6)),
    Step.SYN_OPTIONS: Cost((2, 60), (0.0, 4.6)),
    Step.FLOWS: Cost((25, 180), (0.1, 5.0)),
    Step.FLOW_TRACE: Cost((4, 60), (0.1, 9.0)),
    Step.SYN_PACE: Cost((80, 290), (2.5, 12.0)),
    Step.HANDSHAKE: Cost((3, 8), (0.0, 4.0)),
    Step.STRAY_ACK: Cost((2, 8), (0.1, 4.6)),
    Step.CONNECT: Cost((1, 5), (0.0, 4.6)),
    Step.CONNECT_AGAIN: Cost((1, 5), (0.0, 4.6)),
    Step.SOURCE_PORTS: Cost((0, 2), (0.0, 0.5)),
    Step.SOCKETS: Cost((0, 0), (0.0, 0.5)),
    Step.LOSS: Cost((22, 280), (0.2, 5.0)),
    Step.HOP_LOSS: Cost((9, 300), (4.0, 9.0)),
    Step.TRACE: Cost((4, 60), (0.0, 3.0)),
    Step.CONTROL: Cost((5, 18), (0.2, 4.6)),
    Step.CONTROL_TRACE: Cost((3, 36), (0.0, 2.5)),
    Step.PATH_MTU: Cost((5, 60), (0.0, 4.0)),
    Step.FIREWALL: Cost((0, 0), (0.0, 2.0)),
    Step.RULE_TRACE: Cost((0, 20), (0.1, 6.0)),
    Step.PORTS: Cost((1, 196_606), (0.0, 30.0)),
    Step.DROP_REASONS: Cost((0, 40), (0.0, 6.0)),
    Step.COUNTERS: Cost((32, 90), (0.1, 4.0)),
    Step.REVERSE_PATH: Cost((16, 40), (0.4, 4.0)),
    Step.LISTENERS: Cost((0, 0), (0.0, 0.5)),
    Step.INTAKE: Cost((0, 0), (0.0, 10.5)),
    Step.SERVICE: Cost((0, 0), (0.0, 5.0)),
}
WITHOUT_RAW: dict[Step, Cost] = {
    Step.NEIGHBOUR: Cost((0, 3), (0.0, 3.7)),
    Step.SYN: Cost((1, 33), (0.0, 0.5)),
    Step.SYN_AGAIN: Cost((2, 20), (0.0, 4.6)),
    Step.SYN_OPTIONS: Cost((0, 0), (0.0, 0.1)),
    Step.CONNECT: Cost((1, 7), (0.0, 4.6)),
    Step.LOSS: Cost((16, 50), (0.2, 5.0)),
    Step.PATH_MTU: Cost((2, 60), (0.0, 5.2)),
}
"""Where the costs differ without raw sockets."""


def cost_of(step: Step, *, raw: bool) -> Cost:
    """Give what a measurement costs, with raw sockets or without."""
    return COSTS[step] if raw else WITHOUT_RAW.get(step, COSTS[step])
