"""The kernel's own timer against the schedule: real connects to a port that drops, to their end."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from layerwalk.diagnosis.syn_schedule import gives_up_s, moments_s
from layerwalk.diagnosis.time_figures import figures
from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.facts import Outcome, TimersFact
from tests.lab.probed import probed

pytestmark = pytest.mark.netns

BEFORE_6_5 = not os.path.exists("/proc/sys/net/ipv4/tcp_syn_linear_timeouts")  # noqa: PTH110
WAIT = """
import errno, json, socket, sys, time
host, port, own = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
with socket.socket(family, socket.SOCK_STREAM) as s:
    if own:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, own)
    began = time.monotonic()
    code = s.connect_ex((host, port))
    print(json.dumps([errno.errorcode[code], time.monotonic() - began]))
"""
READ = """
import errno, json, socket, sys, time
host, port, sends = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.create_connection((host, port)) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sends:
        s.send(b"x")
    began = time.monotonic()
    try:
        s.recv(1)
    except OSError as error:
        print(json.dumps([errno.errorcode[error.errno], time.monotonic() - began]))
"""
CASES = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (2, 1, 0), (1, 4, 0), (2, 4, 0), (6, 4, 2), (6, 0, 1)]
"""Settings of the namespace, repeats and linear ones, and the socket's own TCP_SYNCNT."""


@contextmanager
def dropping(retries: int, linear: int) -> Iterator[tuple[Lab, str, str]]:
    """A client whose connections to the port get no answer; gives both addresses of the server."""
    sysctls = [("net.ipv4.tcp_syn_retries", str(retries))]
    if linear or not BEFORE_6_5:
        sysctls.append(("net.ipv4.tcp_syn_linear_timeouts", str(linear)))
    network = line(0).with_host("client", sysctls=tuple(sysctls))
    network = network.with_host("server", firewall=ruleset(input=[f"tcp dport {PORT} drop"]))
    with build(network) as lab:
        yield lab, network.address("server", 4), network.address("server", 6)


def waiting(lab: Lab, host: str, own: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WAIT, host, str(PORT), str(own)]
    return lab.popen("client", command, stdout=subprocess.PIPE, text=True)


def ended(process: "subprocess.Popen[str]") -> tuple[str, float]:
    code, seconds = json.loads(process.communicate()[0])
    return str(code), float(seconds)


@pytest.mark.skipif(BEFORE_6_5, reason="the kernel has no tcp_syn_linear_timeouts")
def test_the_kernel_gives_up_when_the_schedule_says() -> None:
    """All at once: the longest of these waits for 7 s."""
    found = []
    with ExitStack() as stack:
        for retries, linear, own in CASES:
            lab, v4, v6 = stack.enter_context(dropping(retries, linear))
            found += [(own or retries, linear, waiting(lab, host, own)) for host in (v4, v6)]
        for retries, linear, process in found:
            code, seconds = ended(process)
            assert code == "ETIMEDOUT"
            due = gives_up_s(retries, linear)
            after = next(moment for moment in moments_s(linear) if moment > due)
            assert due <= seconds < after, (retries, linear)


@pytest.mark.skipif(BEFORE_6_5, reason="the kernel has no tcp_syn_linear_timeouts")
def test_the_settings_are_those_of_the_namespace() -> None:
    with dropping(3, 2) as (lab, _, _):
        (fact,) = probed(lab, "client", "timers", [()])
        (other,) = probed(lab, "server", "timers", [()])
    assert isinstance(fact, TimersFact)
    assert (fact.outcome, fact.syn_retries, fact.linear_timeouts) == (Outcome.ANSWERED, 3, 2)
    assert (other.syn_retries, other.linear_timeouts) != (3, 2)


@pytest.mark.parametrize("retries", [1, 3, 4])
def test_an_open_connection_ends_when_the_figures_say(retries: int) -> None:
    """Nothing is acknowledged any more: data is repeated in vain, or an idle end is probed."""
    settings = {"retries2": retries, "keepalive_time": 1, "keepalive_intvl": 1}
    names = [(f"net.ipv4.tcp_{name}", str(value)) for name, value in settings.items()]
    network = line(0).with_host("client", sysctls=(*names, ("net.ipv4.tcp_keepalive_probes", "2")))
    mute = ruleset(output=[f"tcp sport {PORT} tcp flags & (syn | ack) == ack drop"])
    network = network.with_host("server", firewall=mute)
    with build(network) as lab:
        (fact,) = probed(lab, "client", "timers", [()])
        assert isinstance(fact, TimersFact)
        known = {one.name: one for one in figures(fact)}
        waits = {
            (family, sends): lab.popen(
                "client",
                [sys.executable, "-c", READ, network.address("server", family), str(PORT), sends],
                stdout=subprocess.PIPE,
                text=True,
            )
            for family in FAMILIES
            for sends in "01"
        }
        found = {case: ended(process) for case, process in waits.items()}
    for (_, sends), (code, seconds) in found.items():
        name = f"tcp_retries2 {retries}" if sends == "1" else "tcp_keepalive_time 1 + 2 x 1"
        assert code == "ETIMEDOUT"
        assert known[name].fits(seconds), (name, seconds)
