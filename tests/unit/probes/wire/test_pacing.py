"""Politeness, by a clock that the test turns."""

from itertools import cycle, islice

from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.wire.pacing import BURST, PER_SECOND, PER_WALK, Pacing

ADDRESS, OTHER = "198.51.100.10", "198.51.100.11"
SOURCE = "192.0.2.10"


def full(now: float = 0.0) -> Pacing:
    pacing = Pacing()
    for _ in range(PER_SECOND):
        pacing.count(ADDRESS, now)
    return pacing


def test_the_first_packets_go_at_once() -> None:
    pacing = Pacing()
    for _ in range(PER_SECOND):
        assert pacing.delay_s(ADDRESS, 5.0) == 0.0
        pacing.count(ADDRESS, 5.0)


def test_more_in_the_same_second_has_to_wait_for_its_end() -> None:
    assert full().delay_s(ADDRESS, 0.25) == 0.75
    assert full().delay_s(ADDRESS, 1.0) == 0.0


def test_what_the_kernel_sends_for_us_takes_its_share_of_the_second_and_of_the_walk() -> None:
    pacing = Pacing()
    for _ in range(PER_SECOND // 2):
        pacing.count(ADDRESS, 0.0)
        pacing.count_kernels(ADDRESS, 0.0)
    assert pacing.delay_s(ADDRESS, 0.25) == 0.75
    assert pacing.sent == PER_SECOND // 2
    for _ in range(PER_WALK - PER_SECOND):
        assert not pacing.spent
        pacing.count_kernels(OTHER, 0.0)
    assert pacing.spent


def test_another_address_does_not_wait() -> None:
    assert full().delay_s(OTHER, 0.25) == 0.0


@given(st.lists(st.floats(0.0, 0.02), min_size=1, max_size=7))
def test_no_second_has_more_than_its_share(pauses: list[float]) -> None:
    pacing, now, times = Pacing(), 0.0, []
    for pause in islice(cycle(pauses), 3 * PER_SECOND):
        now += pause
        while (delay := pacing.delay_s(ADDRESS, now)) > 0.0:
            now += max(delay, 1e-6)
        pacing.count(ADDRESS, now)
        times.append(now)
    assert all(
        later - earlier >= 1.0 for earlier, later in zip(times, times[PER_SECOND:], strict=False)
    )


def test_the_walks_packets_are_spent_at_last() -> None:
    pacing = Pacing()
    for number in range(PER_WALK):
        assert not pacing.spent
        pacing.count(f"198.51.100.{number % 8}", number / 100)
    assert pacing.spent
    assert pacing.sent == PER_WALK
    assert PER_WALK < 600


def test_a_hop_has_a_burst_and_then_one_a_second() -> None:
    pacing = Pacing()
    assert [pacing.hop_allows(SOURCE, 3, 0.0) for _ in range(BURST + 1)] == [True] * BURST + [False]
    assert not pacing.hop_allows(SOURCE, 3, 0.9)
    assert pacing.hop_allows(SOURCE, 3, 1.0)
    assert not pacing.hop_allows(SOURCE, 3, 1.5)
    assert pacing.hop_allows(SOURCE, 3, 2.0)


def test_a_hop_never_saves_up_more_than_its_burst() -> None:
    pacing = Pacing()
    assert pacing.hop_allows(SOURCE, 3, 0.0)
    taken = [pacing.hop_allows(SOURCE, 3, 1000.0) for _ in range(BURST + 1)]
    assert taken == [True] * BURST + [False]


def test_hops_and_sources_have_their_own() -> None:
    pacing = Pacing()
    while pacing.hop_allows(SOURCE, 3, 0.0):
        pass
    assert pacing.hop_allows(SOURCE, 4, 0.0)
    assert pacing.hop_allows("2001:db8:1::10", 3, 0.0)


@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.4, 1.0, 2.5]), max_size=60))
def test_a_router_is_never_asked_more_than_it_answers(pauses: list[float]) -> None:
    """A Linux router has a bucket of six answers for an address, and adds one a second."""
    pacing, now, left, when = Pacing(), 0.0, 6.0, 0.0
    for pause in pauses:
        now += pause
        if pacing.hop_allows(SOURCE, 1, now):
            left, when = min(6.0, left + now - when), now
            assert left >= 1.0 - 1e-6
            left -= 1.0
