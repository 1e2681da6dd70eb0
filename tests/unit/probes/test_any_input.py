"""Whatever is read from outside, be it noise or a damaged original: nothing raises."""

import json
import socket
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.probes import network_counters
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.firewall.iptables import ruleset_of_save
from layerwalk.probes.firewall.listing import texts_of
from layerwalk.probes.firewall.ruleset import Ruleset, ruleset_of
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.kernel import error_queue
from layerwalk.probes.wire.kernel.ping_output import Complaint, Reply, is_barred, read_line
from layerwalk.probes.wire.link_layer import Question, answered_mac
from layerwalk.probes.wire.segment import Segment, segment_of
from layerwalk.probes.wire.stamps import stamp_of
from layerwalk.probes.wire.tcp_options import Options, read_options
from tests.unit.probes.wire.peers import FOUR, PEERS, SIX, echo_reply, tcp

NEIGHBOURS = [
    Question("198.51.100.1", "eth0", 0x0806, b""),
    Question("2001:db8:1::1", "eth0", 0x86DD, b""),
]
SAID = [
    "64 bytes from 203.0.113.10: icmp_seq=1 ttl=61 time=0.085 ms",
    "From 198.51.100.1 icmp_seq=1 Time to live exceeded",
    "From 198.51.100.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)",
    "From 2001:db8:1::1%eth0 icmp_seq=1 Packet too big: mtu=1400",
]
COUNTERS = "Ip: InReceives OutRequests\nIp: 12 34\nIcmp: InDestUnreachs\nIcmp: 5\n"
DEVICES = "Inter-| Receive | Transmit\n face |bytes\n  eth0: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n"
RULES = {
    "nftables": [
        {"metainfo": {"version": "1.0.6"}},
        {"table": {"family": "inet", "name": "f", "handle": 1}},
        {"chain": {"family": "inet", "table": "f", "name": "o", "hook": "output", "prio": 0}},
        {"rule": {"family": "inet", "table": "f", "chain": "o", "expr": [{"drop": None}]}},
    ]
}
noise = st.binary(max_size=200)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """One of these, cut anywhere, with some bytes changed."""
    made = bytearray(draw(st.sampled_from(originals)))
    for place in draw(st.lists(st.integers(0, max(len(made) - 1, 0)), max_size=4)):
        made[place] = draw(st.integers(0, 255))
    return bytes(made[: draw(st.integers(0, len(made)))])


def texts(*originals: str) -> st.SearchStrategy[str]:
    """Damaged texts, and any others."""
    found = damaged([text.encode() for text in originals])
    return st.text(max_size=200) | found.map(lambda data: data.decode(errors="replace"))


@given(noise)
def test_options_of_tcp(data: bytes) -> None:
    assert isinstance(read_options(data), Options)


ORIGINALS = [
    whole
    for peer in PEERS
    for whole in (
        tcp(packets.syn(peer, (4000, 80), 7), "SA"),
        packets.udp(peer, (4000, 80), 7).data,
        echo_reply(packets.echo(peer, 5, 6)),
    )
]


@given(noise | damaged(ORIGINALS))
def test_segments(data: bytes) -> None:
    found = segment_of(data)
    assert found is None or isinstance(found, Segment)
    if found:
        assert found.completed().body
        assert found.word is not None
        assert found.before.protocol == found.protocol
        assert len(found.mark) == 2


@given(st.sampled_from(NEIGHBOURS), noise)
def test_frames_on_the_link(asked: Question, frame: bytes) -> None:
    mac = answered_mac(asked, frame)
    assert mac is None or len(mac) == 17


@given(
    st.sampled_from([4, 6]),
    st.lists(st.tuples(st.sampled_from([0, 1, 41]), st.sampled_from([2, 11, 25, 35, 52]), noise)),
)
def test_what_the_kernel_hands_out_with_an_error(
    version: int, ancillary: list[tuple[int, int, bytes]]
) -> None:
    report = error_queue._report(ancillary, version)
    assert report is None or report.version == version
    if report:
        report.heard(packets.echo(FOUR if version == 4 else SIX, 5, 6).identity)
    assert error_queue.ttl_of(ancillary) is not None
    assert stamp_of(ancillary) is not None


@given(noise)
def test_what_the_kernel_tells_of_a_connection(data: bytes) -> None:
    class Told:
        def getsockopt(self, *_words: int) -> bytes:
            return data[:104]

    info = tcp_info(cast("socket.socket", Told()))
    assert isinstance(info, TcpInfo)
    assert info.announced_mss >= 0
    assert info.established in {True, False}


@given(texts(*SAID), st.sampled_from([4, 6]))
def test_what_ping_prints(line: str, version: int) -> None:
    assert read_line(line, version) is None or isinstance(
        read_line(line, version), Reply | Complaint
    )
    assert is_barred(line) in {True, False}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts(COUNTERS, DEVICES), st.sampled_from([4, 6]))
def test_counters_of_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, version: int
) -> None:
    for name in ("snmp", "snmp6", "netstat", "dev"):
        (tmp_path / name).write_bytes(text.encode(errors="replace"))
    monkeypatch.setattr(network_counters, "_FOLDER", tmp_path)
    found = network_counters.network_counters(version, "eth0")
    assert isinstance(found.transmitted, int)
    assert network_counters.unreachable_reports(version) is not None
    assert network_counters.received_by_interface() is not None


def _read_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


@given(values | texts(json.dumps(RULES)).map(_read_or_text))
def test_rule_sets_of_nft(document: object) -> None:
    assert isinstance(ruleset_of(document), Ruleset)
    assert isinstance(ruleset_of({"nftables": document}), Ruleset)
    for key in ("table", "chain", "rule", "set", "map"):
        assert isinstance(ruleset_of({"nftables": [{key: document}]}), Ruleset)


@given(texts("*filter\n:INPUT DROP [1:60]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"))
def test_rule_sets_of_iptables(text: str) -> None:
    assert isinstance(ruleset_of_save(text, "ip"), Ruleset)
    assert texts_of(text) is not None
