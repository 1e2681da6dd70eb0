"""ICMP errors from the kernel's queue, as answers."""

import pytest

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.kernel.error_queue import Report, ttl_of
from layerwalk.probes.wire.refusals import meaning

MINE = Identity("udp", "198.51.100.10", 40000, 33434, 7)


@pytest.mark.parametrize(
    ("version", "kind", "code", "meant"),
    [
        (4, 11, 0, (AnswerKind.TIME_EXCEEDED, None)),
        (6, 3, 0, (AnswerKind.TIME_EXCEEDED, None)),
        (4, 3, 4, (AnswerKind.TOO_BIG, None)),
        (6, 2, 0, (AnswerKind.TOO_BIG, None)),
        (4, 3, 13, (AnswerKind.UNREACHABLE, Refusal.PROHIBITED)),
        (6, 1, 4, (AnswerKind.UNREACHABLE, Refusal.PORT)),
        (4, 3, 99, (AnswerKind.UNREACHABLE, Refusal.OTHER)),
    ],
)
def test_an_error_is_an_answer(
    version: int, kind: int, code: int, meant: tuple[AnswerKind, Refusal | None]
) -> None:
    report = Report(version, "192.0.2.1", kind, code, 1300, 62, 5.0)
    heard = report.heard(MINE)
    assert heard is not None
    assert (heard.kind, heard.refusal) == meant
    assert (heard.identity, heard.responder, heard.ttl, heard.mtu) == (MINE, "192.0.2.1", 62, 1300)


@pytest.mark.parametrize(("version", "kind"), [(4, 4), (4, 12), (6, 4), (6, 129)])
def test_what_says_nothing_of_the_way_is_none(version: int, kind: int) -> None:
    assert meaning(version, kind, 0) is None
    assert Report(version, "192.0.2.1", kind, 0, 0, 0, 5.0).heard(MINE) is None


def test_a_ttl_that_is_not_told_is_none() -> None:
    assert ttl_of([(0, 2, b"\x3e\0\0\0")]) == 62
    assert ttl_of([(41, 52, b"\x3d\0\0\0")]) == 61
    assert ttl_of([(0, 11, b"\x3e\0\0\0"), (0, 2, b"")]) == 0
