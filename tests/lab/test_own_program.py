"""Walks as a program whose sockets meet what no other connection of its machine does."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.topology import PORT, line
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

NARROW = """
# 51 is IP_LOCAL_PORT_RANGE
import errno, json, socket, struct, sys
host, port, held = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
def tried():
    one = socket.socket(family)
    one.setsockopt(socket.IPPROTO_IP, 51, struct.pack("=I", 41007 << 16 | 41000))
    return one, errno.errorcode.get(one.connect_ex((host, port)), "")
try:
    kept = [tried() for _ in range(held)]
except OSError as error:
    print(json.dumps({"lacking": error.strerror}), flush=True)
else:
    another, code = tried()
    another.close()
    print(json.dumps({"code": code}), flush=True)
sys.stdin.read()
"""
HELD = 8


@contextmanager
def keeping(lab: Lab, version: Literal[4, 6], held: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Run a program on the client whose sockets keep to eight ports, so many of them taken."""
    to = lab.network.address("server", version)
    argv = [sys.executable, "-I", "-S", "-c", NARROW, to, str(PORT), str(held)]
    pipe = subprocess.PIPE
    with lab.popen("client", argv, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout
            said = json.loads(process.stdout.readline())
            if "lacking" in said:
                pytest.skip(f"this kernel has no IP_LOCAL_PORT_RANGE: {said['lacking']}")
            yield process.pid, said
        finally:
            process.kill()


@pytest.mark.parametrize("version", [4, 6])
def test_the_ports_that_a_program_keeps_itself_to(version: Literal[4, 6], walker: Walker) -> None:
    """From outside of its network; another program there finds ports in plenty."""
    with build(line(0)) as lab, keeping(lab, version, HELD) as (pid, said):
        assert said == {"code": "EADDRNOTAVAIL"}
        address = lab.network.address("server", version)
        to = f"[{address}]:{PORT}" if version == 6 else f"{address}:{PORT}"
        walked = walker.walk(lab, "dns", "--pid", str(pid), to)
        without = walker.walk(lab, "client", to)
    assert walked.first["id"] == "ephemeral-ports-exhausted"
    assert walked.first["where"] == {"kind": "local"}
    assert "(41000-41007, IP_LOCAL_PORT_RANGE) are taken" in walked.first["explanation"]
    assert without.report["verdict"]["outcome"] == "healthy"


@pytest.mark.parametrize("version", [4, 6])
def test_one_port_left_is_enough(version: Literal[4, 6], walker: Walker) -> None:
    """The attempt that was made and reset leaves nothing behind."""
    with build(line(0)) as lab, keeping(lab, version, HELD - 2) as (pid, said):
        assert said == {"code": ""}
        address = lab.network.address("server", version)
        to = f"[{address}]:{PORT}" if version == 6 else f"{address}:{PORT}"
        walked = walker.walk(lab, "dns", "--pid", str(pid), to)
    assert walked.report["verdict"]["outcome"] == "healthy"
    found = {it["probe"]: it for it in walked.report["evidence"]}["sockets"]
    assert "8 source ports (41000-41007, IP_LOCAL_PORT_RANGE)" in found["finding"]
