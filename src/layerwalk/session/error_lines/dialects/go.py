"""Go's net and net/http, and what is written in Go; fasthttp, which APIPark's gateway dials with.

A time limit of the program shows as ``i/o timeout``; the kernel's as ``connection timed out``, in
old releases behind ``getsockopt:``, which only hands the error over.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

GO = "go"
_TO = r"tcp[46]?"

RULES = (
    Rule(
        needs="proxyconnect tcp",
        looks=r"proxyconnect tcp: dial tcp[46]? (?P<at><AT>): ",
        runtime=GO,
        phase="connect",
        alone=True,
    ),
    Rule(
        needs="lookup",
        looks=r"\blookup (?!failure)(?P<host><NAME>)(?: on (?:<AT>))?: .{0,200}?i/o timeout",
        runtime=GO,
        phase="name",
        timer="program",
    ),
    Rule(
        needs="lookup",
        looks=r"\blookup (?!failure)(?P<host><NAME>)(?: on (?:<AT>))?: ",
        runtime=GO,
        phase="name",
    ),
    Rule(
        needs="i/o timeout",
        looks=rf"\bdial {_TO} (?:<AT>->)?(?P<at><AT>): i/o timeout",
        runtime=GO,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="timed out",
        looks=rf"\bdial {_TO} (?:<AT>->)?(?P<at><AT>): "
        r"(?:(?:connect|getsockopt): )?(?:connection|operation) timed out",
        runtime=GO,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="dial ",
        looks=rf"\bdial {_TO} (?:<AT>->)?(?P<at><AT>): ",
        runtime=GO,
        phase="connect",
    ),
    Rule(
        needs="->",
        looks=r"\b(?:read|write) tcp[46]? <AT>->(?P<at><AT>): i/o timeout",
        runtime=GO,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="->",
        looks=r"\b(?:read|write) tcp[46]? <AT>->(?P<at><AT>): "
        r"(?:read|write): connection timed out",
        runtime=GO,
        phase="read",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="->",
        looks=r"\b(?:read|write) tcp[46]? <AT>->(?P<at><AT>): ",
        runtime=GO,
        phase="read",
    ),
    Rule(
        needs="tls handshake timeout",
        looks=r"net/http: TLS handshake timeout",
        runtime=GO,
        phase="tls",
        timer="program",
    ),
    Rule(
        needs="timeout awaiting response headers",
        looks=r"timeout awaiting response headers",
        runtime=GO,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="while waiting for connection",
        looks=r"request canceled while waiting for connection",
        runtime=GO,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="request canceled (client.timeout",
        looks=r"request canceled \(Client\.Timeout exceeded while awaiting headers",
        runtime=GO,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="while reading body",
        looks=r"\(Client\.Timeout or context cancellation while reading body\)",
        runtime=GO,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="context deadline exceeded",
        looks=r"context deadline exceeded",
        runtime=GO,
        timer="program",
    ),
    Rule(
        needs="://",
        looks=r"\b(?:Get|Post|Put|Patch|Delete|Head|Options) \"?(?P<url><URL>)\"?: ",
        runtime=GO,
    ),
    Rule(
        needs="eof",
        looks=r"\b(?:Get|Post|Put|Patch|Delete|Head) \"?(?P<url><URL>)\"?: (?:unexpected )?EOF",
        runtime=GO,
        phase="read",
        timer="none",
    ),
)
