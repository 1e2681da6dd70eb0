"""What was not to be seen: named with what unlocks it, where it would have mattered."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Open
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.samples.machine import PORT, TARGET
from layerwalk.probes.facts import (
    DropReasonsFact,
    Fact,
    FirewallFact,
    Fit,
    Outcome,
    OwnSocketsFact,
    RuleTraceFact,
    ServiceFact,
    Unit,
)
from tests.unit.diagnosis.views import walk

BARRED = Outcome.NOT_PERMITTED
HEALTHY = samples.healthy()
DROPPED_HERE = (
    samples.route(),
    samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED),
    samples.connect(Outcome.SILENT),
)
SOCKETS = OwnSocketsFact(outcome=BARRED, address=TARGET, port=PORT, pid=7, detail="its user")
UNLENT = OwnSocketsFact(
    outcome=Outcome.ANSWERED, address=TARGET, port=PORT, pid=7, unseen="not lent", barred=True
)
RULES = FirewallFact(outcome=BARRED, address=TARGET, port=PORT, detail="must be root")
REASONS = DropReasonsFact(outcome=BARRED, address=TARGET, port=PORT, detail="only root")
TRACED = RuleTraceFact(outcome=BARRED, address=TARGET, port=PORT, detail="it takes root")
AGAIN = f"sudo layerwalk diagnose {TARGET}"


def left(*facts: Fact, timeout_s: float | None = None) -> dict[str, list[Open]]:
    found: dict[str, list[Open]] = {}
    for one in conclude(walk(facts, timeout_s=timeout_s)).open:
        found.setdefault(one.id, []).append(one)
    return found


@pytest.mark.parametrize(("fact", "why"), [(SOCKETS, "its user"), (UNLENT, "not lent")])
def test_the_sockets_of_a_process_that_is_named(fact: Fact, why: str) -> None:
    """One word on the cause: what would tell how long the program waits."""
    (one,) = left(*HEALTHY, fact)["connect-timeout-too-short"]
    assert (one.why, one.unlock) == (why, AGAIN)


def test_its_sockets_do_not_matter_where_its_limit_is_known() -> None:
    assert "connect-timeout-too-short" not in left(*HEALTHY, SOCKETS, timeout_s=5)


def test_rules_that_may_not_be_read_matter_where_one_is_to_blame() -> None:
    (one,) = left(*DROPPED_HERE, RULES)["firewall-drop"]
    assert one.unlock == "sudo nft -a list ruleset"
    assert "firewall-drop" not in left(*HEALTHY, RULES)


def test_so_do_the_kernels_own_reasons() -> None:
    (one,) = left(*DROPPED_HERE, REASONS)["firewall-drop"]
    assert (one.why, one.unlock) == ("only root", AGAIN)
    assert "firewall-drop" not in left(*HEALTHY, REASONS)


def test_a_trace_that_was_asked_for_and_did_not_run() -> None:
    (one,) = left(*DROPPED_HERE, TRACED)["firewall-drop"]
    assert one.unlock == f"sudo layerwalk diagnose --trace-firewall {TARGET}"
    assert one.why.endswith("did not run: it takes root")


@pytest.mark.parametrize(("log", "unread"), [((), True), (("no space left",), False)])
def test_the_log_of_a_service_that_does_not_run(log: tuple[str, ...], unread: bool) -> None:  # noqa: FBT001
    unit = Unit(name="postgresql.service", fit=Fit.NAME, active="failed", log=log)
    service = ServiceFact(outcome=Outcome.ANSWERED, port=PORT, units=(unit,))
    facts = (*server.base(), server.listeners(), server.refused(), server.rules(), service)
    found = conclude(walk(facts, server.OWN, standpoint=server.AS_SERVER)).open
    unlocks = [one.unlock for one in found if one.id == "service-not-running"]
    assert ("sudo journalctl -u postgresql.service -n 20 --no-pager" in unlocks) is unread


@pytest.mark.parametrize("fact", [SOCKETS, RULES, REASONS])
def test_where_it_does_not_matter_nothing_is_said(fact: Fact) -> None:
    assert left(*HEALTHY, fact, timeout_s=5) == left(*HEALTHY, timeout_s=5)
