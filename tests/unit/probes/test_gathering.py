"""Who knows a name, and what is told while nobody has said anything."""

import threading
from typing import cast

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fact, NameserverAnswer, Outcome, ResolveFact
from layerwalk.probes.resolve import gathering
from layerwalk.probes.resolve.gathering import Gathered, gather
from layerwalk.probes.resolve.nameserver import Lookup
from layerwalk.probes.resolve.system import SystemAnswer
from layerwalk.probes.wire.wire import Wire
from tests.unit.probes.simulated import SimulatedWire

SERVERS = ("192.0.2.53", "192.0.2.54")
LOOKUP = Lookup(names=("db.lab.test",), family=4)


class People:
    """Nameservers and a system, of which those that are silent speak once something was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
        self.told: list[Fact] = []
        self.outcome = outcome
        self.may_end = threading.Event()
        monkeypatch.setattr(gathering, "inquire", self.inquire)
        monkeypatch.setattr(gathering, "system_lookup", self.system)

    def progress(self, fact: Fact) -> None:
        self.told.append(fact)
        self.may_end.set()

    def inquire(self, server: str, _lookup: Lookup, _ctx: ProbeContext) -> NameserverAnswer:
        if self.outcome is Outcome.SILENT:
            assert self.may_end.wait(30)
        addresses = ("192.0.2.1",) if self.outcome is Outcome.ANSWERED else ()
        return NameserverAnswer(server=server, outcome=self.outcome, addresses=addresses)

    def system(self, _name: str, _family: int | None) -> SystemAnswer:
        if self.outcome is Outcome.SILENT:
            assert self.may_end.wait(30)
        return SystemAnswer()

    def asked(self, *, raw: bool = True) -> Gathered:
        wire = cast("Wire", SimulatedWire(lambda _packet: None, raw=raw))
        return gather(
            "db.lab.test", SERVERS, LOOKUP, ProbeContext(wire=wire, progress=self.progress)
        )


def test_that_all_are_silent_is_told_while_they_are_listened_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = People(monkeypatch, Outcome.SILENT)
    gathered = people.asked()
    assert {it.outcome for it in gathered.nameservers.values()} == {Outcome.SILENT}
    (fact,) = people.told
    assert isinstance(fact, ResolveFact)
    assert tuple(answer.server for answer in fact.nameservers) == SERVERS


def test_where_somebody_answers_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    people = People(monkeypatch, Outcome.ANSWERED)
    assert people.asked().nameservers.keys() == {*SERVERS}
    assert people.told == []


def test_without_raw_sockets_it_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "SILENT_S", 0.0)
    monkeypatch.setattr(gathering, "_SLOWEST_S", 0.1)
    people = People(monkeypatch, Outcome.SILENT)
    people.asked(raw=False)
    people.may_end.set()
    assert people.told == []
