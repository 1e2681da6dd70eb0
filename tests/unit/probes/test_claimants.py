"""The same packets handed to each of several who claim an address: who answers, and from where."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.l2 import Ether

from layerwalk.probes import claimants as room
from layerwalk.probes.claimants import told_apart
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Claimant
from layerwalk.probes.wire import link_layer
from layerwalk.probes.wire.packets import Peer
from tests.unit.probes.link import MINE, Answering, link
from tests.unit.probes.simulated import SimulatedWire

ONE, TWO = "02:00:00:00:00:01", "02:00:00:00:00:02"
OWN, GATEWAY, TARGET, PORT = "192.0.2.10", "192.0.2.1", "198.51.100.10", 5432
PEER = Peer(TARGET, OWN, "eth0")
SYN, SYN_ACK, RST = 0x02, "SA", "RA"


class Wire(SimulatedWire):
    """A wire that keeps no packets; what is sent on the link does not go by it."""

    recording: Any = type("Nothing", (), {"frame": lambda *_: None})()


def answers(frame: bytes, *, echo: str = "", syn: str = "", flags: str = SYN_ACK) -> list[bytes]:
    """Answer an echo request from one MAC and a SYN from another; from none, nothing."""
    asked = Ether(frame)
    packet = asked[IP]
    fresh = packet.copy()
    del fresh.chksum
    assert IP(bytes(fresh)).chksum == packet.chksum
    if ICMP in packet and echo:
        reply = IP(src=packet.dst, dst=OWN) / ICMP(type=0, id=packet[ICMP].id, seq=packet[ICMP].seq)
        return [bytes(Ether(src=echo, dst=MINE) / reply)]
    if TCP in packet and packet[TCP].flags == SYN and syn:
        theirs = packet[TCP]
        segment = TCP(sport=theirs.dport, dport=theirs.sport, flags=flags, ack=theirs.seq + 1)
        return [bytes(Ether(src=syn, dst=MINE) / IP(src=TARGET, dst=OWN) / segment)]
    return []


def machine(**does: str) -> Answering:
    return lambda frame: answers(frame, **does)


def apart(
    monkeypatch: pytest.MonkeyPatch,
    behave: Mapping[str, Answering],
    port: int | None = PORT,
    *,
    patience_s: float = 30.0,
) -> tuple[tuple[Claimant, ...], list[bytes]]:
    """What is found of ``behave``'s machines, and every frame that left for it."""
    sent: list[bytes] = []

    def answering(frame: bytes) -> Iterable[bytes]:
        sent.append(frame)
        return behave[Ether(frame).dst](frame)

    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: MINE)
    monkeypatch.setattr(room, "_FLOOR_S", patience_s)
    monkeypatch.setattr(room, "_LONGEST_S", patience_s)
    with link(answering) as near:
        monkeypatch.setattr(room, "opened", lambda *_: near)
        ctx = ProbeContext(wire=Wire(lambda _packet: None))  # type: ignore[arg-type]
        return told_apart(PEER, GATEWAY, port, tuple(behave), ctx), sent


def test_two_machines_answer_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    behave = {
        ONE: machine(echo=ONE, syn=ONE),
        TWO: machine(echo=TWO, syn=TWO, flags=RST),
    }
    found, _ = apart(monkeypatch, behave)
    assert found == (
        Claimant(mac=ONE, echo_from=(ONE,), beyond="syn-ack", beyond_from=(ONE,)),
        Claimant(mac=TWO, echo_from=(TWO,), beyond="rst", beyond_from=(TWO,)),
    )


def test_one_machine_answers_from_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    same = {mac: machine(echo=ONE, syn=ONE) for mac in (ONE, TWO)}
    found, _ = apart(monkeypatch, same)
    assert {one.echo_from for one in found} == {one.beyond_from for one in found} == {(ONE,)}


def test_who_answers_nothing_is_asked_twice_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    mute = {ONE: lambda _: [], TWO: lambda _: [b"\0", b"\x45" * 20]}
    found, sent = apart(monkeypatch, mute, patience_s=0.02)
    assert found == (Claimant(mac=ONE), Claimant(mac=TWO))
    assert not any(one.speaks for one in found)
    assert len(sent) == 8


def test_what_the_target_holds_half_open_is_reset_by_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behave = {ONE: machine(echo=ONE, syn=ONE), TWO: machine(echo=TWO, syn=TWO, flags=RST)}
    _, sent = apart(monkeypatch, behave)
    segments = [Ether(frame) for frame in sent if Ether(frame).haslayer(TCP)]
    assert [it.dst for it in segments if it[TCP].flags == "R"] == [ONE]


def test_without_a_port_echoes_go_to_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    behave = {mac: machine(echo=mac) for mac in (ONE, TWO)}
    found, sent = apart(monkeypatch, behave, None)
    assert [one.beyond for one in found] == ["echo-reply", "echo-reply"]
    assert {Ether(frame)[IP].dst for frame in sent} == {GATEWAY, TARGET}
