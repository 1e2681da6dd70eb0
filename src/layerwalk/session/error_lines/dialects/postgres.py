"""libpq, so psql and whatever is built on it, in any language; and psycopg's list of attempts.

``timeout expired`` is libpq's own ``connect_timeout``; ``Connection timed out`` the kernel's.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

LIBPQ = "libpq"
_HOST = (
    r"[\"«»“”„「][ \xa0]?(?P<host><HOST>)[ \xa0]?[\"«»“”„」]"
    r"(?: ?[(（](?P<address><HOST>)[)）])?[^\d\s\"(（=]{0,10} ?"
)
_NUMBER = r"[у]?[ 「\"]?(?P<port>\d{1,5})(?!\d)"
_TO = _HOST + "port" + _NUMBER
_PORT = ("port", "puerto", "porta", "порт", "端口", "連接埠", "ポート", "포트")
"""The word for a port, in the languages that libpq speaks."""

RULES = (
    Rule(
        needs="timeout expired",
        looks=r"connection to server at " + _TO + r" failed: timeout expired",
        runtime=LIBPQ,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="connection timed out",
        looks=r"connection to server at " + _TO + r" failed: Connection timed out",
        runtime=LIBPQ,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="server closed the connection",
        looks=r"connection to server at " + _TO + r" failed: server closed the connection",
        runtime=LIBPQ,
        phase="read",
        timer="none",
    ),
    Rule(
        needs="connection to server at",
        looks=r"connection to server at " + _TO,
        runtime=LIBPQ,
        phase="connect",
    ),
    *(
        Rule(needs=word, looks=_HOST + word + _NUMBER + r"\D{2}", runtime=LIBPQ, phase="connect")
        for word in _PORT
    ),
    Rule(
        needs="could not connect to server: ",
        looks=r"could not connect to server: .{0,200}?host \"(?P<host><HOST>)\""
        r"(?: \((?P<address><HOST>)\))? and accepting\s+TCP/IP connections on port (?P<port>\d+)",
        runtime=LIBPQ,
        phase="connect",
    ),
    Rule(
        needs="could not connect to server: connection timed out",
        looks=r"could not connect to server: Connection timed out",
        runtime=LIBPQ,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="failed to connect to `host=",
        looks=r"failed to connect to `host=(?P<host><HOST>)",
        runtime="go",
    ),
    Rule(
        needs="could not translate host name",
        looks=r"could not translate host name \"(?P<host><NAME>)\" to address",
        runtime=LIBPQ,
        phase="name",
    ),
    Rule(needs="psql: ", looks=r"^psql: ", runtime=LIBPQ),
    Rule(
        needs="hostaddr: '",
        looks=r"- host: '(?P<host><HOST>)', port: '(?P<port>\d+)', hostaddr: '(?P<address><HOST>)'",
        runtime=LIBPQ,
        phase="connect",
    ),
    Rule(
        needs="failed to resolve host '",
        looks=r"failed to resolve host '(?P<host><NAME>)'",
        runtime=LIBPQ,
        phase="name",
    ),
    Rule(
        needs="timeout expired",
        looks=r"\b(?:connection )?timeout expired",
        runtime=LIBPQ,
        phase="connect",
        timer="program",
    ),
)
