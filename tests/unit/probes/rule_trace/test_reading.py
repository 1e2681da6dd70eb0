"""A trace's events: which rule refused, which way the packet went, which chains it was in."""

import struct

import pytest

from layerwalk.probes.facts import Certainty
from layerwalk.probes.rule_trace.netlink import Event, Kind, Verdict, event_of
from layerwalk.probes.rule_trace.reading import Reading

OWN = "layerwalk_trace_1_2_3_4"
TEXTS = {
    (("inet", "fw", "in"), 7): 'tcp dport 5432 drop comment "why"',
    (("ip", "filter", "OUTPUT"), 2): "counter reject with tcp reset",
}


def event(
    chain: str = "in", kind: Kind = Kind.RULE, verdict: int = Verdict.ACCEPT, **more: object
) -> Event:
    fields: dict[str, object] = {"packet": 1, "family": "inet", "table": "fw", "handle": 7}
    return Event(**{**fields, "chain": chain, "kind": kind, "verdict": verdict, **more})  # type: ignore[arg-type]


def reading(*events: Event) -> Reading:
    found = Reading(OWN)
    found.take([event("leaving", table=OWN, incoming=False), *events])
    return found


def test_a_rule_that_drops_is_named_by_its_text() -> None:
    found = reading(event(verdict=Verdict.DROP, incoming=True))
    (match,) = found.matches(TEXTS)
    assert found.refused
    assert (match.direction, match.verdict, match.certainty) == ("in", "drop", Certainty.EXACT)
    assert (match.table, match.chain, match.handle) == ("inet fw", "in", 7)
    assert match.text == 'tcp dport 5432 drop comment "why"'


def test_a_rule_that_rejects_is_told_from_one_that_drops() -> None:
    one = event("OUTPUT", verdict=Verdict.DROP, family="ip", table="filter", handle=2)
    (match,) = reading(one).matches(TEXTS)
    assert (match.direction, match.verdict) == ("out", "reject")


def test_a_policy_has_no_rule() -> None:
    (match,) = reading(event("out", Kind.POLICY, Verdict.DROP, handle=None)).matches(TEXTS)
    assert (match.text, match.handle) == ("table inet fw chain out policy drop", None)


def test_a_rule_of_which_nft_tells_no_text_is_named_by_its_number() -> None:
    (match,) = reading(event(verdict=Verdict.DROP, handle=9)).matches({})
    assert match.text == "rule 9 of table inet fw chain in"


def test_a_packet_for_a_program_is_not_refused_for_sure() -> None:
    (match,) = reading(event(verdict=Verdict.QUEUE | 5 << 16)).matches(TEXTS)
    assert match.verdict == "queue"


@pytest.mark.parametrize(
    "one",
    [event(), event(verdict=-1), event(verdict=-3), event(kind=Kind.RETURN, verdict=-1)],
)
def test_what_goes_on_refuses_nothing(one: Event) -> None:
    found = reading(one)
    assert not found.refused
    assert found.matches(TEXTS) == ()
    assert found.passed == ("inet fw in",)


def test_the_way_of_a_packet_is_that_of_its_first_event() -> None:
    found = reading(event(packet=2, incoming=True), event("sub", verdict=0, packet=2))
    assert found.seen == {"in", "out"}
    assert [it.direction for it in found.matches(TEXTS)] == ["in"]


def attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def test_messages_are_read_as_the_kernel_writes_them() -> None:
    verdict = attribute(1, struct.pack(">i", 0))
    body = bytes([1, 0, 0, 0])
    body += attribute(1, b"fw\0") + attribute(2, b"in\0") + attribute(3, struct.pack(">Q", 7))
    body += attribute(4, struct.pack(">I", 3)) + attribute(5 | 0x8000, verdict)
    body += attribute(6, struct.pack(">I", 99)) + attribute(10, struct.pack(">I", 2))
    assert event_of(body) == event(verdict=Verdict.DROP, packet=99, incoming=True)


def test_a_message_without_a_verdict_decides_nothing() -> None:
    body = bytes([1, 0, 0, 0]) + attribute(1, b"fw\0") + attribute(4, struct.pack(">I", 3))
    assert event_of(body).verdict < 0


@pytest.mark.parametrize("length", range(60))
def test_a_message_that_is_cut_short_does_no_harm(length: int) -> None:
    body = bytes([1, 0, 0, 0]) + attribute(1, b"fw\0") + attribute(5, attribute(1, bytes(4)))
    assert event_of((body + bytes(60))[: max(length, 4)]).family == "inet"
