"""The JDK's sockets and HTTP clients, Netty, and libraries above them.

The JDK's own messages name no place: that stands in the log line above the stack trace. Netty adds
it, and calls its own limit ``connection timed out`` in lower case, the kernel's in upper case.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

JAVA = "java"
# Netty and the JDK write an address as NAME/ADDRESS:PORT, either half of which may be missing.
_PLACE = r"(?:(?P<host><NAME>)?/(?P<address><V6>|\[<V6>\]|[\d.]{7,15})(?::(?P<port>\d{1,5}))?)"

RULES = (
    Rule(
        needs="timed out",
        looks=r"(?:getsockopt|finishConnect)\(\.{0,2}\) failed: Connection timed out: " + _PLACE,
        runtime=JAVA,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="connection timed out: getsockopt",
        looks=rf"Connection timed out: getsockopt(?:: {_PLACE})?",
        runtime=JAVA,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="connecttimeoutexception",
        looks=rf"ConnectTimeoutException: connection timed out(?: after (?P<limit>\d+) ?"
        rf"(?P<unit>ms))?: {_PLACE}",
        runtime=JAVA,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="connecttimeoutexception",
        looks=r"ConnectTimeoutException: Connect to (?P<at><AT>)(?: \[(?P<host><NAME>)?/"
        r"(?P<address>[\d.]{7,15}|<V6>)[^\]]{0,300}\])? failed",
        runtime=JAVA,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="connect to ",
        looks=r"\bConnect to (?:https?://)?(?P<at><AT>)(?: \[[^\]]{0,300}\])? failed: ",
        runtime=JAVA,
        phase="connect",
    ),
    Rule(
        needs="exception: ",
        looks=rf"(?:Connection timed out|Connection refused|No route to host)(?:: no further "
        rf"information)?: {_PLACE}",
        runtime=JAVA,
        phase="connect",
    ),
    Rule(
        needs="connectexception: connection timed out",
        looks=r"ConnectException: Connection timed out",
        runtime=JAVA,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="sockettimeoutexception: ",
        looks=r"SocketTimeoutException: connect(?:ion)? timed out",
        runtime=JAVA,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="failed to connect to",
        looks=r"failed to connect to (?P<host><NAME>)?/(?P<address><V6>|[\d.]{7,15})"
        r" \(port (?P<port>\d{1,5})\).{0,80}? after (?P<limit>\d+) ?(?P<unit>ms)",
        runtime=JAVA,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="sockettimeoutexception",
        looks=r"SocketTimeoutException: (?:Read timed out|timeout)",
        runtime=JAVA,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="http connect timed out",
        looks=r"HttpConnectTimeoutException: HTTP connect timed out",
        runtime=JAVA,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="httptimeoutexception: request timed out",
        looks=r"HttpTimeoutException: request timed out",
        runtime=JAVA,
        timer="program",
    ),
    Rule(
        needs="/<unresolved>:",
        looks=r"(?P<host><NAME>)/<unresolved>:(?P<port>\d{1,5})",
        runtime=JAVA,
    ),
    Rule(
        needs="readtimeoutexception",
        looks=r"io\.netty\.handler\.timeout\.ReadTimeoutException",
        runtime=JAVA,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="unknownhostexception: ",
        looks=r"UnknownHostException: (?:Failed to resolve ')?(?P<host><NAME>)",
        runtime=JAVA,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="communications link failure",
        looks=r"Communications link failure",
        runtime=JAVA,
    ),
    Rule(
        needs="connection to ",
        looks=r"PSQLException: Connection to (?P<at><AT>) refused",
        runtime=JAVA,
        phase="connect",
        errno="ECONNREFUSED",
        timer="none",
    ),
    Rule(
        needs="java.net.connectexception",
        looks=r"java\.net\.ConnectException$",
        runtime=JAVA,
        phase="connect",
    ),
    Rule(
        needs="starthandshake",
        looks=r"SSLSocketImpl\.startHandshake",
        runtime=JAVA,
        phase="tls",
    ),
    Rule(needs="java.", looks=r"\bjavax?\.[\w.]{3,80}Exception", runtime=JAVA),
)
