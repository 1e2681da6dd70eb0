"""Envoy: the text of its local replies, and the response flags and upstream of its access log."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

ENVOY = "envoy"
_REPLY = r"upstream connect error or disconnect/reset before headers\."
_FLAG = r"(?:HTTP/[\d.]{1,3}\" \d{3}|response_flags\"?[=:] ?\"?|\" 50[34]) ?(?:[A-Z]{2,6},)?"
_WHERE = (
    r"(?:.{0,2000}?(?:\"(?P<address>[\d.]{7,15}|\[<V6>\]):\d{1,5}\" )?"
    r"\boutbound\|(?P<port>\d{1,5})\|[^|]{0,100}\|(?P<host><NAME>))?"
)

RULES = (
    Rule(
        needs="reset reason: connection timeout",
        looks=_REPLY + r".{0,60}?reset reason: connection timeout",
        runtime=ENVOY,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="reset reason: remote connection failure",
        looks=_REPLY + r".{0,60}?reset reason: remote connection failure",
        runtime=ENVOY,
        phase="connect",
    ),
    Rule(
        needs="reset reason: connection failure",
        looks=_REPLY + r".{0,60}?reset reason: connection failure",
        runtime=ENVOY,
        phase="connect",
    ),
    Rule(
        needs="reset reason: connection termination",
        looks=_REPLY + r".{0,60}?reset reason: connection termination",
        runtime=ENVOY,
        phase="read",
        errno="ECONNRESET",
        timer="none",
    ),
    Rule(
        needs="delayed connect error: ",
        looks=r"delayed connect error: (?:\d{1,3}|[A-Z])",
        runtime=ENVOY,
        phase="connect",
    ),
    Rule(
        needs="upstream request timeout",
        looks=r"\bupstream request timeout\b",
        runtime=ENVOY,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="connection_timeout",
        looks=_FLAG + r"\"?U(?:F|RX)\b.{0,60}?connection_timeout" + _WHERE,
        runtime=ENVOY,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="uf",
        looks=_FLAG + r"\"?U(?:F|RX),?(?:U(?:F|RX))?\b" + _WHERE,
        runtime=ENVOY,
        phase="connect",
    ),
    Rule(
        needs="urx",
        looks=_FLAG + r"\"?URX\b" + _WHERE,
        runtime=ENVOY,
        phase="connect",
    ),
    Rule(
        needs="ut",
        looks=_FLAG + r"\"?UT\b" + _WHERE,
        runtime=ENVOY,
        phase="read",
        timer="program",
    ),
    Rule(needs="uh", looks=_FLAG + r"\"?UH\b" + _WHERE, runtime=ENVOY, timer="none"),
    Rule(
        needs="upstream_host",
        looks=r"\"?\bupstream_host\"?[=:] ?\"?(?P<at><AT>)\"?",
        runtime=ENVOY,
    ),
)
