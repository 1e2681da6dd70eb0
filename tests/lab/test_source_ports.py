"""Source ports that run out in earnest: what the walk says, and what it still does."""

import sys
from dataclasses import replace

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.spec import Network
from layerwalk.lab.topology import PORT, line
from layerwalk.lab.traffic import Hoard
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

CAUSE = "ephemeral-ports-exhausted"
COUNT = 24
CLOSE_MANY = """
import socket
for port in (9, 10):
    listener = socket.socket()
    listener.bind(("127.0.0.9", port))
    listener.listen(8)
    for _ in range(10_000):
        here = socket.create_connection(("127.0.0.9", port))
        there, _ = listener.accept()
        here.close()
        there.close()
"""
SECOND = {4: "198.51.100.77/24", 6: "2001:db8:1::77/64"}
"""More addresses of the client's, on its own link."""


def network(*hoards: Hoard, reserved: str = "", span: str = "") -> Network:
    settings = (
        ("net.ipv4.ip_local_port_range", span or f"40000 {40000 + COUNT - 1}"),
        ("net.ipv4.ip_local_reserved_ports", reserved),
        ("net.ipv4.tcp_tw_reuse", "0"),  # else loopback would use them again
    )
    return line(1).with_host("client", sysctls=settings, hoards=hoards)


def server(family: int = 4) -> str:
    return line(1).address("server", 6 if family == 6 else 4)


def written(family: int) -> str:
    return f"[{server(6)}]:{PORT}" if family == 6 else f"{server()}:{PORT}"


def findings(walked: Walked) -> dict[str, str]:
    return {it["probe"]: it["finding"] for it in walked.report["evidence"]}


def test_twenty_thousand_in_time_wait_to_others_are_no_fault(walker: Walker) -> None:
    with build(network(span="32768 60999")) as lab:
        made = lab.run("client", [sys.executable, "-c", CLOSE_MANY])
        assert made.returncode == 0, made.stderr
        walked = [walker.walk(lab, "client", written(family)) for family in (4, 6)]
    outcomes = [one.report["verdict"]["outcome"] for one in walked]
    assert outcomes == ["healthy", "healthy"]
    data = [it["data"] for it in walked[0].report["evidence"] if it["probe"] == "source-ports"]
    assert data[0]["counted"]
    assert data[0]["sockets"] >= 20_000


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("rights", [(), ("--unprivileged",)])
def test_another_source_address_has_ports_of_its_own(
    walker: Walker, family: int, rights: tuple[str, ...]
) -> None:
    net = network(Hoard(server(family), PORT, COUNT))
    end = net.end("client", "eth0")
    net = net.with_end("client", "eth0", addresses=(*end.addresses, SECOND[family]))
    both = {SECOND[family].partition("/")[0], net.address("client", 6 if family == 6 else 4)}
    with build(net) as lab:
        first = walker.walk(lab, "client", *rights, written(family))
        used = next(it["data"] for it in first.report["evidence"] if it["probe"] == "source-ports")
        (second,) = both - {used["source"]}
        other = walker.walk(lab, "client", *rights, "--source", second, written(family))
    assert first.first["id"] == CAUSE
    assert other.report["verdict"]["outcome"] == "healthy"


def test_reserved_ports_are_not_counted(walker: Walker) -> None:
    with build(network(Hoard(server(), PORT, 8), reserved="40008-40023")) as lab:
        walked = walker.walk(lab, "client", written(4))
    assert (walked.first["id"], walked.first["confidence"]) == (CAUSE, "certain")
    assert findings(walked)["source-ports"].startswith("8 of 8 source ports")


@pytest.mark.parametrize("rights", [(), ("--unprivileged",)])
def test_with_no_port_at_all_probes_bring_facts(walker: Walker, rights: tuple[str, ...]) -> None:
    """The range is all that there is, and most of it is reserved."""
    net = network(Hoard(server(), PORT, 8), span="1024 65535", reserved="1032-65535")
    with build(net) as lab:
        walked = walker.walk(lab, "client", *rights, written(4))
    assert walked.first["id"] == CAUSE
    assert not [it for it in walked.report["evidence"] if "Traceback" in str(it)]


def test_a_range_that_is_full_for_bind_alone_stops_no_source(walker: Walker) -> None:
    """With --source the walk connects as programs do that leave the port to connect()."""
    others = network(Hoard(server(), 9, COUNT))
    services = others.host("server").services
    net = others.with_host("server", services=(*services, replace(services[0], port=9)))
    own = net.address("client", 4)
    with build(net) as lab:
        for rights in ((), ("--unprivileged",)):
            walked = walker.walk(lab, "client", *rights, "--source", own, written(4))
            assert walked.report["verdict"]["outcome"] == "healthy"
            assert "binds its source address first finds none" in findings(walked)["source-ports"]


def test_the_last_port_is_given_back_at_once(walker: Walker) -> None:
    """What the walk itself connects leaves no TIME_WAIT where ports are scarce."""
    with build(network(Hoard(server(), PORT, COUNT - 1))) as lab:
        walked = [walker.walk(lab, "client", written(4)) for _ in range(3)]
    assert [one.report["verdict"]["outcome"] for one in walked] == ["healthy"] * 3
