"""Hops asked again and again: what expires there, and what their own addresses answer."""

import errno
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, HopTally, Outcome
from layerwalk.probes.hop_loss import ROUNDS, hop_loss
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.paths import Path, router
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

ROUTERS = {hop: router(hop) for hop in (1, 2, 3)}


def path(packet: Packet) -> Answer | None:
    """Three routers that answer pings, too."""
    if packet.peer.dst in ROUTERS.values():
        return answer(AnswerKind.ECHO_REPLY, packet.peer.dst)
    return Path(3)(packet)


def test_every_router_is_asked_in_both_ways() -> None:
    wire = SimulatedWire(path)
    fact = hop_loss(PEER, ROUTERS, 4, context(wire))
    assert fact.outcome is Outcome.ANSWERED
    assert [hop.address for hop in fact.hops] == list(ROUTERS.values())
    assert all(hop.expiring == hop.expired == ROUNDS for hop in fact.hops)
    assert all(hop.asked == hop.replied == 30 for hop in fact.hops)
    assert all(hop.best_s == 0.01 for hop in fact.hops)
    assert fact.finding == "unanswered by hop: 1: 0 of 35, 2: 0 of 35, 3: 0 of 35"
    assert fact.command.startswith("mtr ")


def test_many_routers_share_what_may_be_sent() -> None:
    routers = {hop: router(hop) for hop in range(1, 13)}
    wire = SimulatedWire(Path(12))
    fact = hop_loss(PEER, routers, 13, context(wire))
    assert sum(hop.asked for hop in fact.hops) <= 200
    assert len(fact.hops) == 12


def test_the_routers_around_the_place_are_asked_more_often_and_all_no_more_than_before() -> None:
    routers = {hop: router(hop) for hop in range(1, 13)}
    wire = SimulatedWire(lambda packet: answer(AnswerKind.ECHO_REPLY, packet.peer.dst))
    wire.known.learn(answer(AnswerKind.ECHO_REPLY), repeated=False)
    fact = hop_loss(PEER, routers, 13, context(wire), lambda _hops: (6, False))
    asked = {hop.hop: hop.asked for hop in fact.hops}
    assert {hop for hop, times in asked.items() if times == max(asked.values())} == {5, 6, 7, 8}
    assert max(asked.values()) >= 25
    assert min(asked.values()) == 9
    assert sum(asked.values()) <= 200


def test_on_a_slow_path_nothing_is_concluded_too_soon() -> None:
    routers = {hop: router(hop) for hop in range(1, 13)}
    wire = SimulatedWire(lambda _packet: None)
    wire.known.learn(replace(answer(AnswerKind.ECHO_REPLY), rtt_s=0.8), repeated=False)
    fact = hop_loss(PEER, routers, 13, context(wire), lambda _hops: (6, False))
    assert len({hop.asked for hop in fact.hops}) == 1


def test_a_hop_that_nobody_knows_is_asked_by_what_expires() -> None:
    wire = SimulatedWire(Path(3, silent=frozenset({2})))
    fact = hop_loss(PEER, {1: router(1)}, 4, context(wire))
    assert [(hop.expired, hop.asked > 0) for hop in fact.hops] == [
        (ROUNDS, True),
        (0, False),
        (ROUNDS, False),
    ]
    assert (fact.hops[1].address, fact.hops[1].best_s) == ("", None)


def test_cut_short_or_without_rights_it_says_nothing() -> None:
    ctx = context(SimulatedWire(path))
    ctx.cancel.set()
    fact = hop_loss(PEER, ROUTERS, 4, ctx)
    assert (fact.outcome, fact.finding) == (Outcome.CANCELLED, "cancelled")
    assert hop_loss(PEER, ROUTERS, 4, ProbeContext()).outcome is Outcome.NOT_PERMITTED


def test_without_echoes_datagrams_expire_and_nobody_is_asked_directly() -> None:
    wire = SimulatedWire(path, barred=("echo",))
    fact = hop_loss(PEER, ROUTERS, 4, context(wire))
    assert [(hop.expiring, hop.expired, hop.asked) for hop in fact.hops] == [(9, 9, 0)] * 3
    assert {packet.identity.protocol for _, packet in wire.sent} == {"udp"}
    none = SimulatedWire(path, barred=("echo", "udp"))
    assert hop_loss(PEER, ROUTERS, 4, context(none)).outcome is Outcome.NOT_PERMITTED


def test_where_it_takes_long_it_ends_as_soon_as_the_place_is_plain() -> None:
    seen: list[int] = []

    def plain(hops: tuple[HopTally, ...]) -> tuple[int, bool]:
        seen.append(hops[0].expiring)
        return 1, len(seen) > 1

    dear = SimulatedWire(path, dear=("echo",))
    assert hop_loss(PEER, ROUTERS, 4, context(dear), plain).hops[0].expiring == 5
    assert seen == [4, 5]
    quick = SimulatedWire(path)
    assert hop_loss(PEER, ROUTERS, 4, context(quick), plain).hops[0].expiring == ROUNDS


def test_what_our_own_queue_has_no_room_for_is_lost_on_the_first_link() -> None:
    full = SimulatedWire(path, errors=lambda _packet: errno.ENOBUFS)
    fact = hop_loss(PEER, ROUTERS, 4, context(full))
    assert [(hop.expiring, hop.expired, hop.asked, hop.replied) for hop in fact.hops] == [
        (ROUNDS, 0, 30, 0)
    ] * 3
    barred = SimulatedWire(path, errors=lambda _packet: errno.EPERM)
    assert {hop.expiring for hop in hop_loss(PEER, ROUTERS, 4, context(barred)).hops} == {0}
