"""Who is taken for a rival of the next hop: who answers the very same question, again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from scapy.layers import inet6
from scapy.layers.l2 import ARP, Ether

from layerwalk.probes import neighbour as room
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Claimant, NeighbourFact, Outcome
from layerwalk.probes.neighbour_table import Entry
from layerwalk.probes.wire import link_layer
from layerwalk.probes.wire.packets import Peer
from tests.unit.probes.link import MINE, Answering, link
from tests.unit.probes.simulated import SimulatedWire

ONE, TWO, THREE = (f"02:00:00:00:00:0{number}" for number in (1, 2, 3))
OWN, GATEWAY = "192.0.2.10", "192.0.2.1"
PEER = Peer("198.51.100.10", OWN, "eth0")
PEER_6, GATEWAY_6 = Peer("2001:db8:2::10", "2001:db8::10", "eth0"), "2001:db8::1"


class Wire(SimulatedWire):
    """A wire that keeps no packets; what is sent on the link does not go by it."""

    recording: Any = type("Nothing", (), {"frame": lambda *_: None})()


def context(*, cancelled: bool = False, raw: bool = True) -> ProbeContext:
    ctx = ProbeContext(wire=Wire(lambda _packet: None, raw=raw))  # type: ignore[arg-type]
    if cancelled:
        ctx.cancel.set()
    return ctx


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_layer, "_own_mac", lambda _interface: MINE)
    monkeypatch.setattr(room, "entry", lambda *_: Entry("REACHABLE", ONE))
    apart = lambda _peer, _hop, _port, macs, _ctx: tuple(Claimant(mac=mac) for mac in macs)  # noqa: E731
    monkeypatch.setattr(room, "told_apart", apart)


def reply(mac: str) -> bytes:
    return bytes(Ether(src=mac, dst=MINE) / ARP(op=2, hwsrc=mac, psrc=GATEWAY, pdst=OWN))


def advert(mac: str, *, overrides: bool = True) -> bytes:
    layers = Ether(src=mac, dst=MINE) / inet6.IPv6(src=GATEWAY_6, dst=PEER_6.source, hlim=255)
    layers /= inet6.ICMPv6ND_NA(tgt=GATEWAY_6, O=int(overrides), S=1)
    return bytes(layers / inet6.ICMPv6NDOptDstLLAddr(lladdr=mac))


@contextmanager
def plugged(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with link(answering) as near:
        monkeypatch.setattr(link_layer, "opened", lambda *_: near)
        yield


def asked(answering: Answering, monkeypatch: pytest.MonkeyPatch, *, six: bool = False) -> Any:
    with plugged(answering, monkeypatch):
        fact = room.neighbour(*((PEER_6, GATEWAY_6) if six else (PEER, GATEWAY)), context())
    assert isinstance(fact, NeighbourFact)
    return fact


def rivals(fact: NeighbourFact) -> list[str]:
    return [one.mac for one in fact.claimants]


def test_two_who_answer_every_question_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    fact = asked(lambda _: [reply(ONE), reply(TWO)], monkeypatch)
    assert (fact.outcome, fact.macs, rivals(fact)) == (Outcome.ANSWERED, (ONE, TWO), [ONE, TWO])
    assert (fact.used, fact.asked) == (ONE, 4)
    assert "is answered for by several" in fact.finding


def test_one_that_answers_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fact = asked(lambda _: [reply(ONE), reply(ONE)], monkeypatch)
    assert (fact.macs, rivals(fact), fact.asked) == ((ONE,), [], 2)


def test_a_router_that_takes_over_is_no_rival(monkeypatch: pytest.MonkeyPatch) -> None:
    """VRRP: the new one answers from some question on, the old one no more."""
    answers = iter([[reply(ONE)], [reply(ONE), reply(TWO)], [reply(TWO)], [reply(TWO)]])
    fact = asked(lambda _: next(answers), monkeypatch)
    assert (fact.macs, rivals(fact)) == ((ONE, TWO), [])


def test_routers_that_share_the_load_are_no_rivals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question gets one answer, and not always of the same router."""
    answers = iter([ONE, TWO, THREE, ONE])
    fact = asked(lambda _: [reply(next(answers))], monkeypatch)
    assert rivals(fact) == []


def test_an_answer_without_override_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy, or an anycast address (RFC 4861 7.2.7 and 7.2.8)."""
    fact = asked(lambda _: [advert(ONE), advert(TWO, overrides=False)], monkeypatch, six=True)
    assert (fact.macs, rivals(fact)) == ((ONE, TWO), [])
    fact = asked(lambda _: [advert(ONE), advert(TWO)], monkeypatch, six=True)
    assert rivals(fact) == [ONE, TWO]


def test_nobody_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_GAPS_S", (0.01, 0.01))
    fact = asked(lambda _: [], monkeypatch)
    assert (fact.outcome, fact.asked, fact.macs) == (Outcome.SILENT, 2, ())


def test_a_walk_that_ends_early_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with plugged(lambda _: [reply(ONE)], monkeypatch):
        fact = room.neighbour(PEER, GATEWAY, context(cancelled=True))
    assert (fact.outcome, fact.asked) == (Outcome.CANCELLED, 1)


def test_an_entry_that_changes_shows_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = iter([Entry("INCOMPLETE"), Entry("REACHABLE", ONE), Entry("REACHABLE", TWO)])
    monkeypatch.setattr(room, "entry", lambda *_: next(entries, Entry("REACHABLE", TWO)))
    monkeypatch.setattr(room, "_CHANGE_S", 0.12)
    fact = room.neighbour(PEER, GATEWAY, context(raw=False))
    assert (fact.outcome, fact.macs, fact.used, fact.asked) == (
        Outcome.ANSWERED,
        (ONE, TWO),
        TWO,
        0,
    )


@pytest.mark.parametrize("between", [Entry("INCOMPLETE"), Entry()])
def test_an_entry_that_is_sought_again_and_again_is_of_nobody(
    between: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each packet that is sent there begins the search anew, before its failure is seen."""
    entries = iter([Entry("INCOMPLETE"), between])
    monkeypatch.setattr(room, "entry", lambda *_: next(entries, Entry("INCOMPLETE")))
    monkeypatch.setattr(room, "_IN_VAIN_S", 0.12)
    fact = room.neighbour(PEER, GATEWAY, context(raw=False))
    assert (fact.outcome, fact.state) == (Outcome.SILENT, "INCOMPLETE")


def test_a_search_that_ends_well_was_not_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = iter([*[Entry("INCOMPLETE")] * 2, Entry("STALE", ONE), Entry("INCOMPLETE")])
    monkeypatch.setattr(room, "entry", lambda *_: next(entries, Entry("REACHABLE", ONE)))
    monkeypatch.setattr(room, "_IN_VAIN_S", 0.12)
    assert room.neighbour(PEER, GATEWAY, context(raw=False)).outcome is Outcome.ANSWERED
