"""Scans in the lab, beside nmap's own: the same states, for the same reasons."""

import json
import re
import signal
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.spec import FAMILIES, Family, Impairment, Network, Service
from layerwalk.lab.topology import line
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import PortsAsked
from layerwalk.probes.origin import Origin
from layerwalk.probes.scan import scan
from layerwalk.probes.wire.opening import open_wire
from tests.lab.client import half_open, peer, settle, wired
from tests.lab.recorded import Walking
from tests.lab.walks import Walker
from tests.unit.session.pcap.packetfiles import seen_in

pytestmark = pytest.mark.netns

ORDINARY = 1000
OPEN = (22, 5432)
BARRED = {4: ("net-unreachable", "host-unreachable", "port-unreachable", "admin-prohibited")}
BARRED[6] = ("no-route", "addr-unreachable", "port-unreachable", "admin-prohibited")
ICMP = {4: ("ipv4", "icmp"), 6: ("ipv6", "icmpv6")}
PORTS = "1-120,130,131,132,133,5432"
UNLIMITED = (("net.ipv4.icmp_ratelimit", "0"), ("net.ipv6.icmp.ratelimit", "0"))


def network() -> Network:
    """Open ports, dropped ones, and four that a router rejects, each in another way."""
    rejects = [
        f"meta nfproto {kind} tcp dport {130 + place} reject with {icmp} {word}"
        for family, (kind, icmp) in ICMP.items()
        for place, word in enumerate(BARRED[family])
    ]
    made = line(2).with_host("server", firewall=ruleset(input=["tcp dport 50-99 drop"]))
    made = made.with_host("server", services=tuple(map(Service, OPEN)))
    return made.with_host("r2", firewall=ruleset(forward=rejects), sysctls=UNLIMITED)


def by_nmap(lab: Lab, address: str, ports: str) -> dict[int, tuple[str, str]]:
    version = ["-6"] if ":" in address else []
    words = ["-sS", "-n", "-Pn", "-T4", "--reason", "-dd", "-p", ports, "-oX", "-", address]
    said = lab.run("client", ["nmap", *version, *words]).stdout
    found = re.findall(
        r'<port protocol="tcp" portid="(\d+)"><state state="(\w+)" reason="([\w-]+)"', said
    )
    return {int(port): (state, reason) for port, state, reason in found}


def told(report: dict[str, Any]) -> dict[int, tuple[str, str]]:
    return {it["port"]: (it["state"], it["reason"]) for it in report["ports"]}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("user", [0, ORDINARY], ids=["root", "user"])
def test_it_says_what_nmap_says(walker: Walker, family: Family, user: int) -> None:
    made = network()
    address = made.address("server", family)
    with build(made) as lab:
        expected = by_nmap(lab, address, PORTS)
        words = ("--ports", PORTS, "--rate", "5000", address)
        walked = walker.walk(lab, "client", *words, user=user)
    assert len(expected) == 125
    assert {state for state, _ in expected.values()} == {"open", "closed", "filtered"}
    assert told(walked.report) == expected
    assert walked.report["verdict"]["outcome"] == "healthy"
    (evidence,) = [it for it in walked.report["evidence"] if it["probe"] == "ports"]
    assert evidence["data"]["half_open"] is (user == 0)
    barred = [it["by"] for it in evidence["data"]["groups"] if it["by"]]
    assert barred == [made.hop_address(2, family)] * 4


@pytest.mark.parametrize("user", [0, ORDINARY], ids=["root", "user"])
def test_a_walk_to_a_port_has_its_own_verdict_beside_the_ports(walker: Walker, user: int) -> None:
    made = network()
    with build(made) as lab:
        target = f"{made.address('server')}:60"
        walked = walker.walk(lab, "client", "--ports", "22,23,60", target, user=user)
    assert told(walked.report) == {
        22: ("open", "syn-ack"),
        23: ("closed", "reset"),
        60: ("filtered", "no-response"),
    }
    assert walked.first["id"] == "firewall-drop"


@pytest.mark.parametrize("rights", [(), ("--unprivileged",)], ids=["raw", "connect"])
def test_every_one_of_65535_ports_is_told(walker: Walker, rights: tuple[str, ...]) -> None:
    made = line(1).with_host(
        "server", services=tuple(Service(port) for port in range(50, 65000, 997))
    )
    with build(made) as lab:
        words = (*rights, "--budget", "100", "--ports", "1-65535", "--rate", "30000")
        walked = walker.walk(lab, "client", *words, made.address("server"))
    expected = dict.fromkeys(range(1, 65536), ("closed", "reset"))
    expected.update(dict.fromkeys(range(50, 65000, 997), ("open", "syn-ack")))
    assert told(walked.report) == expected


def test_nothing_stays_half_open(walker: Walker) -> None:
    """Where the answers are lost on the way back, the target would wait for a minute."""
    lost = ruleset(forward=["tcp flags & (syn | ack) == (syn | ack) drop"])
    made = line(1).with_host("r1", firewall=lost)
    made = made.with_host("server", services=tuple(Service(port) for port in range(100, 200)))
    with wired(made) as (lab, ctx):
        walked = walker.walk(lab, "client", "--ports", "90-210", made.address("server"))
        settle(ctx, peer(made, 4))
        left = half_open(lab)
    assert Counter(state for state, _ in told(walked.report).values()) == {
        "closed": 21,
        "filtered": 100,
    }
    assert left == ""


def test_loss_halves_the_rate_and_misjudges_no_port(walker: Walker) -> None:
    made = line(1).with_end("server", "eth0", sends=Impairment(loss=0.1, seed=5))
    with build(made) as lab:
        words = ("--ports", "1-400", "--rate", "2000", made.address("server"))
        report = walker.walk(lab, "client", *words).report
    assert told(report) == dict.fromkeys(range(1, 401), ("closed", "reset"))
    (data,) = [it["data"] for it in report["evidence"] if it["probe"] == "ports"]
    assert data["late"] > 0
    assert data["least_rate"] <= 1000


def test_own_rules_that_refuse_are_said(walker: Walker) -> None:
    rules = ruleset(output=["tcp dport 22 drop"])
    made = line(1)
    made = made.with_host("client", firewall=rules)
    with build(made) as lab:
        report = walker.walk(lab, "client", "--ports", "21-23", made.address("server")).report
    assert told(report)[22] == ("filtered", "no-response")
    assert told(report)[23] == ("closed", "reset")
    (data,) = [it["data"] for it in report["evidence"] if it["probe"] == "ports"]
    assert data["refused_locally"] == 1


@pytest.mark.parametrize("rights", [(), ("--unprivileged",)], ids=["raw", "connect"])
def test_an_interruption_leaves_what_was_found(tmp_path: Path, rights: tuple[str, ...]) -> None:
    made = line(1).with_host("server", firewall=ruleset(input=["tcp dport 2-9999 drop"]))
    with build(made) as lab:
        words = ("diagnose", "--json", *rights, "--ports", "1-9999", "--rate", "100")
        walking = Walking(lab, "client", (*words, made.address("server")), tmp_path)
        status, out, err = walking.until(b'"probe":"loss"').end(signal.SIGINT)
    report = json.loads(out)
    assert (status, err, report["ended"]) == (130, "", "interrupted")
    assert 1 in told(report)
    assert len(report["ports"]) < 500
    assert any("not asked to the end" in it["finding"] for it in report["evidence"])


def test_this_machines_own_addresses_can_be_asked(walker: Walker) -> None:
    made = line(0).with_host("client", services=(Service(80),))
    expected = {79: ("closed", "reset"), 80: ("open", "syn-ack")}
    with build(made) as lab:
        for target in ("127.0.0.1", "::1", made.address("client")):
            for rights in ((), ("--unprivileged",)):
                words = (*rights, "--ports", "79,80", target)
                assert told(walker.walk(lab, "client", *words).report) == expected


def test_the_text_says_it_in_a_few_lines() -> None:
    made = network()
    with build(made) as lab:
        words = [sys.executable, "-m", "layerwalk", "diagnose", "--ports", PORTS]
        said = lab.run("client", [*words, made.address("server")]).stdout
    rows = said.partition("Ports of 203.0.113.10:\n")[2].splitlines()
    assert rows[:4] == [
        "  open      2: 22, 5432 (syn-ack)",
        "  closed    69: 1-21, 23-49, 100-120 (reset)",
        "  filtered  50: 50-99 (no-response)",
        "  filtered  133 (admin-prohibited from 198.18.1.2)",
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_its_packets_are_in_the_file(walker: Walker, family: Family, tmp_path: Path) -> None:
    made, file = network(), tmp_path / "a.pcapng"
    with build(made) as lab:
        words = ("--pcap", str(file), "--ports", "20-59", made.address("server", family))
        report = walker.walk(lab, "client", *words).report
    (entry,) = [it for it in report["evidence"] if it["probe"] == "ports"]
    mine = [it for it in seen_in(file) if it.evidence == entry["id"]]
    sent = [it for it in mine if it.direction == 2]
    assert len(sent) == entry["data"]["sent"]
    said = ("answered by", "no answer", "reset, so that nothing stays half open")
    assert [sum(words in it.comment for it in sent) for words in said] == [30, 20, 11]
    assert sum("answer to the packet" in it.comment for it in mine) == 30


def test_a_large_scan_leaves_room_in_the_file_and_says_so(walker: Walker, tmp_path: Path) -> None:
    made, file = line(1), tmp_path / "a.pcapng"
    with build(made) as lab:
        words = ("--pcap", str(file), "--ports", "1-9000", "--rate", "30000")
        report = walker.walk(lab, "client", *words, made.address("server")).report
    assert len(report["ports"]) == 9000
    seen = seen_in(file)
    assert 10_000 <= len(seen) < 11_000
    own = {"conntrack", "kernel-counts"}  # read besides, without a packet
    last = [it["id"] for it in report["evidence"] if it["probe"] not in own][-4:]
    assert {it.evidence for it in seen} >= {*last}
    assert re.search(rb"\d+ more packets were not kept", file.read_bytes())


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "connect"])
def test_a_mark_is_on_every_packet(*, raw: bool) -> None:
    """Where only marked packets get through, the ports are what they are."""
    rules = ruleset(output=["meta l4proto tcp meta mark != 77 drop"])
    made = line(1).with_host("client", firewall=rules)
    origin = Origin(mark=77)
    with build(made) as lab, lab.inside("client"), closing(open_wire(raw=raw, origin=origin)) as w:
        context = ProbeContext(wire=w, origin=origin)
        echo(peer(made, 4), context)
        fact = scan(peer(made, 4), PortsAsked.of((5432, 5433), 1000), context)
    assert [(it.state, it.ports) for it in fact.groups] == [
        ("open", "5432"),
        ("closed", "5433"),
    ]
