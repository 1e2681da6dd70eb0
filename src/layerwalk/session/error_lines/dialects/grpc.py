"""gRPC's status texts, from its C core (C++, Python, PHP, …), Go and Java."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

GRPC = "grpc"

RULES = (
    Rule(
        needs="failed to connect to all addresses",
        looks=r"failed to connect to all addresses; last error: \w+: ipv[46]:(?P<at><AT>): "
        r"(?:connection attempt )?timed out",
        runtime=GRPC,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="failed to connect to all addresses",
        looks=r"failed to connect to all addresses(?:; last error: \w+: ipv[46]:"
        r"(?:%5B)?(?P<at><AT>)?)?",
        runtime=GRPC,
        phase="connect",
    ),
    Rule(
        needs="errors resolving ",
        looks=r"errors resolving (?P<at><AT>): \[",
        runtime=GRPC,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="dns resolution failed for ",
        looks=r"DNS resolution failed for (?P<at><AT>): ",
        runtime=GRPC,
        phase="name",
    ),
    Rule(
        needs="rpc error: code = ",
        looks=r"rpc error: code = (?:Unavailable|DeadlineExceeded) desc = ",
        runtime="grpc",
    ),
    Rule(
        needs="deadline_exceeded",
        looks=r"DEADLINE_EXCEEDED(?:: (?:CallOptions )?deadline exceeded after "
        r"(?P<limit><NUMBER>)(?P<unit>s))?",
        runtime=GRPC,
        timer="program",
        measured=True,
    ),
    Rule(
        needs="remote_addr=",
        looks=r"remote_addr=(?:(?P<host><NAME>)?/)?(?P<address><V6>|\[<V6>\]|[\d.]{7,15})"
        r":(?P<port>\d+)",
        runtime=GRPC,
    ),
)
