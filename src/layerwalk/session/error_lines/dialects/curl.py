"""curl, and programs that show libcurl's messages.

Exit code 28 with "Couldn't connect to server" was the kernel's time-out, with "Timeout was reached"
curl's own limit; the milliseconds are measured.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

CURL = "curl"
_TO = r"(?:Failed|Unable) to connect to (?P<host><HOST>) port (?P<port>\d{1,5})"

RULES = (
    Rule(
        needs="timeout was reached",
        looks=_TO + r" after (?P<limit>\d+) ?(?P<unit>ms): Timeout was reached",
        runtime=CURL,
        phase="connect",
        timer="program",
        measured=True,
    ),
    Rule(
        needs="curl: (28) failed to connect",
        looks=_TO + r" after \d+ ?ms: (?:Couldn't|Could not) connect to server",
        runtime=CURL,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="connection timed out",
        looks=r"(?:" + _TO + r"(?: after \d+ ms)?|connect to (?P<address><HOST>) port \d{1,5} "
        r"(?:from <HOST> port \d{1,5} )?failed): Connection timed out",
        runtime=CURL,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="connection timed out after ",
        looks=r"Connection timed out after (?P<limit>\d+) (?P<unit>milliseconds)",
        runtime=CURL,
        phase="connect",
        timer="program",
        measured=True,
    ),
    Rule(
        needs="operation timed out after ",
        looks=r"Operation timed out after (?P<limit>\d+) (?P<unit>milliseconds) with",
        runtime=CURL,
        phase="read",
        timer="program",
        measured=True,
    ),
    Rule(
        needs="resolving timed out after ",
        looks=r"Resolving timed out after (?P<limit>\d+) (?P<unit>milliseconds)",
        runtime=CURL,
        phase="name",
        timer="program",
        measured=True,
    ),
    Rule(
        needs="ssl connection timeout",
        looks=r"SSL connection timeout",
        runtime=CURL,
        phase="tls",
        timer="program",
    ),
    Rule(
        needs="failed connect to ",
        looks=r"Failed connect to (?P<at><AT>); Connection timed out",
        runtime=CURL,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="curl: (7) failed to connect to ",
        looks=_TO + r"\b",
        runtime=CURL,
        phase="connect",
        timer="none",
    ),
    Rule(needs="to connect to ", looks=_TO + r"\b", runtime=CURL, phase="connect"),
    Rule(
        needs=" port ",
        looks=r"connect to (?P<host><HOST>) port (?P<port>\d{1,5}) (?:from \S+ port \d+ )?failed",
        runtime=CURL,
        phase="connect",
    ),
    Rule(
        needs="could not resolve host",
        looks=r"Could not resolve host: (?P<host><NAME>)",
        runtime=CURL,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="empty reply from server",
        looks=r"Empty reply from server",
        runtime=CURL,
        phase="read",
        timer="none",
    ),
    Rule(
        needs="the requested url returned error",
        looks=r"The requested URL returned error: 50[234]",
        runtime=CURL,
        phase="read",
    ),
    Rule(
        needs="trying ",
        looks=r"^\* *Trying (?P<at><AT>)\.\.\.",
        runtime=CURL,
    ),
    Rule(needs="curl: (28)", looks=r"^curl: \(28\)", runtime=CURL),
    Rule(needs="curl: (", looks=r"\bcurl: \(\d+\)", runtime=CURL),
)
