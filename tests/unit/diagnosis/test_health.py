"""What is said where no cause was found."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.health import Health, health
from layerwalk.probes.facts import Fact, Outcome, PortsFact
from layerwalk.probes.facts.ports import PortGroup, Reason, ScanState
from tests.unit.diagnosis.facts import resolved
from tests.unit.diagnosis.views import walk

READY = (samples.links(), samples.route())


def said(*facts: Fact, port: int | None = samples.PORT) -> Health:
    return health(walk((*READY, *facts), port=port))


def test_a_connection_is_healthy() -> None:
    assert said(samples.connect()) == Health(healthy=True, summary=_takes())


def _takes() -> str:
    return "198.51.100.10:5432 takes connections."


@pytest.mark.parametrize(
    ("closed_after_s", "bytes_said", "healthy"),
    [(None, 0, True), (0.1, 0, False), (0.1, 20, True)],
)
def test_a_connection_that_is_closed_before_a_word_is_not(
    closed_after_s: float | None, bytes_said: int, *, healthy: bool
) -> None:
    fact = replace(samples.connect(), closed_after_s=closed_after_s, said=bytes_said)
    told = said(fact)
    assert told.healthy is healthy
    assert ("closes it again at once" in told.summary) is not healthy


@pytest.mark.parametrize("outcome", [Outcome.SILENT, Outcome.REFUSED, Outcome.CANCELLED])
def test_what_did_not_connect_is_not_healthy(outcome: Outcome) -> None:
    told = said(samples.connect(outcome))
    assert (told.healthy, "did not connect" in told.summary) == (False, True)


@pytest.mark.parametrize("port", [samples.PORT, None])
def test_what_may_not_be_sent_is_told(port: int | None) -> None:
    barred = {"outcome": Outcome.NOT_PERMITTED, "detail": "packets can't be marked"}
    facts = (replace(samples.connect(), **barred), replace(samples.trace(), **barred))  # type: ignore[arg-type]
    told = said(*facts, port=port)
    assert not told.healthy
    assert told.summary.endswith(": packets can't be marked.")


def test_not_measured_is_not_healthy() -> None:
    assert not health(walk(())).healthy
    assert not said().healthy


def test_without_a_port_an_answer_of_the_host_is_healthy() -> None:
    assert said(samples.alive(), port=None).healthy
    assert not said(samples.echo(), port=None).healthy


def test_the_ports_that_were_asked_besides_are_counted() -> None:
    groups = (
        PortGroup(state=ScanState.OPEN, reason=Reason.SYN_ACK, ports="22", count=1),
        PortGroup(state=ScanState.CLOSED, reason=Reason.RESET, ports="23-25", count=3),
    )
    fact = PortsFact(outcome=Outcome.ANSWERED, address=samples.TARGET, wanted=4, groups=groups)
    told = said(samples.alive(), fact, port=None)
    assert told.summary == "198.51.100.10 answers; of the ports asked 1 open, 3 closed."


def test_a_name_without_addresses_is_not_healthy() -> None:
    told = health(walk((resolved(),), "db.lab.test"))
    assert (told.healthy, "could not be resolved" in told.summary) == (False, True)


def test_a_walk_that_was_cut_short_says_so() -> None:
    cut = said(samples.connect(Outcome.SILENT), samples.syn(outcome=Outcome.CANCELLED))
    assert "cut short" in cut.summary
    assert "cut short" not in said(samples.connect(Outcome.SILENT), samples.syn()).summary
