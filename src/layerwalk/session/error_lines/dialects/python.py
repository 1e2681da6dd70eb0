"""Python: the standard library, requests and urllib3, httpx, aiohttp, asyncio, Twisted's kin.

``[Errno 110]`` is the kernel's; ``timed out`` without a number is a limit of the program's own.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

PYTHON = "python"
_POOL = r"HTTP(?P<secure>S)?Connection(?:Pool)?\(host='(?P<host><HOST>)', port=(?P<port>\d+)\)"

RULES = (
    Rule(
        needs="connect timeout=",
        looks=_POOL + r".{0,4000}?timed out\. \(connect timeout=(?P<limit><NUMBER>)\)",
        runtime=PYTHON,
        phase="connect",
        timer="program",
        scheme="http",
    ),
    Rule(
        needs="connect timeout=none",
        looks=_POOL + r".{0,4000}?timed out\. \(connect timeout=None\)",
        runtime=PYTHON,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
        scheme="http",
    ),
    Rule(
        needs="read timeout=",
        looks=_POOL + r": Read timed out\. \(read timeout=(?P<limit><NUMBER>)\)",
        runtime=PYTHON,
        phase="read",
        timer="program",
        scheme="http",
    ),
    Rule(
        needs="failed to resolve",
        looks=_POOL + r".{0,4000}?Failed to resolve '",
        runtime=PYTHON,
        phase="name",
        scheme="http",
    ),
    Rule(
        needs="failed to establish a new connection",
        looks=_POOL + r".{0,4000}?Failed to establish a new connection: \[Errno (?!-)",
        runtime=PYTHON,
        phase="connect",
        scheme="http",
    ),
    Rule(needs="connection", looks=_POOL, runtime=PYTHON, scheme="http"),
    Rule(
        needs="connection timeout to host",
        looks=r"Connection timeout to host (?P<url><URL>)",
        runtime=PYTHON,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="cannot connect to host",
        looks=r"Cannot connect to host (?P<at><AT>) ssl:",
        runtime=PYTHON,
    ),
    Rule(
        needs="connect call failed ('",
        looks=r"Connect call failed \('(?P<host><HOST>)', (?P<port>\d+)",
        runtime=PYTHON,
        phase="connect",
        every=True,
    ),
    Rule(
        needs="[errno 110]",
        looks=r"\[Errno 110\]",
        runtime=PYTHON,
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(needs="[errno ", looks=r"\[Errno -?\d+\]", runtime=PYTHON),
    Rule(
        needs="connecttimeout: ",
        looks=r"\bConnectTimeout: ",
        runtime=PYTHON,
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="readtimeout: ",
        looks=r"\bReadTimeout: ",
        runtime=PYTHON,
        phase="read",
        timer="program",
    ),
    Rule(
        needs="handshake operation timed out",
        looks=r"_ssl\.c:\d+: The handshake operation timed out",
        runtime=PYTHON,
        phase="tls",
        timer="program",
    ),
    Rule(
        needs="error",
        looks=r"(?:^|[\s.(])(?:Connection[A-Z]\w{4,12}Error|OSError|gaierror)(?:[:(]|$)",
        runtime=PYTHON,
    ),
    Rule(
        needs="timeouterror",
        looks=r"^(?:asyncio\.\S{0,20})?TimeoutError(?:: timed out)?$",
        runtime=PYTHON,
        timer="program",
    ),
    Rule(
        needs="urlopen error timed out",
        looks=r"<urlopen error timed out>",
        runtime=PYTHON,
        timer="program",
    ),
    Rule(needs="traceback (most recent", looks=r"^Traceback \(most recent call", runtime=PYTHON),
)
