"""OpenSSH's client, and git, whose transports speak through it, through curl, or themselves.

ssh gives its own ``ConnectTimeout`` and the kernel's time-out the same words.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

SSH, GIT = "ssh", "git"

RULES = (
    Rule(
        needs="connect to host ",
        looks=r"\bconnect to host (?P<host><HOST>) port (?P<port>\d{1,5}): Connection timed out",
        runtime=SSH,
        phase="connect",
        errno="ETIMEDOUT",
        timer="unknown",
    ),
    Rule(
        needs="connect to host ",
        looks=r"\bconnect to host (?P<host><HOST>) port (?P<port>\d{1,5}): ",
        runtime=SSH,
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="could not resolve hostname",
        looks=r"Could not resolve hostname (?P<host><NAME>): ",
        runtime=SSH,
        phase="name",
    ),
    Rule(
        needs=" port ",
        looks=r"\bConnection to (?P<host><HOST>) port (?P<port>\d{1,5}) timed out",
        runtime=SSH,
        phase="read",
        timer="program",
    ),
    Rule(
        needs=" port ",
        looks=r"\bConnection (?:reset|closed) by (?:[\w.-]+ )?(?P<host><HOST>) port (?P<port>\d+)",
        runtime=SSH,
        phase="read",
        errno="ECONNRESET",
        timer="none",
    ),
    Rule(
        needs="during banner exchange",
        looks=r"Connection timed out during banner exchange",
        runtime=SSH,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="unable to access '",
        looks=r"unable to access '(?P<url><URL>)': ",
        runtime=GIT,
    ),
    Rule(
        needs="unable to connect to ",
        looks=r"fatal: unable to connect to (?P<host><HOST>):\s+",
        runtime=GIT,
        phase="connect",
    ),
    Rule(
        needs=": errno=",
        looks=r"(?P<host><NAME>)\[\d+: (?P<address><HOST>)\]: errno=Connection timed out",
        runtime=GIT,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs=": errno=",
        looks=r"(?P<host><NAME>)\[\d+: (?P<address><HOST>)\]: errno=",
        runtime=GIT,
        phase="connect",
    ),
    Rule(
        needs="unable to look up ",
        looks=r"unable to look up (?P<host><NAME>)(?: \(port (?P<port>\d+)\))?",
        runtime=GIT,
        phase="name",
    ),
)
