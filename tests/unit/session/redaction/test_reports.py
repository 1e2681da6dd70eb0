"""Whole reports and journals, in every form: nothing true is left, and all still fits together."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from layerwalk.probes.facts import Answer, AnswerKind, Link, LinksFact, Outcome
from layerwalk.session.json_form import to_json
from layerwalk.session.markdown import to_markdown
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.report import (
    ErrorEntry,
    EvidenceEntry,
    OriginEntry,
    Report,
    from_json,
)
from layerwalk.session.schema import shipped_schema
from layerwalk.session.state import report_of, state_of
from layerwalk.session.text import Form, to_text
from tests.unit.session.redaction.spellings import found_in, spellings
from tests.unit.session.reports import HARM, faulty, harmful

SCHEMA = Draft202012Validator(shipped_schema())
LABELS = st.from_regex(r"[a-z][a-z0-9]{4,9}", fullmatch=True)
TRUE_4 = st.integers(0x0A000001, 0x0A00FFFE) | st.integers(0xC6336401, 0xC63364FE)
TRUE_6 = st.integers(1, 1 << 70).map(lambda it: f"2001:db8:{it & 0xFFFF:x}::{it >> 16 & 0xFFFF:x}")
MACS = st.from_regex("52:54(:[0-9a-f]{2}){4}", fullmatch=True)


def forms(report: Report) -> Iterator[str]:
    """The report in every form in which it can be had."""
    yield to_json(report).decode()
    yield to_markdown(report)
    yield from (to_text(report, Form(width=10_000, detail=detail)) for detail in range(3))


class World(msgspec.Struct, frozen=True):
    """What is true in a made-up report."""

    four: list[str]
    six: list[str]
    name: str
    machine: str
    domain: str
    mac: str
    password: str

    def true(self) -> list[str]:
        addresses = [it for one in (*self.four, *self.six) for it in spellings(one)]
        return [*addresses, self.name, self.machine, self.domain, self.mac, self.password]


def dotted(number: int) -> str:
    return ".".join(str(byte) for byte in number.to_bytes(4))


WORLDS = st.builds(
    World,
    four=st.lists(TRUE_4.map(dotted), min_size=3, max_size=3, unique=True),
    six=st.lists(TRUE_6, min_size=2, max_size=2, unique=True),
    name=LABELS.map(lambda it: f"q{it}"),
    machine=LABELS.map(lambda it: f"w{it}"),
    domain=LABELS.map(lambda it: f"z{it}.internal"),
    mac=MACS,
    password=LABELS.map(lambda it: f"P4{it}"),
)


def report_in(world: World) -> Report:
    """A report in which all that is true stands in all kinds of places."""
    whole = f"{world.name}.{world.domain}"
    every = " ".join(it for one in (*world.four, *world.six) for it in spellings(one))
    said = f"{whole} {world.machine} {every}, {world.mac.upper()}: api.{world.domain}"
    packet = f"4500003c{int.from_bytes(map(int, world.four[0].split('.'))):08x}"
    answer = {"responder": world.six[0], "packet": packet, "interface": "eth0"}
    data = {"detail": said, "answers": [answer], "links": [{"name": "eth0", "mac": world.mac}]}
    names = {"name": whole, "asked_names": [f"{whole}.{world.domain}"], world.four[1]: {"x": said}}
    evidence = (
        _entry("e1", "resolve", {**names, "addresses": [*world.four]}, said),
        _entry("e2", "syn", data, said),
    )
    line = f"psql: postgres://me:{world.password}@{whole}:5432/x?key={world.password}: {said}"
    base = faulty()
    return msgspec.structs.replace(
        base,
        host=msgspec.structs.replace(base.host, name=world.machine),
        target=msgspec.structs.replace(
            base.target, host=whole, input=f"{whole}:5432", addresses=(*world.four, *world.six)
        ),
        error_line=ErrorEntry(
            text=line, phase="connect", errno="", runtime="", timer="unknown", limit_s=None
        ),
        verdict=_replaced(base.verdict, said),
        evidence=evidence,
    )


def _entry(name: str, probe: str, data: dict[str, Any], said: str) -> EvidenceEntry:
    return EvidenceEntry(
        id=name,
        probe=probe,
        layer=4,
        started=0.0,
        seconds=0.1,
        status="answered",
        finding=said,
        data=data,
        command=f"dig {said}",
    )


def _replaced(verdict: Any, said: str) -> Any:
    causes = tuple(
        msgspec.structs.replace(
            cause,
            explanation=said,
            decide_by=said,
            where={**cause.where, "rule": said, "interface": "eth0"},
            recommendations=tuple(
                msgspec.structs.replace(it, action=said, command=said)
                for it in cause.recommendations
            ),
        )
        for cause in verdict.causes
    )
    return msgspec.structs.replace(verdict, summary=said, causes=causes)


@settings(max_examples=60)
@given(WORLDS)
def test_nothing_true_is_left_in_any_form(world: World) -> None:
    report = report_in(world)
    assert all(found_in(form, world.true()) for form in forms(report))
    for form in forms(Redaction()(report)):
        assert found_in(form, world.true()) == []


@settings(max_examples=40)
@given(WORLDS)
def test_redacting_twice_changes_nothing(world: World) -> None:
    once = Redaction()(report_in(world))
    assert Redaction()(once) == once


@settings(max_examples=40)
@given(WORLDS)
def test_same_stays_same_and_different_different(world: World) -> None:
    true, shown = report_in(world), Redaction()(report_in(world))
    assert len(set(shown.target.addresses)) == len(set(true.target.addresses))
    assert shown.evidence[0].data["addresses"] == list(shown.target.addresses[:3])
    assert shown.evidence[0].data["name"] == shown.target.host
    assert shown.target.input == f"{shown.target.host}:5432"
    assert shown.evidence[0].finding == shown.evidence[1].finding == shown.verdict.summary
    assert shown.host.name not in {shown.target.host, true.host.name}


@settings(max_examples=20)
@given(WORLDS)
def test_a_redacted_report_is_a_report(world: World) -> None:
    shown = Redaction()(report_in(world))
    SCHEMA.validate(json.loads(to_json(shown)))
    assert from_json(to_json(shown)) == shown
    assert report_of(state_of(shown)).evidence == shown.evidence


def test_packets_are_left_out() -> None:
    packet = Answer(
        kind=AnswerKind.RST, responder="198.51.100.10", hop=64, rtt_s=0.1, packet="45000028"
    )
    entry = _entry("e1", "syn", {"answers": [msgspec.to_builtins(packet)]}, "")
    assert Redaction()(entry).data["answers"][0]["packet"] == ""


def test_harm_is_redacted_as_well_and_keeps_the_reports_shape() -> None:
    shown = Redaction()(harmful(f"{HARM} 198.51.100.10"))
    assert "198.51.100.10" not in shown.verdict.summary
    assert [it.relation for it in shown.verdict.causes] == ["explains", "alternative"]


def test_two_reports_of_one_redaction_agree() -> None:
    redact = Redaction()
    first, second = redact(faulty()), redact(faulty())
    assert first == second
    other = msgspec.structs.replace(faulty().target, host="crm.internal", input="crm.internal")
    assert redact(other).host == "name-4.name-3"


def test_words_of_our_own_stay() -> None:
    base = faulty()
    named = msgspec.structs.replace(base.host, name="answered")
    shown = Redaction()(msgspec.structs.replace(base, host=named))
    assert [it.status for it in shown.evidence] == [it.status for it in base.evidence]
    assert [it.title for it in shown.verdict.causes] == [it.title for it in base.verdict.causes]
    assert shown.host.name == "name-1"


def test_interfaces_that_somebody_named_are_hidden() -> None:
    names = ["lo", "eth0", "enp0s31f6", "br-0a1b2c3d4e5f", "wlan0", "wg-acme", "enx525400aabb01"]
    links = LinksFact(
        outcome=Outcome.ANSWERED,
        links=tuple(
            Link(name=name, index=n, up=True, carrier=True, mtu=1500)
            for n, name in enumerate(names)
        ),
    )
    data = msgspec.json.decode(msgspec.json.encode(links))
    shown = Redaction()(_entry("e1", "links", data, links.finding))
    hidden = [*names[:5], "if-1", "if-2"]
    assert [it["name"] for it in shown.data["links"]] == hidden
    assert shown.finding == ", ".join(f"{name} up" for name in hidden)


def test_where_a_walk_came_from_is_redacted() -> None:
    there = OriginEntry(
        mark=5, address="10.1.2.3", pid=7, process="acme-billing", network="net:[9]"
    )
    shown = Redaction()(msgspec.structs.replace(faulty(), origin=there))
    for text in forms(shown):
        assert not found_in(text, ["10.1.2.3", "acme-billing"])
    origin = shown.origin
    assert isinstance(origin, OriginEntry)
    assert (origin.mark, origin.pid, origin.process) == (5, 7, "")
