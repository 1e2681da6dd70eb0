"""The tools that read the rules, where they refuse, hang or are not there."""

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome
from layerwalk.probes.firewall import firewall
from layerwalk.probes.firewall.tools import ToolError, Tools

ASKED = ("192.0.2.2", 5432, "192.0.2.1", "eth0", ProbeContext())
DENIED = ["sh", "-c", "echo 'Operation not permitted (you must be root)' >&2; exit 1"]


@pytest.mark.parametrize(
    ("command", "outcome", "detail"),
    [
        (["no-such-tool"], Outcome.NOT_RUN, "no-such-tool is not installed (package nftables)"),
        (DENIED, Outcome.NOT_PERMITTED, "Operation not permitted (you must be root)"),
        (["false"], Outcome.FAILED, "false failed"),
        (["echo", "[" * 100_000], Outcome.FAILED, "nft's answer can't be read"),
    ],
)
def test_a_tool_that_gives_no_rules(
    monkeypatch: pytest.MonkeyPatch, command: list[str], outcome: Outcome, detail: str
) -> None:
    run = Tools().run
    monkeypatch.setattr(Tools, "run", lambda *_: run(command))
    fact = firewall(*ASKED)
    assert fact.outcome is outcome
    assert fact.detail.startswith(detail)


def test_a_tool_that_hangs_is_left() -> None:
    with pytest.raises(ToolError, match="did not answer in time"):
        Tools(patience_s=0.01).run(["sleep", "60"])


def test_a_source_that_is_not_known_leaves_rules_about_it_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = """{"nftables": [
      {"chain": {"family": "ip", "table": "t", "name": "o", "type": "filter", "hook": "output"}},
      {"rule": {"family": "ip", "table": "t", "chain": "o", "handle": 4, "expr": [
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}},
                   "right": "192.0.2.1"}}, {"drop": null}]}}]}"""
    monkeypatch.setattr(Tools, "run", lambda _, command: rules if "-j" in command else "")
    fact = firewall("192.0.2.2", 5432, "", "eth0", ASKED[-1])
    assert [str(match.certainty) for match in fact.matches] == ["possible"]
    assert fact.matches[0].text == "rule 4 of table ip t chain o"
