"""The manual procedure: what a person tries one after the other, as a script.

It goes as fast as its tools: no time is counted for reading and thinking. A name is looked up
first, and where it has no address the person stops there. How well packets get through, by mtr and
tracepath, is only looked at where something answers; tracepath is broken off after half a minute.
"""

import re
import shutil
from dataclasses import dataclass

from benchmarks.processes import Start, to_its_end
from layerwalk.lab.tools import environment

TOOLS = {
    "ip": "iproute2",
    "ping": "iputils-ping",
    "dig": "bind9-dnsutils",
    "nc": "netcat-openbsd",
    "nmap": "nmap",
    "traceroute": "traceroute",
    "mtr": "mtr-tiny",
    "tracepath": "iputils-tracepath",
    "timeout": "coreutils",
}
# Only traceroute comes near the bound, and only where thirty hops are silent.
SCRIPT = r"""
target=$1 port=$2 six=$3 type=$4 up= open=
run() { timeout 90 "$@" >&2; }
run ip -br link
run ip -br addr
if [ -n "$type" ]; then
    found=$(timeout 90 dig +short +time=5 +tries=2 "$target" "$type")
    target=$(printf '%s\n' "$found" | grep -E '^[0-9a-fA-F.:]+$' | tail -n 1)
    [ -n "$target" ] || exit 0
fi
run ip $six route get "$target"
run ping $six -c 4 -W 2 "$target" && up=yes
run ip $six neigh
run nc $six -w 5 -z "$target" "$port" && open=yes
run nmap $six -Pn -p "$port" "$target"
run traceroute $six -n "$target"
run traceroute $six -n -T -p "$port" "$target"
date +%s.%N
if [ -n "$up" ]; then
    run mtr $six -n -r "$target"
elif [ -n "$open" ]; then
    run mtr $six -n -r -T -P "$port" "$target"
fi
[ -z "$up$open" ] || run timeout 30 tracepath $six -n "$target"
date +%s.%N
"""
SAID = (
    "By hand means, one after the other and by script: `ip link`, `ip addr`, `ip route get`, "
    "`ping -c 4 -W 2`, `ip neigh`, `nc -w 5 -z`, `nmap -Pn -p`, `traceroute -n`, "
    "`traceroute -n -T -p`, and where anything answered `mtr -n -r` (its ten rounds; by SYNs where "
    "no echo came) for loss and `tracepath -n` (30 s at most) for sizes; for a name "
    "`dig +time=5 +tries=2` first, and no more where it has no address. No time is counted for "
    "reading what these tools say."
)
TARGET = re.compile(r"(?:tcp://)?(?:\[(?P<v6>[^]]+)\]|(?P<host>[^/:\[\]]+)):(?P<port>\d+)$")


@dataclass(frozen=True)
class Manual:
    """Seconds of the whole procedure, and of it without mtr and tracepath."""

    seconds: float
    first_s: float


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


def timed(start: Start, argv: list[str]) -> Manual:
    """Run the script, and tell how long it took."""
    ended = to_its_end(start, argv)
    return Manual(ended.seconds, ended.seconds - beyond(ended.out))


def beyond(marks: str) -> float:
    """Seconds between the script's two marks; none where it stopped before them."""
    times = [float(line) for line in marks.split()]
    return times[-1] - times[0] if len(times) == 2 else 0.0
