"""The manual procedure: what a person tries one after the other, as a script.

It goes as fast as its tools: no time is counted for reading and thinking. A name is looked up
first, and where it has no address the person stops there.
"""

import re
import shutil

from layerwalk.lab.tools import environment

TOOLS = {
    "ping": "iputils-ping",
    "dig": "bind9-dnsutils",
    "nc": "netcat-openbsd",
    "nmap": "nmap",
    "traceroute": "traceroute",
    "timeout": "coreutils",
}
# Only traceroute comes near the bound, and only where thirty hops are silent.
SCRIPT = r"""
target=$1 port=$2 six=$3 type=$4
run() { timeout 90 "$@"; }
if [ -n "$type" ]; then
    found=$(run dig +short +time=5 +tries=2 "$target" "$type")
    target=$(printf '%s\n' "$found" | grep -E '^[0-9a-fA-F.:]+$' | tail -n 1)
    [ -n "$target" ] || exit 0
fi
run ping $six -c 4 -W 2 "$target"
run nc $six -w 5 -z "$target" "$port"
run nmap $six -Pn -p "$port" "$target"
run traceroute $six -n "$target"
run traceroute $six -n -T -p "$port" "$target"
"""
TARGET = re.compile(r"(?:tcp://)?(?:\[(?P<v6>[^]]+)\]|(?P<host>[^/:\[\]]+)):(?P<port>\d+)$")


def missing() -> list[str]:
    """The packages, in Debian's words, of the tools that are not installed."""
    path = environment()["PATH"]
    return [package for tool, package in TOOLS.items() if shutil.which(tool, path=path) is None]


def command(target: str, family: int) -> list[str] | None:
    """The script for this target; None for one that the tools can't be pointed at (a URL)."""
    found = TARGET.match(target)
    if found is None:
        return None
    host = found["v6"] or found["host"]
    is_name = not found["v6"] and not re.fullmatch(r"[\d.]+", host)
    type_ = {4: "A", 6: "AAAA"}[family] if is_name else ""
    six = "-6" if family == 6 else ""
    return ["/bin/sh", "-c", SCRIPT, "sh", host, found["port"], six, type_]
