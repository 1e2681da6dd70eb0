"""Every template is byte for byte what scapy builds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6
from scapy.layers.l2 import ARP, Ether

from layerwalk.probes.facts import LINUX, SynOption
from layerwalk.probes.wire import link_layer
from layerwalk.probes.wire.templates import build, build_syn

ENDS = {4: ("192.0.2.10", "198.51.100.10"), 6: ("2001:db8::10", "2001:db8:2::10")}
MAC = "02:00:00:00:00:10"
NO_OP = ("NOP", None)
FLAGS = {SynOption.ECN: "SEC", SynOption.ACCURATE_ECN: "SECN"}


def transport(version: int, kind: str) -> Any:
    if kind == "echo":
        return (inet.ICMP() if version == 4 else inet6.ICMPv6EchoRequest()) / bytes(24)
    return inet.UDP() / bytes(24) if kind == "udp" else inet.TCP(flags="", window=502)


def without(data: bytes, *places: int) -> bytes:
    """The bytes with two zeros in the place of each checksum."""
    found = bytearray(data)
    for place in places:
        found[place : place + 2] = bytes(2)
    return bytes(found)


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize(("kind", "at"), [("echo", 2), ("udp", 6), ("bare", 16)])
def test_each_kind(version: int, kind: str, at: int) -> None:
    source, destination = ENDS[version]
    if version == 4:
        made = bytes(inet.IP(src=source, dst=destination, flags="DF") / transport(4, kind))
        assert build(4, source, destination, kind) == without(made, 10, 20 + at)
    else:
        made = bytes(inet6.IPv6(src=source, dst=destination) / transport(6, kind))
        assert build(6, source, destination, kind) == without(made, 40 + at)


@given(st.sampled_from([4, 6]), st.integers(576, 9000), st.permutations(list(SynOption)))
def test_each_order_of_options(version: int, mtu: int, options: list[SynOption]) -> None:
    for count in range(len(options) + 1):
        check_syn(version, mtu, options[:count])


def test_the_options_of_a_linux_kernel() -> None:
    check_syn(4, 1500, list(LINUX))
    check_syn(6, 1280, [*LINUX, SynOption.ECN])


def check_syn(version: int, mtu: int, options: list[SynOption]) -> None:
    every: dict[SynOption, list[Any]] = {
        SynOption.MSS: [("MSS", mtu - (40 if version == 4 else 60))],
        SynOption.SACK: [("SAckOK", b"")],
        SynOption.TIMESTAMPS: [("Timestamp", (1, 0))],
        SynOption.WINDOW_SCALE: [NO_OP, ("WScale", 7)],
        SynOption.FAST_OPEN: [(34, b""), NO_OP, NO_OP],
    }
    flags = next((FLAGS[option] for option in options if option in FLAGS), "S")
    written = [one for option in options for one in every.get(option, [])]
    made = bytes(inet.TCP(flags=flags, window=64240, options=written))
    assert build_syn(version, mtu, options) == without(made, 16)


def test_a_question_by_arp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: MAC)
    asked = link_layer.question("192.0.2.1", "192.0.2.10", "eth0")
    request = ARP(op=1, hwsrc=MAC, psrc="192.0.2.10", pdst="192.0.2.1")
    assert asked is not None
    assert asked.frame == bytes(Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / request)


def test_a_question_by_solicitation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: MAC)
    asked = link_layer.question("2001:db8::12:3456", "2001:db8::10", "eth0")
    network = inet6.IPv6(src="2001:db8::10", dst="ff02::1:ff12:3456", hlim=255)
    request = inet6.ICMPv6ND_NS(tgt="2001:db8::12:3456")
    request /= inet6.ICMPv6NDOptSrcLLAddr(lladdr=MAC)
    assert asked is not None
    assert asked.frame == bytes(Ether(src=MAC, dst="33:33:ff:12:34:56") / network / request)
