"""What no program has for itself: a host, a port or a URL near words of failure.

These count only where no dialect names the place. A sender's address (client, peer, from) is none,
and neither is a link to further reading, or a line of source code.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

_NOT_CODE = (
    r"(?![\w./-]{0,200}\.(?:go|py|js|mjs|cjs|ts|tsx|jsx|java|kt|scala|rb|php|rs|c|cc|cpp|h|hpp|cs|"
    r"lua|pl|sh|sql|ya?ml|xml|json|conf|cfg|log|txt|html?|so|ex|erl|swift|dart|clj)\b)"
)
_SENDER = (
    r"(?<!from )(?<!client )(?<!client: )(?<!client=)(?<!peer )(?<!peer=)(?<!source )(?<!src=)"
    r"(?<!remote )(?<!local )(?<!laddr=)(?<!on )(?<!bind )(?<!remote_addr=)(?<!for )"
)
_DOCS = (
    r"(?<!see )(?<!See )(?<!see: )(?<!See: )(?<!check: )(?<!visit )(?<!Visit )(?<!at: )"
    r"(?<!information: )(?<!documentation: )(?<!docs: )(?<!read )(?<!help: )(?<!referrer: \")"
    r"(?<!referer: \")(?<!more: )"
)
_TO = (
    r"\b(?:to|(?:server|host|service|redis|database) at|with|against|reach|contact|connect|"
    r"connecting|dial|dialing|upstream|server|host|endpoint|broker|backend|"
    r"addr|address|destination|dest|target|url|uri)\b[\"']?(?:[ =:]"
    r"[ =:\"'(<\[`]{0,4})"
)

PLACES = (
    Rule(
        needs="host",
        looks=r"\bhost(?:name)?[\"']?(?: ?[=:] ?| )[\"']?(?P<host><HOST>)[\"']?(?: ?\((?P<address>"
        r"<HOST>)\))?(?:[,;]? ?| and )[\"']?port[\"']?(?: ?[=:] ?| )[\"']?(?P<port>\d{1,5})\b",
    ),
    Rule(
        needs=" port ",
        looks=r"[\"'](?P<host><HOST>)[\"'] ?(?:\((?P<address><HOST>)\))?,? (?:on )?port "
        r"(?P<port>\d{1,5})\b",
    ),
    Rule(needs=":", looks=r"[\"'`](?P<host><HOST>)[\"'`]:[\"'`](?P<port>\d{1,5})[\"'`]"),
    Rule(needs=" port ", looks=_TO + r"(?P<host><HOST>),?(?: on)? port (?P<port>\d{1,5})\b"),
    Rule(needs=">", looks=r"<AT> ?(?:->|=>|-->) ?(?P<at><AT>)"),
    Rule(
        needs="://",
        looks=r"(?=[a-z])(?<![\w+.-])(?=[a-z][a-z0-9+.-]{1,20}://)" + _DOCS + r"(?P<url><URL>)",
        every=True,
    ),
    Rule(
        needs="/",
        looks=r"\b(?P<host><NAME>)/(?P<address>\d{1,3}(?:\.\d{1,3}){3}|\[<V6>\]):(?P<port>\d{1,5})"
        r"\b",
    ),
    Rule(
        needs="(",
        looks=r"(?P<host>(?<![\w.-])(?:[\w-]{1,63}\.){1,12}[a-z][\w-]*) ?"
        r"\((?P<address>\d{1,3}(?:\.\d{1,3}){3}|<V6>)\)(?::(?P<port>\d{1,5})\b)?",
    ),
    Rule(
        needs="(",
        looks=r"(?P<at><NAME>:\d{1,5}) \((?P<address>\d{1,3}(?:\.\d{1,3}){3}|<V6>)\)",
    ),
    Rule(needs=":", looks=_TO + _NOT_CODE + r"(?P<at>(?:\[<V6>\]|<NAME>):\d{1,5})\b"),
    Rule(
        needs=":",
        looks=r"(?=[\d\[])(?<![\w.:/-])"
        + _SENDER
        + r"(?P<at>(?:\d{1,3}(?:\.\d{1,3}){3}|\[<V6>\]):\d{1,5})\b(?!\.)",
        every=True,
    ),
    Rule(
        needs=":",
        looks=r"(?=[\w-])(?<![\w.:/@-])(?=[\w-]{1,63}\.)"
        + _SENDER
        + _NOT_CODE
        + r"(?P<at>(?:[\w-]{1,63}\.){1,12}[a-z][\w-]{0,62}\.?:\d{2,5})\b(?![.:]\d)",
        every=True,
    ),
    Rule(
        needs="",
        looks=_TO + _NOT_CODE + r"(?P<host>\d{1,3}(?:\.\d{1,3}){3}(?![.:]?\d)|\[<V6>\]|<V6>)",
    ),
    Rule(
        needs="resolv",
        looks=r"\bresolv(?:e|ing) (?:host(?:name)?|name|address|domain)?:? ?[\"']?"
        r"(?P<host>(?<![\w.-])(?:[\w-]{1,63}\.){1,12}[a-z][\w-]*)",
        phase="name",
    ),
)
QUOTED = Rule(
    needs=".",
    looks=r"[\"'`«»“”„「][ \xa0]?(?P<host>(?:[\w-]{1,63}\.){1,12}[a-z][\w-]{0,62}\.?)[ \xa0]?"
    r"[\"'`«»“”„」]",
    phase="name",
)
"""A name in quotes, which is the one that was looked up where a look-up failed."""

LIMITS = (
    Rule(
        needs="time",
        looks=r"(?<![?&\w])(?:timed out|timeout|exceeded)\b.{0,20}?"
        r"(?:after|of|=|:|in) ?(?P<limit><NUMBER>) ?"
        r"(?P<unit>ms|milliseconds?|msecs?|s|secs?|seconds?|m|mins?|minutes?)\b",
        timer="program",
    ),
    Rule(
        needs="within",
        looks=r"\bwithin (?P<limit><NUMBER>) ?"
        r"(?P<unit>ms|milliseconds?|msecs?|s|secs?|seconds?|m|mins?|minutes?)\b",
        timer="program",
    ),
)
