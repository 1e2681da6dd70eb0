"""What programs print today, in a lab where every kind of failure is real, is understood.

Their kernel gives up after three seconds: one SYN and one repeat, then ETIMEDOUT.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import NameServer, Network
from layerwalk.lab.topology import NAME, line
from layerwalk.session.error_lines import ErrorLine, read_errors
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

DROPPED, CLOSED, REJECTED, SILENT = 1111, 2222, 3333, 5432
V4, V6 = "203.0.113.10", "2001:db8:2::10"
HTTP6 = f"http://[{V6}]:{DROPPED}/"
GONE = "gone.lab.test"
PATIENCE_S = 60.0
PYTHON = """
import asyncio, socket, sys, urllib.request
how, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if how == "socket": socket.create_connection((host, port))
if how == "limit": socket.create_connection((host, port), timeout=1)
if how == "asyncio": asyncio.run(asyncio.open_connection(host, port))
if how == "urllib": urllib.request.urlopen(f"http://{host}:{port}/", timeout=1)
"""


def network() -> Network:
    made = line(2, SILENT)
    drop = "tcp dport 1111 drop"
    reject = "tcp dport 3333 reject with icmpx admin-prohibited"
    made = made.with_host("client", sysctls=(("net.ipv4.tcp_syn_retries", "1"),))
    return made.with_host("r1", firewall=ruleset(forward=[drop, reject]))


@dataclass(frozen=True)
class Try:
    """A command, and what is to be read in what it prints; no ``host`` where it names none."""

    command: str
    host: str
    port: int | None
    phase: str
    errno: str
    timer: str
    limit_s: float | None = None

    @property
    def argv(self) -> list[str]:
        words = self.command.split(" ")
        if words[0] == "python":
            return [sys.executable, "-c", PYTHON, *words[1:]]
        return ["bash", "-c", " ".join(words[1:])] if words[0] == "bash" else words


SSH = "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=no"
PSQL = "psql user=app dbname=shop"
TRIES = (
    Try(f"curl -sS {V4}:{DROPPED}", V4, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"curl -sS --connect-timeout 1 {V4}:{DROPPED}", V4, DROPPED, "connect", "", "program", 1.0),
    Try(f"curl -sS --connect-timeout 1.5 {HTTP6}", V6, DROPPED, "connect", "", "program", 1.5),
    Try(f"curl -sS {NAME}:{CLOSED}", NAME, CLOSED, "connect", "", "none"),
    Try(f"curl -sS {GONE}:{CLOSED}", GONE, None, "name", "EAI_NONAME", "none"),
    Try(f"curl -sS -m 1 {V4}:{SILENT}", "", None, "read", "", "program", 1.0),
    Try(f"wget -t1 -O- http://{V4}:{DROPPED}/", V4, DROPPED, "connect", "ETIMEDOUT", "unknown"),
    Try(f"wget -t1 -T1 -O- http://{V4}:{SILENT}/", V4, SILENT, "read", "ETIMEDOUT", "unknown"),
    Try(f"wget -t1 -O- http://{NAME}:{CLOSED}/", NAME, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"nc -v -w1 {V4} {DROPPED}", V4, DROPPED, "connect", "", "program"),
    Try(f"nc -v {V4} {DROPPED}", V4, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"nc -v {V6} {DROPPED}", V6, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"nc -v {NAME} {CLOSED}", NAME, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"nc -v {V4} {REJECTED}", V4, REJECTED, "connect", "EHOSTUNREACH", "none"),
    Try(f"nc -v {GONE} {CLOSED}", GONE, CLOSED, "name", "EAI_NONAME", "none"),
    Try(f"bash exec 3<>/dev/tcp/{V4}/{DROPPED}", V4, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"bash exec 3<>/dev/tcp/{NAME}/{CLOSED}", NAME, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"{SSH} -p {DROPPED} {V4}", V4, DROPPED, "connect", "ETIMEDOUT", "unknown"),
    Try(f"{SSH} -p {CLOSED} {NAME}", NAME, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"{SSH} -o ConnectTimeout=1 -p {SILENT} {V4}", V4, SILENT, "read", "", "program"),
    Try(f"{SSH} {GONE}", GONE, None, "name", "EAI_NONAME", "none"),
    Try(f"git ls-remote git://{V4}:{DROPPED}/x", V4, None, "connect", "ETIMEDOUT", "kernel"),
    Try(f"git ls-remote git://{NAME}:{CLOSED}/x", NAME, None, "connect", "ECONNREFUSED", "none"),
    Try(f"git ls-remote http://{GONE}:{CLOSED}/x", GONE, CLOSED, "name", "EAI_NONAME", "none"),
    Try(f"{PSQL} host={V4} port=1111", V4, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"{PSQL} host={V4} port=1111 connect_timeout=2", V4, DROPPED, "connect", "", "program"),
    Try(f"{PSQL} host={NAME} port=2222", NAME, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"{PSQL} host={GONE}", GONE, None, "name", "EAI_NONAME", "none"),
    Try(f"python socket {V4} {DROPPED}", "", None, "connect", "ETIMEDOUT", "kernel"),
    Try(f"python limit {V4} {DROPPED}", "", None, "unknown", "", "program"),
    Try(f"python asyncio {V4} {DROPPED}", V4, DROPPED, "connect", "ETIMEDOUT", "kernel"),
    Try(f"python asyncio {V4} {CLOSED}", V4, CLOSED, "connect", "ECONNREFUSED", "none"),
    Try(f"python urllib {V4} {CLOSED}", "", None, "connect", "ECONNREFUSED", "none"),
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with build(network()) as made:
        yield made


@pytest.fixture(scope="module")
def printed(lab: Lab) -> dict[Try, str]:
    """What every command prints; they run at the same time."""
    running = [(one, started(lab, one.argv)) for one in TRIES]
    return {one: process.communicate(timeout=PATIENCE_S)[0] for one, process in running}


def started(lab: Lab, argv: list[str]) -> "subprocess.Popen[str]":
    if argv[0] == "psql":
        argv = ["psql", "-w", " ".join(argv[1:])]
    return lab.popen(
        "client",
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"},
    )


def last_of(text: str) -> ErrorLine:
    return read_errors(text)[-1]


@pytest.mark.parametrize("one", TRIES, ids=lambda one: one.command)
def test_what_it_prints_is_understood(one: Try, printed: dict[Try, str]) -> None:
    found = last_of(printed[one])
    target = found.target
    assert (target.host if target else "", target.port if target else None) == (one.host, one.port)
    assert (found.entry.phase, found.entry.errno) == (one.phase, one.errno), found
    assert found.entry.timer == one.timer, found
    assert found.entry.limit_s == pytest.approx(one.limit_s, abs=0.5), found


def test_a_silent_resolver_is_told() -> None:
    silent = network().with_host("dns", name_servers=(NameServer(silent=("ANY",)),))
    with build(silent) as quiet:
        said = started(quiet, ["curl", "-sS", "-m", "1", NAME]).communicate(timeout=PATIENCE_S)[0]
    found = last_of(said).entry
    assert (found.phase, found.timer) == ("name", "program")


def test_the_walk_from_a_line_finds_the_firewall(
    lab: Lab, printed: dict[Try, str], walker: Walker
) -> None:
    text = next(said for one, said in printed.items() if one.limit_s == 1.0 and one.host == V4)
    walked = walker.walk(lab, "client", "--from-error", text)
    assert walked.first["id"] == "firewall-drop"
    report = walked.report
    assert (report["target"]["host"], report["target"]["port"]) == (V4, DROPPED)
    assert report["error_line"]["timer"] == "program"
    assert report["error_line"]["limit_s"] >= 1.0
    first = report["evidence"][0]
    assert (first["id"], first["probe"]) == ("e1", "error-line")
    assert first["status"] == "answered_by_person"
    assert "The program's own limit of 1" in walked.err
