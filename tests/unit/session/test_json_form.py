"""A report as JSON: indented, each port on its line, and the same whether in pieces or whole."""

import json

import msgspec
import pytest

from layerwalk.session.json_form import json_pieces, to_json
from layerwalk.session.report import PortEntry, Report, from_json
from tests.unit.session.reports import faulty

MANY = 10_000


def with_ports(count: int) -> Report:
    ports = tuple(
        PortEntry(port=port, state="closed", reason="reset") for port in range(1, count + 1)
    )
    entry = msgspec.structs.replace(faulty().evidence[0], data={"ports": [], "a": {"ports": []}})
    return msgspec.structs.replace(faulty(), ports=ports, evidence=(entry,))


@pytest.mark.parametrize("count", [0, 1, 4095, 4096, 4097, MANY])
def test_every_port_has_a_line_and_comes_back(count: int) -> None:
    report = with_ports(count)
    written = to_json(report)
    assert from_json(written) == report
    lines = [line for line in written.splitlines() if b'"reset"' in line]
    assert len(lines) == count
    assert all(line.startswith(b'    {"port":') for line in lines)


def test_several_reports_are_an_array_with_the_ports_of_each() -> None:
    reports = with_ports(3), faulty(), with_ports(0), with_ports(5)
    assert msgspec.json.decode(to_json(reports), type=tuple[Report, ...]) == reports


def test_a_report_without_ports_is_plainly_indented_json() -> None:
    written = to_json(faulty())
    assert written == json.dumps(json.loads(written), indent=2, ensure_ascii=False).encode() + b"\n"


def test_no_piece_holds_all_ports() -> None:
    pieces = list(json_pieces(with_ports(MANY)))
    assert b"".join(pieces) == to_json(with_ports(MANY))
    assert max(piece.count(b'"reset"') for piece in pieces) < MANY / 2
