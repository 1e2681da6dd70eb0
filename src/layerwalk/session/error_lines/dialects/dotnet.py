""".NET's HttpClient and SocketException; the words are Windows', or the C library's on Linux."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

DOTNET = ".net"
_AT = r"\((?P<at>(?:\[<V6>\]|<NAME>):\d{1,5})\)"

RULES = (
    Rule(
        needs="connected host has failed to respond",
        looks=r"did not properly respond after a period of time, or established connection failed "
        r"because connected host has failed to respond\.?(?: [\[(](?P<at><AT>)[\])])?",
        runtime=DOTNET,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="httpclient.timeout of ",
        looks=r"HttpClient\.Timeout of (?P<limit><NUMBER>) (?P<unit>seconds) elapsing",
        runtime=DOTNET,
        timer="program",
    ),
    Rule(
        needs="connection timed out (",
        looks=r"Connection timed out " + _AT,
        runtime=DOTNET,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="refused",
        looks=r"(?:Connection refused|actively refused it\.?) " + _AT,
        runtime=DOTNET,
        phase="connect",
    ),
    Rule(
        needs="known",
        looks=r"(?:Name or service not known|No such host is known\.?) " + _AT,
        runtime=DOTNET,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="no route to host (",
        looks=r"No route to host " + _AT,
        runtime=DOTNET,
        phase="connect",
    ),
    Rule(needs="system.net.", looks=r"\bSystem\.Net\.[\w.]{4,60}Exception", runtime=DOTNET),
)
