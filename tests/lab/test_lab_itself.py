"""The lab itself, with ordinary tools: it carries packets, does as it is told, leaves nothing."""

import concurrent.futures
import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.errors import LabError
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import FAMILIES, Family, Impairment, Manner, Network, Route, Rule, Service
from layerwalk.lab.topology import NAME, line
from tests.lab.by_hand import connect, hops, speaking

pytestmark = pytest.mark.netns

HOLD = """
import subprocess, sys
from layerwalk.lab.build import build
from layerwalk.lab.topology import line
lab = build(line(2))
there = ["sh", "-c", "echo there; exec sleep 1000"]
inside = lab.popen("client", there, stdout=subprocess.PIPE)
inside.stdout.readline()
print(lab.pid("client"), lab.pid("server"), lab.pid("switch:lan"), inside.pid, flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def watched(pids: Sequence[int]) -> Iterator[list[int]]:
    handles = [os.pidfd_open(pid) for pid in pids]
    try:
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


def all_ended(handles: Sequence[int]) -> bool:
    return all(select.select([handle], [], [], 10)[0] for handle in handles)


def spaces() -> set[str]:
    listed = subprocess.run(
        ["lsns", "-n", "-t", "net", "-o", "NS"], capture_output=True, check=True
    )
    return set(listed.stdout.decode().split())


@pytest.mark.parametrize("routers", [0, 3, 12])
def test_it_carries_pings_and_connections(routers: int) -> None:
    network = line(routers)
    with build(network) as lab:
        for family in FAMILIES:
            address = network.address("server", family)
            done = lab.run("client", ["ping", "-n", "-c1", "-w10", address])
            assert " 0% packet loss" in done.stdout
            assert connect(lab, f"{NAME}:5432", family) == "ok"
            assert connect(lab, f"[{address}]:22", family) == "ConnectionRefusedError 111"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_trace_sees_each_router_where_the_network_says(family: Family) -> None:
    network = line(5)
    expected = [network.hop_address(number, family) for number in range(1, 6)]
    with build(network) as lab:
        found = hops(lab, network, Shape(5, 0, family), longest=8)
    assert found == [*expected, network.address("server", family)]


def test_a_delay_line_delays_by_what_it_says() -> None:
    sends = Impairment(0.02)
    network = line(1).with_end("r1", "eth1", sends=sends).with_end("server", "eth0", sends=sends)
    with build(network) as lab:
        words = ["ping", "-n", "-c5", "-i0.2", network.address("server")]
        found = re.search(r"= ([\d.]+)/", lab.run("client", words).stdout)
    assert found
    assert 40.0 <= float(found.group(1)) < 60.0  # of five pings the best, in ms


def test_a_line_that_loses_all_lets_nothing_through() -> None:
    network = line(1).with_end("server", "eth0", sends=Impairment(loss=1.0))
    with build(network) as lab:
        done = lab.run("client", ["ping", "-n", "-c2", "-i0.2", "-W1", network.address("server")])
    assert "100% packet loss" in done.stdout


def test_a_host_has_its_own_files_and_interfaces() -> None:
    with build(line(0).with_host("client", resolv_conf="nameserver 192.0.2.53\n")) as lab:
        shown = lab.run("client", ["cat", "/etc/resolv.conf", "/etc/nsswitch.conf"]).stdout
        assert shown == "nameserver 192.0.2.53\nhosts: files dns\n"
        assert set(lab.run("client", ["ls", "/sys/class/net"]).stdout.split()) == {"lo", "eth0"}
        assert lab.run("client", ["uname", "-n"]).stdout == "client\n"
        assert lab.run("client", ["pwd"]).stdout.strip() == os.getcwd()  # noqa: PTH109


def test_a_thread_can_go_inside_and_comes_back() -> None:
    network = line(1)
    with build(network) as lab:
        with lab.inside("client"), speaking(network) as s:
            assert s.getsockname()[0] == network.address("client")
        assert "eth0" not in lab.run("server", ["ip", "link", "show", "dev", "lo"]).stdout
        assert os.stat("/proc/thread-self/ns/net").st_ino == os.stat("/proc/self/ns/net").st_ino  # noqa: PTH116


def heard(network: Network, port: int) -> bytes:
    with speaking(network, port) as s:
        s.sendall(b"echo")
        return s.recv(64)


def test_services_behave_as_they_should() -> None:
    manners = {1001: Manner.BANNER, 1002: Manner.ECHO, 1003: Manner.BULK, 1004: Manner.CLOSE}
    services = [Service(port, manner, text=b"text") for port, manner in manners.items()]
    services += [Service(1005, Manner.RESET), Service(1006, Manner.SINK, backlog=0)]
    services.append(Service(1007, Manner.ECHO, udp=True))
    network = line(0).with_host("server", services=tuple(services))
    with build(network) as lab, lab.inside("client"):
        assert [heard(network, port) for port in (1001, 1002, 1003)] == [b"text", b"echo", b"text"]
        with speaking(network, 1004) as s:
            assert s.recv(64) == b""
        with pytest.raises(ConnectionResetError):
            heard(network, 1005)
        with speaking(network, 1006), pytest.raises(TimeoutError):  # its queue takes only one
            socket.create_connection((network.address("server"), 1006), timeout=0.5)
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
            s.settimeout(10)
            s.sendto(b"datagram", (network.address("server", 6), 1007))
            assert s.recv(64) == b"datagram"


def test_neighbours_rules_and_settings_are_set() -> None:
    network = line(1).with_host(
        "client",
        neighbours=("198.51.100.77 lladdr 02:00:00:00:00:77 dev eth0",),
        rules=(Rule(6, "fwmark 7", "lookup 77"),),
        routes=(Route("2001:db8:7::/64", interface="eth0", table=77, metric=9),),
        sysctls=(("net.ipv4.tcp_syn_retries", "2"),),
    )
    with build(network) as lab:
        shown = lab.run("client", ["ip", "neigh", "show", "198.51.100.77"]).stdout
        shown += lab.run("client", ["ip", "-6", "rule", "show"]).stdout
        shown += lab.run("client", ["ip", "-6", "route", "show", "table", "77"]).stdout
        shown += lab.run("client", ["cat", "/proc/sys/net/ipv4/tcp_syn_retries"]).stdout
    assert "02:00:00:00:00:77 PERMANENT" in shown
    assert "from all fwmark 0x7 lookup 77" in shown
    assert "2001:db8:7::/64 dev eth0 metric 9" in shown
    assert shown.endswith("2\n")


def test_a_pulled_cable_is_seen_at_once() -> None:
    with build(line(1).with_end("client", "eth0", carrier=False)) as lab:
        shown = lab.run("client", ["ip", "link", "show", "dev", "eth0"]).stdout
        assert "NO-CARRIER" in shown
        assert "state DOWN" in shown
        assert "linkdown" in lab.run("client", ["ip", "route", "show", "default"]).stdout


def test_an_interface_that_is_off_has_no_routes() -> None:
    with build(line(1).with_end("client", "eth0", up=False)) as lab:
        assert "UP" not in lab.run("client", ["ip", "link", "show", "dev", "eth0"]).stdout
        assert lab.run("client", ["ip", "route"]).stdout == ""


def greeting(text: bytes) -> bytes:
    network = line(1).with_host("server", services=(Service(5432, Manner.BANNER, text=text),))
    with build(network) as lab, lab.inside("client"), speaking(network) as s:
        return s.recv(64)


def test_labs_stand_side_by_side() -> None:
    texts = [b"one", b"two", b"three", b"four"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(greeting, texts)) == texts


def test_leaving_ends_everything_in_it() -> None:
    lab = build(line(2))
    command = ["sh", "-c", "echo entered; exec sleep 1000"]
    inside = lab.popen("r1", command, stdout=subprocess.PIPE, text=True)
    assert inside.stdout
    assert inside.stdout.readline() == "entered\n"
    with watched([lab.pid("client"), lab.pid("r2"), inside.pid]) as handles:
        with contextlib.suppress(KeyboardInterrupt), lab:
            raise KeyboardInterrupt
        assert all_ended(handles)
    assert inside.wait() == -signal.SIGKILL
    inside.stdout.close()


def test_a_hard_kill_leaves_no_namespace() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    assert owner.stdin
    pids = [int(word) for word in owner.stdout.readline().split()]
    assert len(pids) == 4
    held = {str(os.stat(f"/proc/{pid}/ns/net").st_ino) for pid in pids}  # noqa: PTH116
    assert held <= spaces()
    with watched(pids) as handles:
        owner.kill()
        assert owner.wait() == -signal.SIGKILL
        assert all_ended(handles)
    owner.stdin.close()
    owner.stdout.close()
    assert not held & spaces()


def test_what_ip_refuses_is_said_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Seen(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    network = line(1).with_routes("r1", Route("192.0.2.0/24", via="203.0.113.77", interface="eth9"))
    with pytest.raises(LabError, match=r"r1: ip .*eth9"):
        build(network)
    assert [keeper.returncode for keeper in started] == [0]
    with pytest.raises(LabError, match=r"server: nft .*syntax error"):
        build(line(0).with_host("server", firewall="table {"))


def test_a_host_that_is_not_there_is_named() -> None:
    with build(line(0)) as lab, pytest.raises(LookupError, match="no host r1"):
        lab.run("r1", ["true"])


def test_a_name_server_answers_over_tcp_too() -> None:
    network = line(0)
    server = replace(network.host("dns").name_servers[0], truncated=True)
    with build(network.with_host("dns", name_servers=(server,))) as lab:
        assert connect(lab, f"{NAME}:5432", 4) == "ok"
