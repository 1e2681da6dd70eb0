"""Questions on the link, and which frames answer them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet6
from scapy.layers.l2 import ARP, Ether

from layerwalk.probes.wire import link_layer
from layerwalk.probes.wire.link_layer import Question, answered_mac, question

MINE, THEIRS = "02:00:00:00:00:10", "02:00:00:00:00:01"
GATEWAY, OWN = "192.0.2.1", "192.0.2.10"
GATEWAY_6, OWN_6 = "2001:db8::12:3456", "2001:db8::10"


@pytest.fixture(autouse=True)
def _ethernet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: MINE)


def asked(address: str, source: str = OWN) -> Question:
    found = question(address, source, "eth0")
    assert found is not None
    return found


def reply(address: str, mac: str = THEIRS, **fields: Any) -> bytes:
    arp = ARP(**{"op": 2, "hwsrc": mac, "psrc": address, "hwdst": MINE, "pdst": OWN, **fields})
    return bytes(Ether(src=mac, dst=MINE) / arp)


def advert(address: str, *options: Any, mac: str = THEIRS) -> bytes:
    layers = Ether(src=mac, dst=MINE) / inet6.IPv6(src=address, dst=OWN_6, hlim=255)
    layers /= inet6.ICMPv6ND_NA(tgt=address)
    for option in options:
        layers /= option
    return bytes(layers)


def test_arp_asks_everybody_who_has_the_address() -> None:
    frame = Ether(asked(GATEWAY).frame)
    assert (frame.src, frame.dst, frame.type) == (MINE, "ff:ff:ff:ff:ff:ff", 0x0806)
    request = frame[ARP]
    assert (request.op, request.hwsrc, request.psrc, request.pdst) == (1, MINE, OWN, GATEWAY)


def test_a_solicitation_goes_to_the_addresss_own_group() -> None:
    frame = Ether(asked(GATEWAY_6, OWN_6).frame)
    assert frame.dst == "33:33:ff:12:34:56"
    assert (frame[inet6.IPv6].dst, frame[inet6.IPv6].hlim) == ("ff02::1:ff12:3456", 255)
    assert frame[inet6.ICMPv6ND_NS].tgt == GATEWAY_6
    assert frame[inet6.ICMPv6NDOptSrcLLAddr].lladdr == MINE


def test_a_scope_is_left_out() -> None:
    found = asked("fe80::1%eth0", "fe80::2%eth0")
    assert found.address == "fe80::1"
    assert Ether(found.frame)[inet6.IPv6].src == "fe80::2"


def test_a_link_without_ethernet_addresses_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: None)
    assert question(GATEWAY, OWN, "tun0") is None


def test_an_interface_that_is_not_there_has_no_ethernet_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    assert question(GATEWAY, OWN, "none0") is None
    assert question("127.0.0.1", "127.0.0.1", "lo") is None


def test_a_reply_gives_the_mac() -> None:
    assert answered_mac(asked(GATEWAY), reply(GATEWAY)) == THEIRS


@pytest.mark.parametrize(
    "frame", [reply("192.0.2.2"), reply(GATEWAY, op=1), reply(GATEWAY)[:41], b""]
)
def test_another_frame_is_no_reply(frame: bytes) -> None:
    assert answered_mac(asked(GATEWAY), frame) is None


def test_an_advertisement_gives_the_mac_that_it_names() -> None:
    option = inet6.ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:99")
    assert answered_mac(asked(GATEWAY_6, OWN_6), advert(GATEWAY_6, option)) == "02:00:00:00:00:99"


def test_one_that_names_none_is_answered_from_the_frames_own() -> None:
    assert answered_mac(asked(GATEWAY_6, OWN_6), advert(GATEWAY_6)) == THEIRS
    other = inet6.ICMPv6NDOptMTU(mtu=1500)
    assert answered_mac(asked(GATEWAY_6, OWN_6), advert(GATEWAY_6, other)) == THEIRS


@pytest.mark.parametrize(
    "frame",
    [
        advert("2001:db8::77"),
        advert(GATEWAY_6)[:77],
        asked.__name__.encode(),
        bytes(Ether() / inet6.IPv6() / inet6.ICMPv6EchoReply() / bytes(40)),
    ],
)
def test_another_frame_is_no_advertisement(frame: bytes) -> None:
    assert answered_mac(asked(GATEWAY_6, OWN_6), frame) is None


@given(st.sampled_from([GATEWAY, GATEWAY_6]), st.binary(max_size=120))
def test_no_frame_upsets_it(address: str, frame: bytes) -> None:
    protocol = 0x86DD if ":" in address else 0x0806
    asking = Question(address, "eth0", protocol, b"")
    assert answered_mac(asking, frame) is None
