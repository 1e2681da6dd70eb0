"""One direction of a delay line, with a clock that the test turns."""

from layerwalk.lab.delay import Direction
from layerwalk.lab.spec import Impairment


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_frame_comes_out_after_its_delay_and_not_before() -> None:
    clock = Clock()
    way = Direction(Impairment(0.5), clock)
    way.take(b"one")
    assert way.due() == []
    assert way.wait_s() == 0.5
    clock.now += 0.5
    assert way.due() == [b"one"]
    assert way.wait_s() is None


def test_frames_keep_their_order() -> None:
    clock = Clock()
    way = Direction(Impairment(0.5), clock)
    frames = [bytes([number]) for number in range(20)]
    for frame in frames:
        way.take(frame)
    clock.now += 1
    assert way.due() == frames


def test_jitter_swings_around_the_delay() -> None:
    clock = Clock()
    way = Direction(Impairment(0.5, jitter_s=0.1), clock)
    for number in range(50):
        way.take(bytes([number]))
    clock.now += 0.399
    assert way.due() == []
    clock.now += 0.202
    assert len(way.due()) == 50


def survivors(seed: int) -> list[bytes]:
    way = Direction(Impairment(loss=0.5, seed=seed), Clock())
    for number in range(200):
        way.take(bytes([number]))
    return way.due()


def test_a_seed_repeats_its_losses() -> None:
    assert survivors(3) == survivors(3) != survivors(4)
    assert 60 < len(survivors(3)) < 140


def test_all_can_be_lost() -> None:
    way = Direction(Impairment(loss=1.0), Clock())
    way.take(b"gone")
    assert way.due() == []


def test_neighbours_find_each_other_in_spite_of_losses() -> None:
    macs = bytes(12)
    arp = macs + b"\x08\x06" + bytes(28)
    question = bytearray(macs + b"\x86\xdd" + bytes(60))
    question[20], question[54] = 58, 135
    ping = bytearray(question)
    ping[54] = 128
    way = Direction(Impairment(loss=1.0), Clock())
    for frame in (arp, bytes(question), bytes(ping), macs + b"\x08\x00" + bytes(40)):
        way.take(frame)
    assert way.due() == [arp, bytes(question)]


def test_what_is_doubled_comes_out_twice_the_second_time_later() -> None:
    clock = Clock()
    way = Direction(Impairment(0.5, doubled=1.0, later_s=2.0), clock)
    way.take(b"one")
    clock.now += 0.5
    assert way.due() == [b"one"]
    clock.now += 1.9
    assert way.due() == []
    clock.now += 0.2
    assert way.due() == [b"one"]
    assert way.wait_s() is None


def test_only_a_share_is_doubled() -> None:
    clock = Clock()
    way = Direction(Impairment(doubled=0.5), clock)
    for number in range(200):
        way.take(bytes([number]))
    clock.now += 1
    found = way.due()
    assert {*found} == {bytes([number]) for number in range(200)}
    assert 240 < len(found) < 360


def test_jitter_lets_frames_overtake_each_other() -> None:
    clock = Clock()
    way = Direction(Impairment(0.5, jitter_s=0.1), clock)
    frames = [bytes([number]) for number in range(50)]
    for frame in frames:
        way.take(frame)
    clock.now += 1
    found = way.due()
    assert sorted(found) == frames != found
