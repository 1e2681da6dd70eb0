"""HAProxy: health checks that name a server, and the flags of its traffic log.

The first flag says who ended the session, the second in which phase: ``sC`` is the server's side
that ran out of time (``timeout connect``) while connecting, ``SC`` one that refused or reset.
The log names backend and server, no address: what the flags mean is told, the target is asked for.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

HAPROXY = "haproxy"
_TIMERS = r"(?: -?\d{1,9}(?:/-?\d{1,9}){2,4}| -?\d{1,9}/-?\d{1,9}/\+?\d{1,12}) .{0,80}?"
_CHECK = r"Server (?P<name>[\w.-]{1,100}/[\w.-]{1,100}) is (?:DOWN|going DOWN)"
_TOOK = r"(?:, check duration: (?P<limit>\d{1,9})(?P<unit>ms))?"

RULES = (
    Rule(
        needs=" sc",
        looks=_TIMERS + r" (?-i:sC)(?:--|[A-Z-]{2}) \d",
        runtime=HAPROXY,
        alone=True,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs=" sc",
        looks=_TIMERS + r" (?-i:SC)(?:--|[A-Z-]{2}) \d",
        runtime=HAPROXY,
        alone=True,
        phase="connect",
        timer="none",
    ),
    Rule(
        needs=" sh",
        looks=_TIMERS + r" (?-i:sH)(?:--|[A-Z-]{2}) \d",
        runtime=HAPROXY,
        alone=True,
        phase="read",
        timer="program",
    ),
    Rule(
        needs=" sh",
        looks=_TIMERS + r" (?-i:SH)(?:--|[A-Z-]{2}) \d",
        runtime=HAPROXY,
        alone=True,
        phase="read",
        timer="none",
    ),
    Rule(
        needs=" sd",
        looks=_TIMERS + r" (?-i:[sS]D)(?:--|[A-Z-]{2}) \d",
        runtime=HAPROXY,
        alone=True,
        phase="read",
    ),
    Rule(
        needs="layer4 timeout",
        looks=_CHECK + r", reason: Layer4 timeout" + _TOOK,
        measured=True,
        runtime=HAPROXY,
        alone=True,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="layer4 connection problem",
        looks=_CHECK + r", reason: Layer4 connection problem",
        runtime=HAPROXY,
        alone=True,
        phase="connect",
    ),
    Rule(
        needs="layer6 timeout",
        looks=_CHECK + r", reason: Layer6 timeout" + _TOOK,
        measured=True,
        runtime=HAPROXY,
        alone=True,
        phase="tls",
        timer="program",
    ),
    Rule(
        needs="layer7 timeout",
        looks=_CHECK + r", reason: Layer7 timeout" + _TOOK,
        measured=True,
        runtime=HAPROXY,
        alone=True,
        phase="read",
        timer="program",
    ),
)
