"""The counters of one interface and of its queues, by netlink. Nothing goes on the wire.

One question for the link's statistics (IFLA_STATS64) and one for its queueing disciplines
(RTM_GETQDISC), which anyone may ask (rtnetlink(7)); both speak of the calling thread's namespace.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping

from layerwalk.probes.facts import LinkCounts, Rise
from layerwalk.probes.rtnetlink import LinkMessage, Queue, Rtnetlink
from layerwalk.probes.rtnetlink.local import GET_LINK, GET_QUEUE, of_links, of_queues

LOSSES = (
    "tx_errors",
    "tx_dropped",
    "queue_drops",
    "rx_errors",
    "rx_missed_errors",
    "rx_dropped",
    "ingress_drops",
)

_KINDS = {
    "rx_errors": ("rx_crc_errors", "rx_frame_errors", "rx_length_errors"),
    "tx_errors": ("tx_aborted_errors", "tx_carrier_errors", "tx_window_errors"),
}

_INGRESS = 0xFFFFFFF1
"""TC_H_INGRESS (linux/pkt_sched.h): the parent of what incoming packets pass."""

Read = Callable[[str], Mapping[str, int]]


def read(interface: str) -> dict[str, int]:
    """Read the counters; nothing where there is no such interface, or it can't be read."""
    try:
        with Rtnetlink() as kernel:
            index = socket.if_nametoindex(interface)
            counted = LinkMessage(kernel.one(GET_LINK, of_links(index))).counters
            every = map(Queue, kernel.every(GET_QUEUE, of_queues()))
            queues = [it for it in every if it.index == index]
    except OSError:
        return {}
    return {**counted, **errors_of(counted), **drops_of(queues)} if counted else {}


def errors_of(counted: Mapping[str, int]) -> dict[str, int]:
    """All errors of each way: some drivers count the kinds of them alone, and not the whole."""
    return {
        whole: max(counted.get(whole, 0), sum(counted.get(kind, 0) for kind in kinds))
        for whole, kinds in _KINDS.items()
    }


def drops_of(queues: Iterable[Queue]) -> dict[str, int]:
    """Add up what the queues of an interface have dropped.

    A queue with classes counts its children's drops as its own, or leaves all of them to them: the
    largest number of any is that of all.
    """
    out, into = [0], [0]
    for queue in queues:
        (into if queue.parent == _INGRESS else out).append(queue.drops)
    return {"queue_drops": max(out), "ingress_drops": max(into)}


class LinkWatch:
    """Watches an interface's counters from its making on."""

    def __init__(self, interface: str, read: Read = read) -> None:
        self._interface = interface
        self._read = read
        self._began_s = time.monotonic()
        self._first = read(interface)

    def counts(self) -> LinkCounts | None:
        """What rose since then; ``None`` where the counters could not be read."""
        now = self._read(self._interface)
        if not (self._first and now):
            return None
        rises = {name: self._rise(now, name) for name in LOSSES}
        return LinkCounts(
            interface=self._interface,
            seconds=round(time.monotonic() - self._began_s, 3),
            sent=self._rise(now, "tx_packets"),
            received=self._rise(now, "rx_packets"),
            rises=tuple(Rise(name, by) for name, by in rises.items() if by),
        )

    def _rise(self, now: Mapping[str, int], name: str) -> int:
        """What one rose by; one that began anew meanwhile did not."""
        return max(now.get(name, 0) - self._first.get(name, 0), 0)
