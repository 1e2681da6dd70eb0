"""What a person types to try a connection: wget, nc, ncat, socat, telnet, and the shell itself.

wget words its own limit and the kernel's time-out alike.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

_WGET = (
    r"(?P<host><NAME>) \([^)|]{1,255}\)(?:\||\[)(?P<address><V6>|[\d.]{7,15})(?:\||\])"
    r":(?P<port>\d{1,5})"
)

RULES = (
    Rule(
        needs="|:",
        looks=_WGET + r".{1,30}?(?:: |：)\S",
        runtime="wget",
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="]:",
        looks=_WGET + r".{1,30}?: \S",
        runtime="wget",
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="|:",
        looks=_WGET,
        runtime="wget",
    ),
    Rule(
        needs="connecting to ",
        looks=r"^Connecting to (?P<at><AT>)\.\.\. failed: ",
        runtime="wget",
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="unable to resolve host address",
        looks=r"unable to resolve host address .(?P<host><NAME>)",
        runtime="wget",
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="--  ",
        looks=r"^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  (?P<url><URL>)",
        runtime="wget",
    ),
    Rule(
        needs="in headers",
        looks=r"Read error \(.{1,80}\) in headers",
        runtime="wget",
        phase="read",
        timer="unknown",
    ),
    Rule(
        needs="timed out: operation now in progress",
        looks=r"nc: connect to (?P<host><HOST>)(?: \((?P<address><HOST>)\))? port (?P<port>\d+) "
        r"\(\w+\) timed out",
        runtime="nc",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="connection timed out",
        looks=r"nc: connect to (?P<host><HOST>)(?: \((?P<address><HOST>)\))? port (?P<port>\d+) "
        r"\(\w+\) failed: Connection timed out",
        runtime="nc",
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="nc: connect to ",
        looks=r"nc: connect to (?P<host><HOST>)(?: \((?P<address><HOST>)\))? port (?P<port>\d+) ",
        runtime="nc",
        phase="connect",
    ),
    Rule(
        needs="getaddrinfo",
        looks=r"nc: getaddrinfo(?: for host \"(?P<host><NAME>)\" port (?P<port>\d+))?: ",
        runtime="nc",
        phase="name",
    ),
    Rule(
        needs="ncat: ",
        looks=r"^Ncat: Connection to (?P<host><HOST>) failed: TIMEOUT",
        runtime="ncat",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="ncat: ",
        looks=r"^Ncat: Connection to (?P<host><HOST>) failed: ",
        runtime="ncat",
        phase="connect",
    ),
    Rule(
        needs="ncat: could not resolve",
        looks=r"^Ncat: Could not resolve hostname \"(?P<host><NAME>)\"",
        runtime="ncat",
        phase="name",
    ),
    Rule(
        needs="e connecting to af=",
        looks=r"E connecting to AF=\d+ \"?(?P<at><AT>)\"?: Connection timed out",
        runtime="socat",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs=" e connect(",
        looks=r" E connect\(\d+, AF=\d+ \"?(?P<at><AT>)\"?, \d+\): Connection timed out",
        runtime="socat",
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs=" e connect(",
        looks=r" E connect\(\d+, AF=\d+ \"?(?P<at><AT>)\"?, \d+\): ",
        runtime="socat",
        phase="connect",
    ),
    Rule(
        needs="e getaddrinfo(",
        looks=r" E getaddrinfo\(\"(?P<host><NAME>)\", ",
        runtime="socat",
        phase="name",
    ),
    Rule(
        needs="connection timed out",
        looks=r"^telnet: (?:Unable to connect to remote host|connect to address (?P<host><HOST>)): "
        r"Connection timed out",
        runtime="telnet",
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="telnet: connect to address ",
        looks=r"^telnet: connect to address (?P<host><HOST>): ",
        runtime="telnet",
        phase="connect",
    ),
    Rule(needs="trying ", looks=r"^Trying (?P<host><HOST>)\.\.\.$", runtime="telnet"),
    Rule(
        needs="server lookup failure",
        looks=r"Server lookup failure:\s+(?P<at><AT>),",
        runtime="telnet",
        phase="name",
    ),
    Rule(
        needs="/dev/tcp/",
        looks=r"/dev/tcp/(?P<host><HOST>)/(?P<port>\d+): Connection timed out",
        runtime="bash",
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="/dev/tcp/",
        looks=r"/dev/tcp/(?P<host><HOST>)/(?P<port>\d+): (?!Invalid argument)",
        runtime="bash",
        phase="connect",
    ),
    Rule(needs="/dev/tcp/", looks=r"/dev/tcp/(?P<host><HOST>)/(?P<port>\d+): ", runtime="bash"),
)
