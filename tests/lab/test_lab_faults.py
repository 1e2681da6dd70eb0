"""Each fault of the lab, seen with ordinary tools: it shows, and where it is said to be."""

import re
import sys

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.sample import pairwise
from layerwalk.lab.serving import SERVER
from layerwalk.lab.shapes import Fault, Scenario, Shape, target_address
from layerwalk.lab.spec import FAMILIES, Family, Manner, Service
from tests.lab.by_hand import connect, hops

pytestmark = pytest.mark.netns

EXCHANGE = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10) as s:
    s.settimeout(float(sys.argv[3]))
    s.sendall(bytes(20_000))
    got = 0
    try:
        while got < 20_000:
            got += len(s.recv(65536))
    except TimeoutError:
        pass
    print(got)
"""
OUTCOMES = {
    None: "ok",
    "pmtu-blackhole": "ok",
    "high-latency": "ok",
    "packet-loss": "ok",
    "connect-timeout-too-short": "ok",
    "port-closed": "ConnectionRefusedError",
    "conntrack-full": "TimeoutError",
    "ephemeral-ports-exhausted": "OSError 99",
    "firewall-drop": "TimeoutError|OSError 113",
    "path-blackhole": "TimeoutError",
    "host-down": "TimeoutError",
    "gateway-unreachable": "TimeoutError|gaierror -3",
    "link-down": "TimeoutError|OSError (101|113)|gaierror -3",
    "no-route": "OSError 101|gaierror -3",
    "route-rejected": "OSError (22|101|113)|PermissionError",
    "route-missing-on-path": "OSError 101",
    "reverse-path-filter": "TimeoutError",
    "duplicate-address": "",
    "link-errors": "",
    "syn-rate-limited": "ok",
    "accept-queue-full": "ok|TimeoutError",
    "syn-option-dropped": "ok|TimeoutError|ConnectionRefusedError",
    "flow-dependent-path": "ok|TimeoutError|PermissionError|OSError (101|113)",
    "routing-loop": "OSError 113",
    "firewall-reject": "ConnectionRefusedError|OSError (101|113)|PermissionError",
    "name-not-found": "gaierror -(2|5)",
    "resolver-unreachable": "gaierror -3",
    "resolver-failing": "gaierror -3",
    "hosts-file-override": "ConnectionRefusedError|TimeoutError|OSError 113",
    "address-unusable": "",
    "service-not-running": "ConnectionRefusedError",
    "descriptors-exhausted": "ok",
    "processes-exhausted": "ok",
    "disk-exhausted": "ok",
    "cpu-saturated": "ok|TimeoutError",
    "memory-exhausted": "ok",
    "listens-elsewhere": "ConnectionRefusedError",
}
HASTY = {"net.ipv4.tcp_syn_retries": "1"}
"""The system's resolver waits for TCP as long as the kernel does."""
UNSEEN = {"healthy-server-published"}
"""What NAT hands on to is not in the lab."""
FROM_ELSEWHERE = {"--mark", "--source", "--pid"}
"""A connection of the system's own has none of these, and meets something else."""
EVERY_FAULT = [
    (fault, shape)
    for fault, shape in pairwise(seed=11)[: len(ALL)]
    if FROM_ELSEWHERE.isdisjoint(fault.apply(shape).args) and fault.id not in UNSEEN
]


@pytest.mark.parametrize(
    ("fault", "shape"), EVERY_FAULT, ids=[f"{fault.id}-{shape}" for fault, shape in EVERY_FAULT]
)
def test_a_fault_shows(fault: Fault, shape: Shape) -> None:
    scenario = fault.apply(shape)
    expected = OUTCOMES[fault.cause]
    wait_s = 1.5 if expected.startswith("TimeoutError") else 10.0
    network = scenario.network
    if fault.cause == "resolver-failing":
        client = network.host(scenario.client)
        network = network.with_host(client.name, sysctls=(*client.sysctls, *HASTY.items()))
    with build(network) as lab:
        target, host = tried(scenario, shape)
        assert re.match(expected, connect(lab, target, shape.family, wait_s, host))


def tried(scenario: Scenario, shape: Shape) -> tuple[str, str]:
    """What is connected to, and from where: a fault of the server shows to its client."""
    if scenario.client != SERVER:
        return scenario.target, "client"
    own = scenario.target.rpartition(":")[0] in {"127.0.0.1", "[::1]"}
    return (scenario.target, SERVER) if own else (target_address(scenario.network, shape), "client")


@pytest.mark.parametrize("shape", [Shape(4, 2), Shape(4, 2, 6), Shape(3, 3), Shape(3, 1, 6)])
@pytest.mark.parametrize(
    "name",
    [
        "firewall-drop",
        "firewall-reject",
        "path-blackhole",
        "path-blackhole-return",
        "path-blackhole-route",
        "route-missing-on-path",
    ],
)
def test_a_syn_gets_as_far_as_expected(name: str, shape: Shape) -> None:
    scenario = ALL[name].apply(shape)
    after = scenario.where.get("after")
    last = after["address"] if isinstance(after, dict) else ""
    with build(scenario.network) as lab:
        found = hops(lab, scenario.network, shape, longest=shape.routers + 1)
    assert ([""] + [address for address in found if address])[-1] == last


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ["firewall-drop", "path-blackhole"])
def test_a_dropped_answer_lets_the_syn_through(name: str, family: Family) -> None:
    shape = Shape(3, 1, family, direction="back")
    scenario = ALL[name].apply(shape)
    with build(scenario.network) as lab:
        found = hops(lab, scenario.network, shape, longest=4)
    assert found[2:] == [scenario.network.hop_address(3, family), ""]


def exchanged(scenario: Scenario, shape: Shape, wait_s: float) -> int:
    service = Service(shape.port, Manner.ECHO)
    network = scenario.network.with_host("server", services=(service,))
    words = [network.address("server", shape.family), str(shape.port), str(wait_s)]
    with build(network) as lab:
        return int(lab.run("client", [sys.executable, "-c", EXCHANGE, *words]).stdout)


@pytest.mark.parametrize("shape", [Shape(2, 1), Shape(2, 2), Shape(2, 1, 6), Shape(1, 1, 6)])
def test_a_small_link_swallows_data_only_where_nobody_says_so(shape: Shape) -> None:
    assert exchanged(ALL["pmtu-blackhole"].apply(shape), shape, 1.5) == 0
    assert exchanged(ALL["healthy-small-mtu"].apply(shape), shape, 15) == 20_000
    assert exchanged(ALL["healthy-clamped-mss"].apply(shape), shape, 15) == 20_000
