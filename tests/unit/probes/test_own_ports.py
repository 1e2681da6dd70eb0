"""The source ports that a program keeps itself to, on loopback."""

import socket
from collections.abc import Iterator

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.own_ports import narrowed
from layerwalk.probes.own_sockets import own_sockets
from layerwalk.probes.port_range import PortRange, port_range
from tests.unit.probes.process_sockets.program import Program, program

SYSTEM = PortRange(32768, 60999, ((40001, 40002),))
LOW, HIGH = 40000, 40007
NARROWED = """
near = socket.socket()
try:
    near.setsockopt(socket.IPPROTO_IP, 51, struct.pack("=I", {high} << 16 | {low}))
except OSError:
    say(port=0)
server = socket.create_server(("127.0.0.1", 0))
near.connect(server.getsockname())
say(port=server.getsockname()[1])
wait()
"""


@pytest.mark.parametrize(
    ("span", "low", "high", "count"),
    [
        ((LOW, HIGH), LOW, HIGH, 6),
        ((0, HIGH), 32768, HIGH, 7238),
        ((LOW, 0), LOW, 60999, 20998),
        ((10, HIGH), 32768, HIGH, 7238),
        ((LOW, 65000), LOW, 60999, 20998),
    ],
)
def test_a_bound_counts_within_the_systems_only(
    span: tuple[int, int], low: int, high: int, count: int
) -> None:
    own = narrowed(SYSTEM, span)
    assert (own.low, own.high, own.count) == (low, high, count)


@pytest.fixture
def keeping() -> Iterator[Program]:
    system = port_range()
    with program(NARROWED.format(low=system.high - 7, high=system.high)) as one:
        if not one.said["port"]:
            pytest.skip("this kernel has no IP_LOCAL_PORT_RANGE")
        yield one


def test_a_program_that_keeps_itself_to_eight_ports(keeping: Program) -> None:
    system, port = port_range(), keeping.said["port"]
    ports = own_sockets("127.0.0.1", port, keeping.pid, ProbeContext()).ports
    assert ports is not None
    assert (ports.low, ports.high) == (system.high - 7, system.high)
    assert 1 <= ports.taken <= ports.usable <= 8
    assert "by connections" in ports.holders


def test_most_programs_have_all_ports_of_the_system() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        source = f"near = socket.create_connection(('127.0.0.1', {port})); say(); wait()"
        with program(source) as one:
            assert own_sockets("127.0.0.1", port, one.pid, ProbeContext()).ports is None
