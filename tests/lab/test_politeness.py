"""What a walk asks of others: never more than it may, and nothing left half open."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from layerwalk.lab.firewall import SYN_ACK, ruleset
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.facts import (
    PortState,
)
from layerwalk.probes.syn import LAST, syn
from layerwalk.probes.trace import trace
from layerwalk.probes.wire import packets
from tests.lab.client import half_open, peer, settle, wire_of, wired

pytestmark = pytest.mark.netns


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("place", ["r1", "client"])
def test_nothing_stays_half_open_where_syn_acks_are_lost(family: Family, place: str) -> None:
    drop = [f"tcp sport {PORT} {SYN_ACK} drop"]
    rules = ruleset(input=drop) if place == "client" else ruleset(forward=drop)
    network = line(2).with_host(place, firewall=rules)
    with wired(network) as (lab, ctx):
        trace(peer(network, family), PORT, ctx)
        fact = syn(peer(network, family), PORT, LAST, ctx)
        settle(ctx, peer(network, family))
        left = half_open(lab)
    assert fact.state is (PortState.OPEN if place == "client" else PortState.SILENT)
    assert left == ""


def test_a_connection_that_is_held_half_open_would_be_seen() -> None:
    """What the two tests above look at shows a half-open connection where there is one."""
    rules = ruleset(forward=[f"tcp sport {PORT} {SYN_ACK} drop"])
    network = line(1).with_host("r1", firewall=rules)
    with wired(network) as (lab, ctx):
        to = peer(network, 4)
        wire_of(ctx).send(packets.syn(to, (wire_of(ctx).port(to.source, "test"), PORT), 7))
        settle(ctx, to)
        assert f":{PORT}" in half_open(lab)


def test_a_hop_never_gets_more_than_it_answers() -> None:
    network = line(1)
    with wired(network) as (_, ctx):
        to, wire = peer(network, 4), wire_of(ctx)
        sent = [wire.send_expiring(packets.echo(to, 9, number, 1)) for number in range(1, 9)]
    assert sent == [0] * 5 + [None] * 3


@contextmanager
def tapped() -> Iterator[Callable[[], list[float]]]:
    """Note when each IPv4 packet leaves or comes in; gives the times of those that left.

    Ask after every packet: the socket holds some hundred of them, and more only for root.
    """
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as tap:
        tap.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS

        def left() -> list[float]:
            times = []
            with suppress(BlockingIOError):
                while True:
                    _, held, _, address = tap.recvmsg(64, 128, socket.MSG_DONTWAIT)
                    if (address[1], address[2]) == (0x0800, 4):
                        seconds, nanoseconds = struct.unpack_from("qq", held[0][2])
                        times.append(seconds + nanoseconds / 1e9)
            return times

        yield left


def test_a_walk_sends_no_more_than_it_may() -> None:
    """Two hundred packets a second to one address at most, six hundred altogether."""
    network = line(1)
    with wired(network) as (_, ctx), tapped() as left:
        wire, to = wire_of(ctx), peer(network, 4)
        codes, times = [], []
        for number in range(1, 620):
            codes.append(wire.send(packets.echo(to, 9, number)))
            times += left()
    allowed = codes.index(-1)
    assert codes == [0] * allowed + [-1] * (619 - allowed)
    assert len(times) == wire.packets == allowed < 600
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[200:], strict=False))
