"""What a line of the path says."""

import msgspec
import pytest

from layerwalk.session.report import HopRow
from layerwalk.session.state import WalkState
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import hop_details
from layerwalk.tui.panes.path import path_rows


def cells(hop: HopRow) -> list[dict[str, str]]:
    rows = path_rows(WalkState(path=(hop,)), Lettering())
    return [{name: cell.text for name, cell in row.cells.items() if cell.text} for row in rows]


def test_a_silent_hop() -> None:
    hop = HopRow(hop=4, sent=3, probes={"icmp": (3, 0)}, syn="silent")
    assert cells(hop) == [
        {
            "hop": "4",
            "address": "no answer",
            "loss": "100%",
            "sent": "3",
            "received": "0",
            "icmp": "silent",
            "syn": "  silent",
        }
    ]


def test_a_hop_that_nothing_was_sent_to() -> None:
    assert cells(HopRow(hop=4)) == [{"hop": "4", "address": "no answer"}]


def test_each_further_address_has_a_line_of_its_own() -> None:
    hop = HopRow(hop=2, addresses=("192.0.2.1", "192.0.2.2", "192.0.2.3"))
    assert [row["address"] for row in cells(hop)] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert [row.get("hop") for row in cells(hop)] == ["2", None, None]


def test_names_and_additions_stand_in_their_column() -> None:
    hop = HopRow(
        hop=2,
        addresses=("192.0.2.1", "192.0.2.2"),
        names=("", "b.lab.test"),
        extensions=("MPLS label 16, class 0, TTL 1\x1b[2J",),
    )
    found = cells(hop)
    assert [row.get("address") for row in found] == ["192.0.2.1", "192.0.2.2", None]
    assert [row.get("name") for row in found][:2] == [None, "b.lab.test"]
    assert found[2]["name"].startswith("MPLS label 16, class 0, TTL 1")
    assert "\x1b" not in found[2]["name"]


def test_a_dropped_syn_is_no_loss() -> None:
    hop = HopRow(hop=1, sent=5, received=2, probes={"syn": (3, 0), "icmp": (2, 2)})
    assert cells(hop)[0]["loss"] == "0%"
    assert cells(hop)[0]["sent"] == "2"


def test_loss_is_counted_where_the_kinds_are_not_known() -> None:
    assert cells(HopRow(hop=1, sent=4, received=1))[0]["loss"] == "75%"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0000123, "0.01"), (0.00999, "9.99"), (0.009996, "10.0"), (0.1, "100"), (3.2, "3200")],
)
def test_times_are_in_milliseconds(seconds: float, text: str) -> None:
    assert cells(HopRow(hop=1, rtt_s={"best": seconds}))[0]["best"] == text


def test_a_silent_hop_on_the_way_of_an_answered_syn_is_no_loss_of_it() -> None:
    silent = HopRow(hop=1, addresses=("192.0.2.1",), sent=1, received=1, rtt_s={}, syn="silent")
    path = (silent, msgspec.structs.replace(silent, hop=2, syn="answered", target=True))
    rows = path_rows(WalkState(path=path), Lettering())
    assert [row.cells["syn"].text.split()[-1] for row in rows] == ["passed", "answered"]
    assert "the SYN got further" in hop_details(silent, Lettering(), path).content.plain
    assert "not sent this far" in hop_details(silent, Lettering()).content.plain
