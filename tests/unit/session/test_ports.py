"""Ports in a report: each by itself for scripts, in groups for people, in every form."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import Evidence, Outcome, PortsFact
from layerwalk.probes.facts.ports import (
    PortGroup,
    Reason,
    ScanState,
    grouped,
    outcome_of_groups,
    spans_in,
    spans_of,
)
from layerwalk.probes.facts.ports import (
    written as written_ports,
)
from layerwalk.session.entries import entry_of
from layerwalk.session.json_form import to_json
from layerwalk.session.markdown import to_markdown
from layerwalk.session.ports import port_rows, ports_told
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.report import EvidenceEntry, Report, from_json
from layerwalk.session.state import report_of, state_of
from layerwalk.session.text import Form, to_text
from tests.unit.session.reports import HARM, faulty
from tests.unit.session.test_schema import validator, written

OPEN = (ScanState.OPEN, Reason.SYN_ACK, "")
CLOSED = (ScanState.CLOSED, Reason.RESET, "")
SILENT = (ScanState.FILTERED, Reason.NO_RESPONSE, "")
BARRED = (ScanState.FILTERED, Reason.ADMIN_PROHIBITED, "192.0.2.1")
FARED = {22: OPEN, 80: OPEN, **dict.fromkeys(range(1000, 2000), CLOSED), 25: BARRED, 7: SILENT}


def fact(**changes: object) -> PortsFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": "198.51.100.10",
        "wanted": len(FARED),
        "groups": grouped(FARED.items()),
        "sent": 1010,
        "rate": 1000,
        "least_rate": 1000,
    }
    return PortsFact(**{**fields, **changes})  # type: ignore[arg-type]


def entry(told: PortsFact) -> EvidenceEntry:
    return entry_of(Evidence(id="e9", fact=told))


def report(told: PortsFact | None = None) -> Report:
    evidence = (*faulty().evidence, entry(told or fact()))
    whole = msgspec.structs.replace(faulty(), evidence=evidence)
    return report_of(state_of(whole))


def test_the_finding_says_all_in_one_line() -> None:
    assert fact().finding == (
        "ports of 198.51.100.10: open 2: 22, 80 (syn-ack); closed 1000: 1000-1999 (reset);"
        " filtered 25 (admin-prohibited from 192.0.2.1); filtered 7 (no-response)"
    )
    assert fact().command.startswith("nmap -sS -n -Pn --reason --max-rate 1000 -p 7,22,25,80,1000-")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wanted": 2000}, "996 of 2000 not asked to the end: --budget and --rate allow more"),
        (
            {"late": 3, "least_rate": 250},
            "3 answered only when asked again, so the rate came down to 250 packets a second",
        ),
        (
            {"dropped": 4},
            "4 packets came faster than they were read here: silent ports were asked again",
        ),
        ({"refused_locally": 5}, "5 this machine would not ask"),
    ],
)
def test_what_hampered_it_is_said(changes: dict[str, object], said: str) -> None:
    assert fact().remarks == ()
    assert fact(**changes).remarks == (said,)
    assert fact(**changes).finding.endswith(said)
    assert said in " ".join(to_text(report(fact(**changes))).split())


def test_every_port_is_in_the_report_in_order() -> None:
    told = ports_told([entry(fact())])
    assert told is not msgspec.UNSET
    assert [it.port for it in told] == sorted(FARED)
    assert {it.port: (it.state, it.reason) for it in told} == {
        port: (str(fate[0]), str(fate[1])) for port, fate in FARED.items()
    }


def test_it_goes_out_and_comes_back() -> None:
    whole = report()
    validator().validate(written(whole))
    assert from_json(to_json(whole)) == whole
    assert report_of(state_of(from_json(to_json(whole)))) == whole
    assert written(whole)["ports"][0] == {"port": 7, "state": "filtered", "reason": "no-response"}


def test_without_a_scan_there_is_no_such_field() -> None:
    assert "ports" not in written(report_of(state_of(faulty())))


def test_people_read_groups_and_never_thousands_of_lines() -> None:
    alternating = {port: OPEN if port % 2 else CLOSED for port in range(1, 65536)}
    told = fact(groups=grouped(alternating.items()), wanted=65535)
    for text in (to_text(report(told), Form(width=80, detail=1)), to_markdown(report(told))):
        assert len(text.splitlines()) < 80
        assert "open" in text
        assert "32768: 1, 3, 5" in text
        assert "32756 more" in " ".join(text.split())


def test_a_scan_that_failed_says_why() -> None:
    told = PortsFact(outcome=Outcome.FAILED, address="192.0.2.1", wanted=2, detail="No such device")
    assert port_rows([entry(told)]) == (
        "192.0.2.1",
        [("", "No such device")],
    )
    assert told.finding == "ports of 192.0.2.1: No such device"


@pytest.mark.parametrize(
    ("ports", "count"),
    [
        ("0-5", 6),
        ("5-1", -3),
        ("1-1000000000000", 10**12),
        ("1-65535,1-65535", 131_070),
        ("a", 1),
        ("", 0),
        ("22", 2),
        (22, 1),
    ],
)
def test_damaged_data_is_no_scan(ports: object, count: int) -> None:
    good = entry(fact())
    group = {"state": "open", "reason": "syn-ack", "ports": ports, "count": count}
    data = {**good.data, "groups": [group]}
    assert ports_told([msgspec.structs.replace(good, data=data)]) is msgspec.UNSET


def test_what_means_harm_does_none() -> None:
    told = fact(groups=(PortGroup(state=OPEN[0], reason=OPEN[1], ports="1", count=1, by=HARM),))
    for text in (to_text(report(told)), to_markdown(report(told))):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_redacted_ports_are_the_same_ports() -> None:
    redacted = Redaction()(report())
    assert redacted.ports == report().ports
    assert "192.0.2.1" not in to_json(redacted).decode()


@given(st.sets(st.integers(1, 65535), min_size=1, max_size=300))
def test_rows_hold_each_port_once(ports: set[int]) -> None:
    spans = spans_of(ports)
    assert [port for a, b in spans for port in range(a, b + 1)] == sorted(ports)
    assert all(b + 1 < c for (_, b), (c, _) in pairwise(spans))
    assert tuple(spans_in(written_ports(spans))) == spans


@pytest.mark.parametrize(
    ("fates", "outcome"),
    [
        ([OPEN, SILENT], Outcome.ANSWERED),
        ([CLOSED, SILENT], Outcome.REFUSED),
        ([SILENT], Outcome.SILENT),
        ([SILENT, BARRED], Outcome.REJECTED),
        ([], Outcome.NOT_RUN),
    ],
)
def test_a_scan_has_an_outcome(
    fates: list[tuple[ScanState, Reason, str]], outcome: Outcome
) -> None:
    groups = grouped(enumerate(fates, 1))
    assert outcome_of_groups(groups, cancelled=False) is outcome
    assert outcome_of_groups(groups, cancelled=True) is Outcome.CANCELLED
