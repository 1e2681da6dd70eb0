"""Node.js: net, http, undici (its fetch), and axios.

An errno behind ``connect`` comes from the kernel. IPv6 addresses stand without brackets before
the port.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

NODE = "node"

RULES = (
    Rule(
        needs="connect etimedout",
        looks=r"\bconnect ETIMEDOUT (?P<at><AT>)",
        runtime=NODE,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="connect e",
        looks=r"\bconnect (?-i:E(?!TIMEDOUT)[A-Z]{4,16}) (?P<at><AT>)",
        runtime=NODE,
        phase="connect",
    ),
    Rule(
        needs="getaddrinfo e",
        looks=r"\bgetaddrinfo (?-i:E[A-Z_]{4,12}) (?P<host><NAME>)",
        runtime=NODE,
        phase="name",
    ),
    Rule(
        needs="connect timeout error",
        looks=r"Connect Timeout Error \(attempted address(?:es)?: (?P<at><AT>).{0,300}?"
        r"timeout: (?P<limit>\d+) ?(?P<unit>ms)\)",
        runtime=NODE,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="und_err_connect_timeout",
        looks=r"UND_ERR_CONNECT_TIMEOUT",
        runtime=NODE,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="headers timeout error",
        looks=r"Headers Timeout Error",
        runtime=NODE,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="timeout of ",
        looks=r"\btimeout of (?P<limit>\d+) ?(?P<unit>ms) exceeded",
        runtime=NODE,
        timer="program",
    ),
    Rule(
        needs="due to timeout",
        looks=r"The operation was aborted due to timeout",
        runtime=NODE,
        timer="program",
    ),
    Rule(
        needs="socket hang up",
        looks=r"\bsocket hang up\b",
        runtime=NODE,
        phase="read",
        errno="ECONNRESET",
        timer="none",
    ),
    Rule(
        needs="syscall: 'connect'",
        looks=r"syscall: 'connect'.{0,40}?address: '(?P<host><HOST>)'.{0,10}?port: (?P<port>\d+)",
        runtime=NODE,
        phase="connect",
    ),
    Rule(
        needs="aggregateerror [etimedout]",
        looks=r"AggregateError \[ETIMEDOUT\]",
        runtime=NODE,
        phase="connect",
        errno="ETIMEDOUT",
    ),
)
