"""Real walks with --redact, and real reports redacted: nothing true of the lab is left in them."""

import itertools
import json
import platform
import re
from collections.abc import Iterator
from ipaddress import ip_interface
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.spec import Network
from layerwalk.session.json_form import to_json
from layerwalk.session.markdown import to_markdown
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.report import Report
from layerwalk.session.schema import shipped_schema
from layerwalk.session.text import Form, to_text
from tests.lab.walks import Walked, Walker
from tests.unit.session.redaction.spellings import spellings

pytestmark = pytest.mark.netns

CASES = [
    ("healthy-by-name", Shape(3, 0)),
    ("healthy-by-name", Shape(2, 0, 6)),
    ("firewall-drop", Shape(4, 2)),
    ("firewall-drop-client-out", Shape(1, 0, 6)),
    ("firewall-reject", Shape(3, 2, 6)),
    ("name-not-found", Shape(1, 0)),
    ("resolver-unreachable", Shape(1, 0)),
    ("resolver-failing-other", Shape(1, 0, 6)),
    ("hosts-file-override", Shape(2, 3)),
    ("address-unusable-family", Shape(2, 3)),
    ("gateway-unreachable-by-name", Shape(2, 0)),
    ("routing-loop", Shape(4, 2, 6)),
    ("route-rejected-rule-prohibit", Shape(1, 0)),
    ("pmtu-blackhole", Shape(3, 2)),
]


def addresses(network: Network) -> Iterator[str]:
    for host in network.hosts:
        for end in network.ends(host.name):
            yield from (str(ip_interface(it).ip) for it in end.addresses)


def true_of(scenario: Scenario, plain: Walked) -> list[str]:
    """Every address in each of its spellings, every name, every MAC that the client has or saw."""
    links = [it["data"].get("links", []) for it in plain.report["evidence"]]
    macs = [link["mac"] for link in itertools.chain(*links) if link["mac"].strip("0:")]
    seen = [mac for it in plain.report["evidence"] for mac in it["data"].get("macs", [])]
    host = plain.report["target"]["host"]
    names = ["lab.test", platform.node()] + ([host] if re.search("[g-z]", host) else [])
    every = {*addresses(scenario.network), *plain.report["target"]["addresses"]}
    return [*macs, *seen, *names, *itertools.chain.from_iterable(map(spellings, every))]


def left_in(text: str, true: list[str]) -> list[str]:
    words = rf"(?<![^\W_])(?:{'|'.join(map(re.escape, true))})(?![^\W_])"
    return re.findall(words, text, re.IGNORECASE)


def forms(report: Report) -> Iterator[str]:
    yield to_json(report).decode()
    yield to_markdown(report)
    yield to_text(report, Form(width=1000, detail=2))


def first_cause(report: dict[str, Any]) -> tuple[str, ...]:
    return tuple(it["id"] for it in report["verdict"]["causes"][:1])


@pytest.mark.parametrize(
    ("name", "shape"), CASES, ids=[f"{name}-{it.family}" for name, it in CASES]
)
def test_nothing_true_of_the_lab_is_left(walker: Walker, name: str, shape: Shape) -> None:
    scenario = ALL[name].apply(shape)
    with build(scenario.network) as lab:
        words = (*scenario.args, scenario.target)
        plain = walker.walk(lab, scenario.client, *words)
        redacted = walker.walk(lab, scenario.client, "--redact", *words)
    true = true_of(scenario, plain)
    assert left_in(json.dumps(plain.report), true)
    assert left_in(json.dumps(redacted.report) + redacted.err, true) == []
    assert first_cause(redacted.report) == first_cause(plain.report)
    Draft202012Validator(shipped_schema()).validate(redacted.report)

    later = Redaction()(msgspec.convert(plain.report, Report))
    for form in forms(later):
        assert left_in(form, true) == []
    assert Redaction()(later) == later
    assert len(later.path) == len(plain.report["path"])
    assert [it.id for it in later.verdict.causes] == [
        it["id"] for it in plain.report["verdict"]["causes"]
    ]
