"""The hosts file against DNS: when a line of it is to blame."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Step, wanted
from layerwalk.probes.facts import (
    Fact,
    HostsEntry,
    NameserverAnswer,
    Outcome,
    Refusal,
    ResolveFact,
    RouteKind,
)
from tests.unit.diagnosis.facts import NAME, SERVER, at, resolved
from tests.unit.diagnosis.sayings import RESET, said
from tests.unit.diagnosis.views import walk

T, STALE, SIX = samples.TARGET, "198.51.100.99", "2001:db8::99"
WORKS = (samples.route(), samples.open_port(), samples.connect())
CLOSED = (
    samples.route(),
    samples.alive(),
    samples.syn(RESET),
    samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
)
SILENT = (samples.route(), samples.syn(), samples.connect(Outcome.SILENT))


def looked_up(*used: str, lines: tuple[str, ...] = (STALE,), known: tuple[str, ...] = (T,)) -> Fact:
    """The name with the addresses that programs get, the hosts file's lines, and DNS's answer."""
    answer = NameserverAnswer(
        server=SERVER,
        outcome=Outcome.ANSWERED,
        rcode="NOERROR" if known else "NXDOMAIN",
        addresses=known,
    )
    entries = (
        HostsEntry(address=address, file="/etc/hosts", line=number)
        for number, address in enumerate(lines, 7)
    )
    return resolved(*(used or lines), nameservers=(answer,), hosts=tuple(entries))


def judged(*facts: Fact, port: int | None = samples.PORT) -> Judgement:
    return said("hosts-file-override", samples.links(), *facts, host=NAME, port=port)


def test_the_line_is_to_blame_where_dns_has_an_address_that_works() -> None:
    found = judged(looked_up(), *at(STALE, *CLOSED), *WORKS)
    assert found.status is Status.CONFIRMED
    assert found.where == {"kind": "local", "file": "/etc/hosts", "line": 7, "address": STALE}
    assert f"line 7 of /etc/hosts sends {NAME} to {STALE}" in found.explanation
    assert found.explanation.endswith(f"DNS gives {T}, which works.")


def test_it_explains_and_what_is_wrong_with_its_address_is_named_besides() -> None:
    told = conclude(walk((samples.links(), looked_up(), *at(STALE, *CLOSED), *WORKS), NAME))
    assert [(one.cause.id, one.relation) for one in told.named] == [
        ("hosts-file-override", "explains"),
        ("port-closed", "also"),
    ]
    assert told.address == STALE


def test_it_goes_before_an_address_that_fails_beside_one_that_works() -> None:
    two = looked_up(lines=(STALE, T))
    told = conclude(walk((samples.links(), two, *at(STALE, *CLOSED), *WORKS), NAME))
    assert [one.cause.id for one in told.named] == [
        "hosts-file-override",
        "address-unusable",
        "port-closed",
    ]


def test_two_faults_are_both_named_the_line_first() -> None:
    facts = (samples.links(), looked_up(), *at(STALE, *CLOSED), *SILENT, samples.alive())
    traced = samples.healthy()[-1]
    told = conclude(walk((*facts, traced), NAME))
    assert [(one.cause.id, one.confidence) for one in told.named] == [
        ("hosts-file-override", "likely"),
        ("port-closed", "likely"),
        ("firewall-drop", "likely"),
    ]
    assert "fails in another way" in told.summary


def test_what_fails_alike_is_not_the_lines_doing() -> None:
    closed = tuple(fact for fact in CLOSED if fact != samples.alive())
    told = conclude(walk((samples.links(), looked_up(), *at(STALE, *closed), *closed), NAME))
    assert [(one.cause.id, one.relation, one.confidence) for one in told.named] == [
        ("port-closed", "explains", "likely"),
        ("hosts-file-override", "also", "possible"),
    ]
    assert told.named[1].judgement.decide_by


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (looked_up(lines=(T,)), "DNS gives the address"),
        (looked_up(T, lines=(STALE,)), "not asked first"),
        (looked_up(T, lines=()), "does not name it"),
        (looked_up(known=()), "DNS has no other address"),
    ],
)
def test_a_hosts_file_that_overrides_nothing(fact: ResolveFact, why: str) -> None:
    found = judged(fact, *at(STALE, *CLOSED), *WORKS)
    assert (found.status, why in found.explanation) == (Status.RULED_OUT, True)
    assert not walk((fact, *at(STALE, *CLOSED)), NAME).rivals


def test_an_address_that_works_is_left_in_peace() -> None:
    facts = (samples.links(), looked_up(), *at(STALE, *WORKS), *at(STALE, samples.echo()))
    assert judged(*facts).status is Status.RULED_OUT
    assert not walk(facts, NAME).rivals


def test_not_measured_is_not_known() -> None:
    assert judged(looked_up()).status is Status.UNKNOWN
    nobody = NameserverAnswer(server=SERVER, outcome=Outcome.SILENT)
    entry = HostsEntry(address=STALE, file="/etc/hosts", line=1)
    silent = resolved(STALE, nameservers=(nobody,), hosts=(entry,))
    assert judged(silent, *at(STALE, *CLOSED)).status is Status.UNKNOWN
    assert judged(looked_up(), *at(STALE, *CLOSED)).status is Status.LIKELY


def asked(address: str, *facts: Fact, port: int | None = samples.PORT) -> set[Step]:
    view = walk((samples.links(), *facts), NAME, port)
    return {it.step for it in wanted(view) if it.address == address}


def test_dns_is_tried_once_the_line_falls_short_and_in_full_once_it_fails_too() -> None:
    first = at(STALE, samples.route(), samples.syn(last_look=False))
    assert asked(T, looked_up(), *at(STALE, samples.route())) == set()
    assert asked(T, looked_up(), *first) == {Step.ROUTE}
    assert asked(T, looked_up(), *first, samples.route()) == {Step.ROUTE, Step.SYN, Step.CONNECT}
    assert Step.TRACE in asked(T, looked_up(), *first, samples.route(), samples.syn())
    assert Step.TRACE not in asked(T, looked_up(), *first, *WORKS)


def test_a_line_that_leads_where_this_machine_cannot_go_is_tried_against_dns() -> None:
    nowhere = samples.route(
        destination=STALE, outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface=""
    )
    assert asked(T, looked_up(), nowhere) == {Step.ROUTE}
    assert judged(looked_up(), nowhere, *WORKS).status is Status.CONFIRMED


def test_without_a_port_signs_of_life_are_compared() -> None:
    refused = at(STALE, samples.route(), samples.echo(samples.refusal(Refusal.HOST, "192.0.2.1")))
    assert judged(looked_up(), *refused, samples.route(), samples.alive(), port=None).status is (
        Status.CONFIRMED
    )
    assert Step.ECHO in asked(T, looked_up(), *refused, samples.route(), port=None)
