"""The drawing of sizes along the path: from what was measured, in ASCII, in eighty columns."""

from dataclasses import replace

import pytest

from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    EchoFate,
    Evidence,
    HopSize,
    Outcome,
    PathMtuFact,
    SizeMethod,
    WayBack,
)
from layerwalk.session.entries import entry_of
from layerwalk.session.report import EvidenceEntry, HopRow
from layerwalk.session.size_figure import size_figure

TARGET = "203.0.113.10"
ROUTERS = ("198.51.100.1", "198.18.1.2", "198.18.2.2")
PATH = (
    *(HopRow(hop=number, addresses=(who,)) for number, who in enumerate(ROUTERS, 1)),
    HopRow(hop=4, addresses=(TARGET,), target=True),
)
WHOLE = PathMtuFact(
    outcome=Outcome.ANSWERED,
    address=TARGET,
    port=443,
    interface_mtu=1500,
    passes=1500,
    by=SizeMethod.TCP,
    mss=1460,
    segment=1500,
    segment_passes=True,
    back=WayBack(passes=1500, talks=False, echo=EchoFate.WHOLE),
)
FALLS = "larger than 1300"


def said(kind: AnswerKind, hop: int, mtu: int = 0) -> Answer:
    return Answer(kind=kind, responder=ROUTERS[hop - 1], hop=hop, rtt_s=0.01, mtu=mtu)


def drawn(fact: PathMtuFact, path: tuple[HopRow, ...] = PATH) -> list[str]:
    return list(size_figure(entry(fact), path))


def entry(fact: PathMtuFact) -> EvidenceEntry:
    return entry_of(Evidence(id="e1", fact=fact, step="path-mtu"))


HOLE = replace(
    WHOLE,
    passes=1300,
    vanishes=1301,
    segment_passes=False,
    reached=said(AnswerKind.TIME_EXCEEDED, 2),
    back=WayBack(passes=1300, talks=False, echo=EchoFate.WHOLE),
)
TOLD = replace(
    WHOLE,
    passes=1300,
    too_big=(said(AnswerKind.TOO_BIG, 2, mtu=1300),),
    back=WayBack(passes=1300, talks=False, echo=EchoFate.WHOLE),
)
CUT = WayBack(
    passes=1300,
    vanishes=1301,
    talks=True,
    stalled=3,
    heard=3,
    echo=EchoFate.PIECES,
    piece=1300,
    hops=tuple(
        HopSize(hop=number, address=who, back=back, small=True)
        for number, who, back in zip((1, 2, 3), ROUTERS, (1500, 1500, 1300), strict=True)
    ),
)
BACK = replace(WHOLE, back=CUT)
PLACELESS = replace(WHOLE, back=replace(CUT, hops=()))


def test_a_wide_path_is_two_arrows() -> None:
    assert drawn(WHOLE) == [
        "Path MTU, in bytes of a whole packet (MSS seen 1460, MSS that fits 1460):",
        "  there  this machine ===== 1500 =====> target, 4 hops",
        "  back   this machine <===== 1500 ===== target",
    ]


@pytest.mark.parametrize(
    ("fact", "between", "word"),
    [
        (HOLE, (2, 3), "on the way there; nobody"),
        (TOLD, (2, 3), 'a router says "too big, MTU 1300"'),
        (BACK, (2, 3), "on the way back; the target is not told"),
    ],
)
def test_the_fall_stands_between_its_hops(
    fact: PathMtuFact, between: tuple[int, int], word: str
) -> None:
    lines = drawn(fact)
    place = next(number for number, line in enumerate(lines) if FALLS in line)
    assert word in lines[place]
    assert ROUTERS[between[0] - 1] in lines[place - 1]
    assert ROUTERS[between[1] - 1] in lines[place + 1]
    assert "MSS that fits 1260" in lines[0]


def test_a_way_back_that_nobody_places_is_said_below() -> None:
    lines = drawn(PLACELESS)
    assert FALLS in lines[-1]
    assert sum(FALLS in line for line in lines) == 1
    assert all("?" in line for line in lines if line.strip().startswith(("1 ", "2 ", "3 ")))


@pytest.mark.parametrize("fact", [WHOLE, HOLE, TOLD, BACK, PLACELESS])
@pytest.mark.parametrize("path", [PATH, ()])
def test_it_fits_an_old_terminal(fact: PathMtuFact, path: tuple[HopRow, ...]) -> None:
    lines = drawn(fact, path)
    assert lines
    assert all(line.isascii() and len(line) <= 80 for line in lines)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn(replace(WHOLE, passes=0, outcome=Outcome.SILENT)) == []
    odd = EvidenceEntry(
        id="e1", probe="path-mtu", layer=3, started=0, seconds=0, status="answered", finding="",
        data={"passes": "many"},
    )  # fmt: skip
    assert size_figure(odd, ()) == ()
