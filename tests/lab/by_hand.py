"""What a person would try in the lab by hand: open a connection, trace with SYNs."""

import re
import socket
import sys

from layerwalk.lab.build import Lab
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import Family, Network

CONNECT = """
import socket, sys
host, port, family, wait = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
try:
    found = socket.getaddrinfo(host, port, socket.AddressFamily(family), socket.SOCK_STREAM)
    with socket.socket(found[0][0], socket.SOCK_STREAM) as s:
        s.settimeout(wait)
        s.connect(found[0][4])
        print("ok")
except OSError as error:
    print(type(error).__name__, error.errno)
"""
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
HASTY = {"RES_OPTIONS": "timeout:1 attempts:1"}


def connect(
    lab: Lab, target: str, family: Family, wait_s: float = 10.0, host: str = "client"
) -> str:
    bare = target.rpartition("://")[2].partition("/")[0]  # of a URL, only whom it speaks to
    name, _, port = bare.rpartition(":")
    words = [name.strip("[]"), port, str(int(FAMILY[family])), str(wait_s)]
    return lab.run(host, [sys.executable, "-c", CONNECT, *words], env=HASTY).stdout.strip()


def hops(lab: Lab, network: Network, shape: Shape, *, longest: int) -> list[str]:
    """Trace with SYNs; give what answered at each hop, an empty text for silence."""
    address = network.address("server", shape.family)
    words = ["-n", "-T", "-p", str(shape.port), "-q1", "-w2", "-m", str(longest), address]
    rows = lab.run("client", ["traceroute", *words]).stdout.splitlines()[1:]
    return [
        found.group() if (found := re.search(r"(?<=\s)\S*[.:]\S+", row)) else "" for row in rows
    ]


def speaking(network: Network, port: int = 5432) -> socket.socket:
    return socket.create_connection((network.address("server"), port), timeout=10)
