"""Listening to a service on segments of several sizes: when a narrow way back is proven."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from layerwalk.probes import way_back
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import WayBack
from layerwalk.probes.way_back import Listener, small_segment
from tests.unit.probes.simulated import PEER

HEADERS = 40
TEXT = 4000


@dataclass
class Ear:
    """A connection on which so much comes as its packets allow."""

    mss: int
    said: int = 0
    ended: bool = False
    made: bool = True
    opened_s: float = 0.0

    @property
    def packet(self) -> int:
        return (self.mss or 1460) + HEADERS

    def largest(self) -> int:
        return min(self.packet, self.said + HEADERS) if self.said else 0


@dataclass
class Service:
    """Speaks first, ``text`` bytes; packets of more than ``limit`` bytes do not come back."""

    limit: int
    text: int = TEXT
    opened: list[int] = field(default_factory=list)
    silent_at_first: int = 0

    @contextmanager
    def listening(
        self, _peer: object, _port: int, sizes: Sequence[int], _ctx: object
    ) -> Iterator[list[Ear]]:
        self.opened += sizes
        yield [Ear(mss) for mss in sizes]

    def listen(
        self, ears: Sequence[Ear], _done: Callable[[], bool], _seconds: float, _ctx: object
    ) -> None:
        for ear in ears:
            if self.silent_at_first > 0 and not ear.mss:
                self.silent_at_first -= 1
            elif min(ear.packet, self.text + HEADERS) <= self.limit:
                ear.said = self.text


def overheard(service: Service, monkeypatch: pytest.MonkeyPatch, piece: int = 0) -> WayBack:
    monkeypatch.setattr(way_back, "listening", service.listening)
    monkeypatch.setattr(way_back, "listen", service.listen)
    return Listener(PEER, 5432, ProbeContext()).overhear([Ear(0)], piece)  # type: ignore[list-item]


@pytest.mark.parametrize("limit", [600, 1280, 1300, 1391, 1499])
def test_a_narrow_way_back_is_measured_to_the_byte(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(limit)
    back = overheard(service, monkeypatch)
    assert (back.passes, back.vanishes) == (limit, limit + 1)
    assert (back.talks, back.stalled, back.heard) == (True, 3, 3)
    assert len(service.opened) < 40


def test_the_size_of_a_piece_saves_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(1303)
    back = overheard(service, monkeypatch, piece=1300)
    assert (back.passes, back.vanishes) == (1303, 1304)
    assert len(service.opened) < 16


@pytest.mark.parametrize("text", [0, 30, TEXT])
def test_a_wide_way_back_is_none(text: int, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(1500, text=text)
    back = overheard(service, monkeypatch)
    assert (back.vanishes, back.talks) == (0, text > 0)
    assert len(service.opened) <= 1


def test_one_silent_connection_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    back = overheard(Service(1500, silent_at_first=1), monkeypatch)
    assert back.vanishes == 0


def test_a_service_that_is_heard_on_one_of_three_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    back = overheard(Service(1500, silent_at_first=4), monkeypatch)
    assert back.vanishes == 0


@pytest.mark.parametrize("limit", [1300, 1500])
def test_a_small_one_that_was_listened_on_already_need_not_be_made(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(limit)
    monkeypatch.setattr(way_back, "listening", service.listening)
    monkeypatch.setattr(way_back, "listen", service.listen)
    ears: list[Any] = [Ear(0), Ear(small_segment(PEER))]
    back = Listener(PEER, 5432, ProbeContext()).overhear(ears, 0)
    assert back.passes == limit
    assert bool(back.vanishes) is (limit < 1500)
    assert service.opened[:2] == ([0, small_segment(PEER)] if back.vanishes else [])
