"""Ruby: the standard library's errors by their classes, with the words of net/http and Socket."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

RUBY = "ruby"

RULES = (
    Rule(
        needs="net::opentimeout",
        looks=r"\bNet::OpenTimeout\b",
        runtime=RUBY,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="net::readtimeout",
        looks=r"\bNet::ReadTimeout\b",
        runtime=RUBY,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="failed to open tcp connection to ",
        looks=r"Failed to open TCP connection to (?P<at><AT>) \(",
        runtime=RUBY,
        phase="connect",
    ),
    Rule(
        needs="connect(2) for ",
        looks=r"connect\(2\) for \"?(?P<host><HOST>)\"? port (?P<port>\d{1,5})",
        runtime=RUBY,
        phase="connect",
    ),
    Rule(
        needs="connect(2) for ",
        looks=r"connect\(2\) for (?P<at><AT>)",
        runtime=RUBY,
        phase="connect",
    ),
    Rule(needs="errno::e", looks=r"\bErrno::E[A-Z]{4,14}\b", runtime=RUBY),
)
