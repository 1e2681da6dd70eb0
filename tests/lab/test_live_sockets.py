"""Live sockets in other networks: read from outside, with the time after which each really ends."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.topology import PORT, line
from layerwalk.session.sockets import Sight, Which, entry_of, look
from layerwalk.session.sockets.report import SocketEntry
from tests.lab.ordinary import NOBODY
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
LAYERWALK = (sys.executable, "-P", "-m", "layerwalk")
CONNECTS = """
import errno, json, socket, struct, sys, threading, time
host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
def waits(name, *options):
    tried = socket.socket(family)
    for option in options:
        tried.setsockopt(*option)
    began = time.monotonic()
    code = tried.connect_ex((host, port))
    ends[name] = [errno.errorcode[code], time.monotonic() - began]
ends = {}
counted = (socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
bound = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 2500)
limited = (socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", 2, 0))
asked = {"TCP_SYNCNT": [counted], "TCP_USER_TIMEOUT": [bound], "SO_SNDTIMEO": [limited]}
threads = [threading.Thread(target=waits, args=(name, *it)) for name, it in asked.items()]
for one in threads:
    one.start()
def asking():
    lines = [line for name in ("tcp", "tcp6") for line in open("/proc/thread-self/net/" + name)]
    return sum(line.split()[3] == "02" for line in lines)
while asking() < len(asked):
    time.sleep(0.01)
print("begun", flush=True)
for one in threads:
    one.join()
print(json.dumps(ends), flush=True)
sys.stdin.read()
"""
HOLDS = """
import errno, json, socket, sys, threading, time
host, port = sys.argv[1], int(sys.argv[2])
def made(*options):
    one = socket.create_connection((host, port))
    for option in options:
        one.setsockopt(socket.IPPROTO_TCP, *option)
    return one
alive = made((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2))
alive.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
bound = made((socket.TCP_USER_TIMEOUT, 2000))
print("made", flush=True)
sys.stdin.readline()
bound.send(b"x")
ends, began = {}, time.monotonic()
def reads(name, one):
    try:
        one.recv(1)
    except OSError as error:
        ends[name] = [errno.errorcode[error.errno], time.monotonic() - began]
pairs = {"SO_KEEPALIVE": alive, "TCP_USER_TIMEOUT": bound}
threads = [threading.Thread(target=reads, args=pair) for pair in pairs.items()]
for one in threads:
    one.start()
time.sleep(0.8)
print("sent", flush=True)
for one in threads:
    one.join()
print(json.dumps(ends), flush=True)
sys.stdin.read()
"""
EARLY_S, LATE_S = 0.15, 1.5
"""The kernel's timers are never early, but for the time between two looks; and a little late."""


@contextmanager
def program(
    lab: Lab, source: str, version: Literal[4, 6] = 4, around: tuple[str, ...] = ()
) -> Iterator["subprocess.Popen[str]"]:
    """Run a program on the client until the block ends; it has said its first line."""
    to = lab.network.address("server", version)
    argv = [*around, sys.executable, "-I", "-S", "-c", source, to, str(PORT)]
    pipe = subprocess.PIPE
    with lab.popen("client", argv, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert said(process)
            yield process
        finally:
            process.kill()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


@contextmanager
def dropping() -> Iterator[Lab]:
    rules = ruleset(input=[f"tcp dport {PORT} drop"])
    with build(line(0).with_host("server", firewall=rules)) as lab:
        yield lab


def entries(sight: Sight) -> list[SocketEntry]:
    return [entry_of(one, sight.settings) for one in sight.seen.sockets]


@pytest.mark.parametrize("version", [4, 6])
def test_an_attempt_ends_when_and_as_was_foretold(version: Literal[4, 6]) -> None:
    with dropping() as lab, program(lab, CONNECTS, version) as process:
        found = entries(look(Which(pid=process.pid)))
        assert {one.state for one in found} == {"SYN_SENT"}
        ends: dict[str, Any] = json.loads(said(process))
    firsts = {one.first.name: one.first for one in found if one.first}
    assert set(firsts) == set(ends)
    for name, (error, took_s) in ends.items():
        whole_s = firsts[name].limit_s
        assert whole_s is not None
        assert error in {firsts[name].error, "EAGAIN", "EWOULDBLOCK"}
        assert whole_s - EARLY_S <= took_s <= whole_s + LATE_S


@pytest.mark.parametrize("version", [4, 6])
def test_a_connection_ends_when_and_as_was_foretold(version: Literal[4, 6]) -> None:
    """By keepalive where nothing is sent, by TCP_USER_TIMEOUT where something is."""
    with build(line(0)) as lab, program(lab, HOLDS, version) as process:
        rules = ruleset(input=["meta l4proto tcp drop"])
        assert lab.run("server", ["nft", "-f", "-"], input=rules).returncode == 0
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        assert said(process)
        found = {
            one.first.name: one.first for one in entries(look(Which(pid=process.pid))) if one.first
        }
        ends: dict[str, Any] = json.loads(said(process))
    assert set(found) == set(ends)
    for name, (error, took_s) in ends.items():
        in_s = found[name].in_s
        assert in_s is not None
        assert error == found[name].error
        assert in_s + 0.8 - EARLY_S <= took_s <= in_s + 0.8 + LATE_S


def test_a_walk_reads_what_the_program_has_set(walker: Walker) -> None:
    source = CONNECTS.replace("TCP_SYNCNT, 1", "TCP_SYNCNT, 3").replace(
        '"SO_SNDTIMEO": [limited]', ""
    )
    source = source.replace('"TCP_USER_TIMEOUT": [bound], ', "")
    with dropping() as lab, program(lab, source) as process:
        to = f"{lab.network.address('server', 4)}:{PORT}"
        walked = walker.walk(lab, "dns", "--pid", str(process.pid), to)
        other = walker.walk(lab, "client", to)
    found = {it["probe"]: it for it in walked.report["evidence"]}["sockets"]
    assert found["data"]["sockets"][0]["syn_count"] == 3
    assert f"has 1 socket to {to}: SYN_SENT" in found["finding"]
    timer = walked.report["verdict"]["timer"]
    assert (timer["whose"], timer["kernel_s"]) in {("unknown", 15.0), ("unknown", 19.0)}
    assert "its socket has TCP_SYNCNT 3" in timer["says"]
    remark = {it["probe"]: it for it in other.report["evidence"]}["sockets"]
    assert f"1 other socket waits for an answer from {to}" in remark["finding"]


def test_an_ordinary_user_is_told_what_it_may_not_see() -> None:
    """Of root's process it gets what /proc shows, and of its own everything."""
    with dropping() as lab, program(lab, CONNECTS) as process:
        words = (*AS_NOBODY, *LAYERWALK, "sockets", str(process.pid))
        told = lab.run("client", [*words, "--json"])
        text = lab.run("client", words)
        assert told.returncode == text.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert {one["state"] for one in found["sockets"]} == {"SYN_SENT"}
    assert [one["options"] for one in found["sockets"]] == [None] * 3
    assert any("CAP_SYS_PTRACE" in gap for gap in found["gaps"])
    assert "may not see what process" in " ".join(text.stdout.split())


def test_an_ordinary_user_sees_all_of_its_own() -> None:
    with dropping() as lab, program(lab, CONNECTS, around=AS_NOBODY) as process:
        words = (*AS_NOBODY, *LAYERWALK, "sockets", str(process.pid), "--json")
        found = json.loads(lab.run("client", words).stdout)
    assert found["gaps"] == []
    assert all(one["options"] for one in found["sockets"])
    assert len(found["sockets"]) == 3
