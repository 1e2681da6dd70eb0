"""PHP's streams, and Guzzle above curl.

PHP always sets a limit of its own (60 s by default), but words it as the kernel does.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

PHP = "php"

RULES = (
    Rule(
        needs="unable to connect to ",
        looks=r"\(\): Unable to connect to (?:(?P<url><URL>)|(?P<at><AT>)) \(php_network_getaddr",
        runtime=PHP,
        phase="name",
    ),
    Rule(
        needs="unable to connect to ",
        looks=r"\(\): Unable to connect to (?:(?P<url><URL>)|(?P<at><AT>)) \(",
        runtime=PHP,
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="ailed to open stream: http request failed",
        looks=r"\w\((?P<url><URL>)\): [Ff]ailed to open stream: HTTP request failed",
        runtime=PHP,
        phase="read",
    ),
    Rule(
        needs="ailed to open stream: php_network_getaddresses",
        looks=r"\w\((?P<url><URL>)\): [Ff]ailed to open stream: php_network_getaddresses",
        runtime=PHP,
        phase="name",
    ),
    Rule(
        needs="ailed to open stream: ",
        looks=r"\w\((?P<url><URL>)\): [Ff]ailed to open stream: ",
        runtime=PHP,
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="php_network_getaddresses",
        looks=r"php_network_getaddresses: getaddrinfo(?: for (?P<host><NAME>))? failed",
        runtime=PHP,
        phase="name",
    ),
    Rule(
        needs="sqlstate[hy000] [2002]",
        looks=r"SQLSTATE\[HY000\] \[2002\]",
        runtime="php",
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="curl error ",
        looks=r"cURL error \d+: .{0,400}? for (?P<url><URL>)",
        runtime="php",
    ),
)
