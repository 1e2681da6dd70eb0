"""Where a limit on SYNs sits, told by those that expire in front of it, on busy machines, too."""

from collections.abc import Iterator
from itertools import cycle, repeat
from typing import cast

import pytest

from layerwalk.probes.facts import Answer, AnswerKind, Try
from layerwalk.probes.limit_place import LimitPlace
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet
from layerwalk.probes.wire.wire import Wire
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432
HOPS = range(1, 9)
BURST, RATE = 5, 30.0
QUIET = 0.0001
BUSY = (*13 * (QUIET,), 0.04, *6 * (QUIET,), 0.03, *3 * (QUIET,), 0.01)
"""Now and then somebody else has the processor."""


class Path:
    """Eight routers; behind ``limit`` of them only so many SYNs a second get on.

    ``delays`` are how long this machine takes for each packet. What is too much is dropped, or
    reset in the target's name.
    """

    def __init__(self, limit: int, delays: Iterator[float], over: Answer | None = None) -> None:
        self.limit, self.delays, self.over = limit, delays, over
        self.left, self.last, self.flows = 0.0, 0.0, 0
        self.wire = SimulatedWire(self)

    def __call__(self, packet: Packet) -> Answer | None:
        self.wire.now += next(self.delays)
        if packet.hop > self.limit and not self._passes():
            return self.over
        if packet.hop == WHOLE_WAY:
            return answer(AnswerKind.SYN_ACK)
        return answer(AnswerKind.TIME_EXCEEDED, f"203.0.113.{packet.hop}", hop=packet.hop)

    def _passes(self) -> bool:
        now = self.wire.now
        self.left, self.last = min(BURST, self.left + RATE * (now - self.last)), now
        passes = self.left >= 1
        self.left -= passes
        return passes

    def syn(self, hop: int) -> Packet:
        self.flows += 1
        return packets.syn(PEER, (40000 + self.flows, PORT), self.flows, hop)

    def asked(self) -> dict[int, list[Try]]:
        """Every hop's SYNs that tell something."""
        place = LimitPlace(context(self.wire), cast("Wire", self.wire), self.syn, HOPS, BURST)
        place.ask(self.wait)
        return {hop: [it for it in place.tries() if it.hop == hop] for hop in HOPS}

    def wait(self, sent: list[Packet]) -> None:
        self.wire.wait(lambda: all(map(self.wire.answers, sent)), 0.2, context(self.wire).cancel)


@pytest.mark.parametrize("limit", range(9))
@pytest.mark.parametrize("delays", [repeat(QUIET), cycle(BUSY), cycle(BUSY[9:])])
def test_every_hop_in_front_is_heard_of_and_none_behind(
    limit: int, delays: Iterator[float]
) -> None:
    tries = Path(limit, delays).asked()
    assert all(it.expired for hop in HOPS if hop <= limit for it in tries[hop])
    assert not any(it.expired for hop in HOPS if hop > limit for it in tries[hop])
    assert tries.get(limit) != []
    assert tries.get(limit + 1) != []


def test_a_reset_in_the_targets_name_is_no_word_of_the_hop() -> None:
    tries = Path(3, repeat(QUIET), answer(AnswerKind.RST)).asked()
    assert [hop for hop in HOPS if any(it.expired for it in tries[hop])] == [1, 2, 3]


def test_few_packets_are_enough_where_nothing_disturbs() -> None:
    path = Path(4, repeat(QUIET))
    path.asked()
    assert len(path.wire.sent) <= 2 * len(HOPS) + 2 * BURST + 12
    assert len(path.wire.taken_back) == sum(it.hop == WHOLE_WAY for _, it in path.wire.sent)


def test_a_hop_that_had_all_it_may_get_is_asked_later(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(4, repeat(QUIET))
    began = path.wire.now

    def allowed(packet: Packet) -> int | None:
        return path.wire.send(packet) if path.wire.now - began >= 1.0 else None

    monkeypatch.setattr(path.wire, "send_expiring", allowed)
    tries = path.asked()
    assert [hop for hop in HOPS if any(it.expired for it in tries[hop])] == [1, 2, 3, 4]
