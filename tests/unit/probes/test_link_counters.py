"""The counters of an interface: what rises while a sample is taken, by answers as netlink gives."""

import struct
from collections.abc import Iterator, Mapping

import pytest

from layerwalk.probes.facts import LinkCounts, Rise
from layerwalk.probes.link_counters import LinkWatch, drops_of, errors_of, read
from layerwalk.probes.rtnetlink import Queue
from layerwalk.probes.rtnetlink.attributes import attribute

ROOT, INGRESS = 0xFFFFFFFF, 0xFFFFFFF1
IDLE = {"tx_packets": 100, "rx_packets": 50, "rx_errors": 7000, "queue_drops": 30}


def queue(parent: int, drops: int | None) -> Queue:
    """A queueing discipline as a dump has it: its parent, and what it dropped."""
    dropped = attribute(3, struct.pack("=5I", 4, 0, drops or 0, 0, 0))  # TCA_STATS_QUEUE
    told = attribute(7, dropped) if drops is not None else b""  # TCA_STATS2
    return Queue(struct.pack("=BxxxiIII", 0, 2, 0x8001, parent, 1) + told)


def watched(*looks: Mapping[str, int]) -> LinkCounts | None:
    every: Iterator[Mapping[str, int]] = iter(looks)
    return LinkWatch("eth0", lambda _interface: next(every)).counts()


def test_only_what_rises_is_told() -> None:
    found = watched(IDLE, {**IDLE, "tx_packets": 160, "rx_packets": 90, "queue_drops": 45})
    assert found is not None
    assert (found.sent, found.received, found.rises) == (60, 40, (Rise("queue_drops", 15),))
    assert (found.lost_out, found.lost_in, found.share) == (15, 0, 0.2)


def test_old_errors_are_history() -> None:
    found = watched(IDLE, IDLE)
    assert found is not None
    assert (found.rises, found.lost_in, found.share) == ((), 0, 0.0)


def test_counters_that_began_anew_did_not_rise() -> None:
    found = watched(IDLE, {"tx_packets": 1, "rx_packets": 1})
    assert found is not None
    assert (found.sent, found.rises) == (0, ())


@pytest.mark.parametrize("looks", [({}, IDLE), (IDLE, {})])
def test_counters_that_can_not_be_read_say_nothing(looks: tuple[Mapping[str, int], ...]) -> None:
    assert watched(*looks) is None


@pytest.mark.parametrize(
    ("queues", "out", "into"),
    [
        ([], 0, 0),
        ([queue(ROOT, None)], 0, 0),
        ([queue(ROOT, 194), queue(0x10010, 194)], 194, 0),  # htb counts its classes' drops
        ([queue(ROOT, 0), queue(0x10010, 5), queue(0x10020, 9)], 9, 0),
        ([queue(ROOT, 3), queue(INGRESS, 70)], 3, 70),
    ],
)
def test_the_queues_drops_are_counted_once(queues: list[Queue], out: int, into: int) -> None:
    assert drops_of(queues) == {"queue_drops": out, "ingress_drops": into}


def test_the_larger_share_of_both_ways_counts() -> None:
    rises = (Rise("rx_missed_errors", 30), Rise("tx_dropped", 1))
    counts = LinkCounts(interface="eth0", seconds=2.0, sent=99, received=70, rises=rises)
    assert counts.share == 0.3
    assert counts.words == "rx_missed_errors 30 (15 a second), tx_dropped 1 (0 a second)"


def test_an_interface_that_is_not_there_has_none() -> None:
    assert read("none0") == {}


def test_this_machine_has_them() -> None:
    assert read("lo")["tx_packets"] >= 0


def test_errors_are_all_of_their_kinds_where_the_driver_does_not_add_them_up() -> None:
    kinds = {"rx_crc_errors": 7, "rx_frame_errors": 2, "tx_carrier_errors": 3}
    assert errors_of(kinds) == {"rx_errors": 9, "tx_errors": 3}
    assert errors_of({**kinds, "rx_errors": 40, "tx_errors": 3}) == {
        "rx_errors": 40,
        "tx_errors": 3,
    }


@pytest.mark.parametrize("counter", ["rx_errors", "rx_missed_errors", "tx_errors", "tx_dropped"])
def test_a_card_that_loses_a_third_shows_by_any_of_its_counters(counter: str) -> None:
    found = watched(IDLE, {**IDLE, "tx_packets": 160, "rx_packets": 110, counter: 7030})
    assert found is not None
    assert found.share > 0.3
    assert counter in found.words
