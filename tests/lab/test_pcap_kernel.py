"""Walks with --pcap: what the kernel sends for the walk is in the file, too, each packet once."""

import signal
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import pytest
from scapy.layers import inet, inet6

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.spec import End, Host, Link, NameServer, Network, Record, Service
from layerwalk.probes.wire import tap
from layerwalk.probes.wire.filter import both_ways
from tests.lab.recorded import Walking
from tests.lab.walks import Walker
from tests.unit.session.pcap.packetfiles import Seen, seen_in

pytestmark = pytest.mark.netns

FAMILIES = (4, 6)
ETH_P_ALL = 3
SOCKETS = {4: socket.AF_INET, 6: socket.AF_INET6}
TARGETS = {4: "203.0.113.10", 6: "2001:db8:2::10"}


@dataclass(frozen=True)
class Kept:
    """What a walk has said and kept."""

    report: dict[str, Any]
    seen: tuple[Seen, ...]

    def of(self, probe: str) -> list[Any]:
        """The kernel's packets of the one measurement of this kind, taken apart."""
        (mine,) = (it["id"] for it in self.report["evidence"] if it["probe"] == probe)
        kernels = [it for it in self.seen if it.comment.split(".")[0].endswith("the kernel")]
        assert max(Counter((it.data, it.direction) for it in kernels).values()) == 1
        return [(it.direction, layers(it)) for it in kernels if it.evidence == mine]


def layers(seen: Seen) -> Any:
    return (inet.IP if seen.data[0] >> 4 == 4 else inet6.IPv6)(seen.data)


def walked(walker: Walker, scenario: Scenario, file: Path) -> Kept:
    with build(scenario.network) as lab:
        words = (*scenario.args, "--pcap", str(file), scenario.target)
        report = walker.walk(lab, scenario.client, *words).report
    return Kept(report, tuple(seen_in(file)))


def flags(packets: list[Any]) -> list[tuple[int, str]]:
    return [(way, str(it[inet.TCP].flags)) for way, it in packets if inet.TCP in it]


def messages(
    packets: list[Any], layer: Any, unpack: Callable[[bytes], bytes]
) -> list[tuple[int, dns.message.Message]]:
    carrying = [(way, bytes(it[layer].payload)) for way, it in packets if layer in it]
    return [(way, dns.message.from_wire(unpack(data))) for way, data in carrying if data]


def asked_and_answered(found: list[tuple[int, dns.message.Message]]) -> set[tuple[int, str]]:
    """What was asked, of which each was asked once and answered once, the question first."""
    asked = [(it.id, str(it.question[0])) for way, it in found if way == 2]
    answered = [(it.id, str(it.question[0])) for way, it in found if way == 1]
    assert Counter(asked) == Counter(answered)
    assert max(Counter(asked).values()) == 1
    for known in asked:
        ways = [way for way, it in found if (it.id, str(it.question[0])) == known]
        assert ways == [2, 1]
    return set(asked)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_name_and_an_open_port(walker: Walker, family: Any, tmp_path: Path) -> None:
    scenario = ALL["healthy-by-name"].apply(Shape(2, 0, family))
    kept = walked(walker, scenario, tmp_path / "a.pcapng")
    questions = asked_and_answered(messages(kept.of("resolve"), inet.UDP, bytes))
    assert [text for _, text in questions] == [
        f"server.lab.test. IN {'AAAA' if family == 6 else 'A'}"
    ]
    made = flags(kept.of("connect"))
    assert made[:3] == [(2, "S"), (1, "SA"), (2, "A")]
    assert Counter(made)[2, "FA"] == 1
    assert all(it.direction == 2 for it in kept.seen if "RST from the kernel" in it.comment)
    sizing = flags(kept.of("path-mtu"))
    assert (2, "S") in sizing
    assert (2, "A") in sizing


@pytest.mark.parametrize("family", FAMILIES)
def test_a_truncated_answer_and_its_connection(walker: Walker, family: Any, tmp_path: Path) -> None:
    scenario = ALL["healthy-resolver-truncates"].apply(Shape(2, 0, family))
    kept = walked(walker, scenario, tmp_path / "a.pcapng")
    packets = kept.of("resolve")
    short = messages(packets, inet.UDP, bytes)
    assert all(it.flags & dns.flags.TC for way, it in short if way == 1)
    whole = messages(packets, inet.TCP, lambda data: data[2:])
    assert not any(it.flags & dns.flags.TC for _, it in whole)
    assert asked_and_answered(short) == asked_and_answered(whole)
    counted = Counter(flags(packets))
    connections = len(asked_and_answered(whole))
    assert counted[2, "S"] == counted[1, "SA"] == counted[2, "FA"] == connections


@pytest.mark.parametrize("family", FAMILIES)
def test_a_dropped_port(walker: Walker, family: Any, tmp_path: Path) -> None:
    scenario = ALL["firewall-drop"].apply(Shape(2, 1, family))
    kept = walked(walker, scenario, tmp_path / "a.pcapng")
    made = flags(kept.of("connect"))
    assert len(made) > 1
    assert set(made) == {(2, "S")}


def test_over_loopback_too_each_packet_is_there_once(walker: Walker, tmp_path: Path) -> None:
    own = "192.0.2.1"
    client = Host(
        "client",
        services=(Service(5432),),
        name_servers=(NameServer((Record("own.lab.test", "A", own),), own),),
        resolv_conf=f"nameserver {own}\n",
    )
    ends = (End("client", "eth0", (f"{own}/24",)), End("peer", "eth0", ("192.0.2.9/24",)))
    network = Network((client, Host("peer")), (Link(ends),))
    scenario = Scenario(network, "own.lab.test:5432", None, args=("-4",))
    kept = walked(walker, scenario, tmp_path / "a.pcapng")
    assert len(asked_and_answered(messages(kept.of("resolve"), inet.UDP, bytes))) == 1
    made = flags(kept.of("connect"))
    assert made[:3] == [(2, "S"), (1, "SA"), (2, "A")]
    assert Counter(made)[2, "FA"] == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_what_has_left_before_the_end_is_handed_on_at_the_end(family: Any) -> None:
    scenario = ALL["healthy"].apply(Shape(2, 0, family))
    seen: list[tap.Seen] = []
    kinds = dict.fromkeys(FAMILIES, ETH_P_ALL)
    with (
        build(scenario.network) as lab,
        lab.inside(scenario.client),
        socket.socket(SOCKETS[family], socket.SOCK_DGRAM) as sock,
    ):
        sock.bind(("", 0))
        made = tap.Tap("test", kinds, both_ways, seen.append)
        sock.sendto(b"before it is watched", (TARGETS[family], 9))
        made.watch(sock.getsockname()[1])
        for number in range(50):
            sock.sendto(bytes([number]), (TARGETS[family], 9))
        made.close()
        made.close()
        sock.sendto(b"after the end", (TARGETS[family], 9))
    left = [it for it in seen if it.leaves]
    assert [it.data[-1] for it in left] == [*range(50)]
    assert [it.stamp for it in left] == sorted(it.stamp for it in left)


def test_an_interrupted_walk_keeps_what_it_had_gathered(tmp_path: Path) -> None:
    scenario = ALL["healthy-by-name"].apply(Shape(2, 0))
    drop = ruleset(input=["tcp dport 5432 drop"])
    file = tmp_path / "a.pcapng"
    with build(scenario.network.with_host("server", firewall=drop)) as lab:
        words = ("diagnose", *scenario.args, "--pcap", str(file), scenario.target)
        walking = Walking(lab, scenario.client, words, tmp_path / "state")
        walking.until(b'"probe":"echo"')
        status, _, err = walking.end(signal.SIGINT)
    assert status == 130, err
    seen = seen_in(file)
    assert any(" echo: answer to" in it.comment for it in seen)
    assert any(" resolve: datagram from the kernel" in it.comment for it in seen)
