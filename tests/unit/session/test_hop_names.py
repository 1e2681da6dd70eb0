"""Names of hops: asked for once, in the background, of a nameserver that answers."""

import threading

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import NameserverAnswer, Outcome, ResolveFact
from layerwalk.probes.resolve.settings import Settings
from layerwalk.session import hop_names
from layerwalk.session.hop_names import MOST, HopNames, willing_server

SERVER = "192.0.2.53"
FIRST, SECOND = "203.0.113.1", "203.0.113.5"


class Asked:
    """Names as a nameserver knows them; ``None`` is silence."""

    def __init__(self, known: dict[str, str | None]) -> None:
        self.known = known
        self.questions: list[tuple[str, str]] = []
        self.told: dict[str, str] = {}
        self.settled = threading.Event()
        self.names = HopNames(
            ProbeContext(), self.told.__setitem__, self.settled.set, self.answered
        )

    def answered(self, address: str, server: str, _ctx: ProbeContext) -> str | None:
        self.questions.append((address, server))
        return self.known.get(address, "")


def test_each_address_is_asked_for_once() -> None:
    asked = Asked({FIRST: "gw.lab.test"})
    asked.names.want([FIRST, SECOND, FIRST], SERVER)
    assert asked.settled.wait(10)
    asked.names.want([FIRST], SERVER)
    asked.names.close()
    assert sorted(asked.questions) == [(FIRST, SERVER), (SECOND, SERVER)]
    assert asked.told == {FIRST: "gw.lab.test"}


def test_without_a_nameserver_nothing_is_asked() -> None:
    asked = Asked({FIRST: "gw.lab.test"})
    asked.names.want([FIRST], "")
    asked.names.close()
    assert asked.questions == []


def test_one_question_that_stays_unanswered_is_enough() -> None:
    asked = Asked({FIRST: None, SECOND: "b.lab.test"})
    asked.names.want([FIRST], SERVER)
    asked.names.close()
    asked.names.want([SECOND], SERVER)
    assert asked.questions == [(FIRST, SERVER)]
    assert asked.told == {}


def test_the_end_of_a_walk_waits_for_nobody() -> None:
    held = threading.Event()
    told: dict[str, str] = {}

    def slow(_address: str, _server: str, ctx: ProbeContext) -> str:
        assert ctx.cancel.wait(60)
        held.set()
        return "late.lab.test"

    names = HopNames(ProbeContext(), told.__setitem__, lambda: None, slow)
    names.want([FIRST], SERVER)
    names.close()
    assert held.wait(60)


def test_no_more_are_asked_for_than_a_walk_may() -> None:
    asked = Asked({})
    asked.names.want([f"192.0.2.{number}" for number in range(100)], SERVER)
    assert asked.settled.wait(10)
    asked.names.close()
    assert len(asked.questions) == MOST


def resolved(*outcomes: Outcome) -> ResolveFact:
    servers = tuple(
        NameserverAnswer(server=f"192.0.2.{number}", outcome=outcome)
        for number, outcome in enumerate(outcomes, 1)
    )
    return ResolveFact(outcome=Outcome.ANSWERED, name="db.lab.test", nameservers=servers)


def test_the_nameserver_that_is_asked_is_one_that_answers() -> None:
    assert willing_server(resolved(Outcome.SILENT, Outcome.ANSWERED)) == "192.0.2.2"
    assert willing_server(resolved(Outcome.SILENT, Outcome.SILENT)) == ""


@pytest.mark.parametrize(
    ("settings", "server"),
    [
        (Settings(nameservers=(SERVER, "192.0.2.54")), SERVER),
        (Settings(nameservers=("127.0.0.1",), defaulted=True), ""),
        (Settings(), ""),
    ],
)
def test_where_none_was_asked_it_is_the_first_configured(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, server: str
) -> None:
    monkeypatch.setattr(hop_names, "here", lambda _files: settings)
    assert willing_server(None) == server
