"""Rust: the standard library, hyper and reqwest. ``os error 110`` is the kernel's."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

RUST = "rust"

RULES = (
    Rule(
        needs="os error 110",
        looks=r"\(os error 110\)",
        runtime=RUST,
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="kind: timedout",
        looks=r"\bcode: 110, kind: TimedOut",
        runtime=RUST,
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="kind: timedout, message",
        looks=r"Error \{ kind: TimedOut, message: ",
        runtime=RUST,
        timer="program",
    ),
    Rule(
        needs="kind: wouldblock",
        looks=r"\bcode: 11, kind: WouldBlock",
        runtime=RUST,
        phase="read",
        timer="program",
    ),
    Rule(needs="kind: ", looks=r"\bcode: \d+, kind: [A-Z]\w+, message: ", runtime=RUST),
    Rule(
        needs="error sending request for url",
        looks=r"error sending request for url \((?P<url><URL>)\)",
        runtime="rust",
    ),
    Rule(
        needs="host: some(",
        looks=r"host: Some\((?:Domain\(\"|Ipv4\(|Ipv6\()(?P<host><HOST>)\"?\)\), "
        r"port: Some\((?P<port>\d{1,5})\)",
        runtime=RUST,
    ),
    Rule(
        needs="tcp connect error",
        looks=r"\btcp connect error: (?:deadline has elapsed|timed out)",
        runtime=RUST,
        phase="connect",
        timer="program",
    ),
    Rule(needs="tcp connect error", looks=r"\btcp connect error", runtime=RUST, phase="connect"),
    Rule(
        needs="dns error",
        looks=r"\bdns error: failed to lookup address",
        runtime=RUST,
        phase="name",
    ),
    Rule(
        needs="failed to lookup address information",
        looks=r"failed to lookup address information",
        runtime=RUST,
        phase="name",
    ),
    Rule(
        needs="operation timed out",
        looks=r"\boperation timed out$",
        runtime=RUST,
        timer="program",
    ),
    Rule(needs="(os error ", looks=r"\(os error \d+\)", runtime=RUST),
)
