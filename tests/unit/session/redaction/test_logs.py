"""Lines of logs may say anything, so that none of them is shown where names must not be."""

from layerwalk.probes.facts import (
    Evidence,
    Fit,
    Holder,
    Listener,
    ListenersFact,
    Outcome,
    ServiceFact,
    Unit,
)
from layerwalk.session.entries import entry_of
from layerwalk.session.redaction.structures import Redaction
from tests.unit.session.redaction.spellings import found_in

LINES = ("connected to crm for Ada Lovelace", "bind to crm failed")
FACT = ServiceFact(
    outcome=Outcome.ANSWERED,
    port=5432,
    units=(Unit(name="acme-crm.service", fit=Fit.COMMAND, active="failed", log=LINES),),
)


def test_a_units_log_is_left_out_wherever_it_stands() -> None:
    entry = entry_of(Evidence(id="e1", fact=FACT, step="service"))
    redact = Redaction()
    shown = redact(entry)
    assert LINES[1] in entry.finding
    assert "its log ends: (a line of a log)" in shown.finding
    assert shown.data["units"][0]["log"] == ["(a line of a log)"] * 2
    assert found_in(str(shown), ["acme", "crm", "Ada", "Lovelace"]) == []
    assert "acme" not in redact.text("acme-crm.service is failed")
    assert redact(shown) == shown


def test_a_short_line_takes_no_word_out_of_other_texts() -> None:
    unit = Unit(name="acme-crm.service", fit=Fit.COMMAND, active="failed", log=("started",))
    fact = ServiceFact(outcome=Outcome.ANSWERED, port=5432, units=(unit,))
    redact = Redaction()
    shown = redact(entry_of(Evidence(id="e1", fact=fact, step="service")))
    assert shown.finding.endswith("its log ends: (a line of a log)")
    assert redact.text("the walk was started") == "the walk was started"


def test_a_container_is_called_by_another_name() -> None:
    holder = Holder(pid=7, name="python3", unit="acme-crm.service", container="shop-berlin")
    taking = Listener(address="0.0.0.0", port=5432, versions=(4,), holders=(holder,))
    fact = ListenersFact(outcome=Outcome.ANSWERED, port=5432, listeners=(taking,))
    entry = entry_of(Evidence(id="e1", fact=fact, step="listeners"))
    assert "container shop-berlin" in entry.finding
    assert found_in(str(Redaction()(entry)), ["acme", "crm", "shop", "berlin"]) == []
