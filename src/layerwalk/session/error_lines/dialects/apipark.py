"""APIPark's gateway: it is written in Go and dials its upstreams with fasthttp.

Its own words for a dial that ran out of time name the upstream before the error; the rest is Go's.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

APIPARK = "go"

RULES = (
    Rule(
        needs="error when dialing",
        looks=r"error when dialing (?P<at><AT>): dialing to the given TCP address timed out",
        runtime=APIPARK,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="error when dialing",
        looks=r"error when dialing (?P<at><AT>): ",
        runtime=APIPARK,
        phase="connect",
    ),
    Rule(
        needs="dialing to the given tcp address timed out",
        looks=r"dialing to the given TCP address timed out",
        runtime=APIPARK,
        phase="connect",
        timer="program",
    ),
)
