from typing import Any

import jsonschema
import msgspec
import pytest

from layerwalk.session.json_form import to_json
from layerwalk.session.report import Report
from layerwalk.session.schema import FILE, make_schema, schema_text, shipped_schema
from tests.house.tree import ROOT
from tests.unit.session.reports import faulty, harmful, healthy


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(shipped_schema())


def written(report: Report | tuple[Report, ...]) -> Any:
    return msgspec.json.decode(to_json(report))


def test_the_shipped_schema_is_the_one_that_the_structures_make() -> None:
    path = ROOT / "src/layerwalk/session" / FILE
    assert path.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema())


@pytest.mark.parametrize(
    "report", [faulty(), healthy(), (faulty(), healthy()), ()], ids=["fault", "ok", "two", "none"]
)
def test_reports_keep_to_it(report: Report | tuple[Report, ...]) -> None:
    validator().validate(written(report))


def test_every_field_is_described() -> None:
    parts = make_schema()["$defs"]
    fields = {(part, name): it for part in parts for name, it in parts[part]["properties"].items()}
    assert [place for place, it in fields.items() if not it.get("description")] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema",), "layerwalk.report/2"),
        (("verdict", "outcome"), "fine"),
        (("verdict", "causes", 0, "id"), "Firewall drop"),
        (("verdict", "causes", 0, "relation"), "because"),
        (("verdict", "causes", 0, "confidence"), "sure"),
        (("verdict", "causes", 0, "where"), {"kind": "somewhere"}),
        (("verdict", "causes", 0, "where"), {"after": {"hop": 1, "address": "192.0.2.1"}}),
        (("verdict", "causes", 0, "where"), {"kind": "path", "after": {"hop": 1}}),
        (("verdict", "causes", 0, "where"), {"kind": "proxy", "address": "192.0.2.1"}),
        (("evidence", 0, "status"), "good"),
        (("path", 0, "syn"), "lost"),
        (("target", "port"), "5432"),
    ],
)
def test_what_is_no_report_fails(place: tuple[str | int, ...], value: object) -> None:
    broken = written(faulty())
    part = broken
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    assert not validator().is_valid(broken)


@pytest.mark.parametrize("field", ["schema", "target", "verdict", "path", "evidence", "seconds"])
def test_a_report_lacks_no_field(field: str) -> None:
    broken = written(faulty())
    del broken[field]
    assert not validator().is_valid(broken)


def test_more_fields_may_come() -> None:
    validator().validate(written(faulty()) | {"ports": []})


def test_harm_in_an_id_is_no_id() -> None:
    assert not validator().is_valid(written(harmful()))
