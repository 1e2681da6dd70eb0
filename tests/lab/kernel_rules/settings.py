"""What has to be set before packets flow: addresses, neighbours, and rules that go again."""

import json
import socket
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

from layerwalk.lab.build import Lab
from tests.lab.kernel_rules.trials import OWN, THEIRS, Commands
from tests.lab.kernel_rules.witness import load

_ALL = 3  # ETH_P_ALL, packet(7)
MARKER = 0x88B5  # of IEEE 802's for local experiments


def works(kind: str) -> bool:
    """Whether rules can be loaded: iptables by its backend's name."""
    if kind == "nft":
        return True
    command = ["unshare", "--net", f"{kind}-restore"]
    text = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"
    try:
        done = subprocess.run(command, input=text, text=True, check=False, capture_output=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def mac_of(lab: Lab, host: str) -> str:
    """Read the address of a host on the link."""
    return str(json.loads(lab.run(host, ["ip", "-j", "link", "show", "eth0"]).stdout)[0]["address"])


def prepare(host: str, other: str) -> None:
    """Give addresses, routes and neighbours, so that nobody has to ask for them."""
    own, theirs = (OWN, THEIRS) if host == "client" else (THEIRS, OWN)
    lines = [f"addr replace {it}/128 dev eth0 nodad" for it in own[6]]
    lines += [f"addr replace {it}/32 dev eth0" for it in own[4] if host == "peer"]
    lines += [
        f"neigh replace {it} lladdr {other} dev eth0" for its in theirs.values() for it in its
    ]
    if host == "client":
        lines += ["route replace default via 192.0.2.2 dev eth0"]
        lines += ["route replace 2001:db8::2 dev eth0", "route replace default via 2001:db8::2"]
    else:
        lines += [f"route replace {it} dev eth0" for it in OWN[6]]
    text = "\n".join(lines)
    subprocess.run(["ip", "-batch", "-"], input=text, text=True, check=True, capture_output=True)


def frames(stack: ExitStack) -> socket.socket:
    """Open a socket for frames that no rule of IP sees."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(MARKER))
    stack.enter_context(closing(sock))
    sock.bind(("eth0", MARKER))
    sock.settimeout(10)
    return sock


def everything(stack: ExitStack) -> socket.socket:
    """Open a socket that hears every frame of IP which comes in."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
    stack.enter_context(closing(sock))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sock.bind(("eth0", _ALL))
    return sock


def give(commands: Commands) -> str:
    """Take all rules away, then give those commands; what the first says that fails."""
    load("flush ruleset\n")
    for tool in ("iptables-legacy", "ip6tables-legacy"):
        _emptied(tool)
    for command, text in commands:
        done = subprocess.run(command, input=text, text=True, check=False, capture_output=True)
        if done.returncode:
            return f"{' '.join(command)}: {done.stderr}"
    return ""


def _emptied(tool: str) -> None:
    names = Path(f"/proc/thread-self/net/{tool.partition('tables')[0]}_tables_names")
    try:
        tables = names.read_text("ascii").split()
    except OSError:
        return
    hooks = {
        "raw": "PREROUTING OUTPUT",
        "mangle": "PREROUTING INPUT FORWARD OUTPUT POSTROUTING",
        "nat": "PREROUTING INPUT OUTPUT POSTROUTING",
    }
    for table in tables:
        chains = hooks.get(table, "INPUT FORWARD OUTPUT").split()
        text = f"*{table}\n" + "".join(f":{it} ACCEPT [0:0]\n" for it in chains) + "COMMIT\n"
        subprocess.run([f"{tool}-restore"], input=text, text=True, check=True, capture_output=True)
