"""The ACK that makes a client's connection, followed on paper through a server's rules."""

from typing import Any

import pytest

from layerwalk.probes.facts import Certainty
from tests.unit.probes.test_firewall import DROP, chain, met_by, port


def state(word: str) -> dict[str, Any]:
    return {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": word}}


FLAGS = {"payload": {"protocol": "tcp", "field": "flags"}}
BARE_ACK = {"match": {"op": "==", "left": FLAGS, "right": "ack"}}


@pytest.mark.parametrize(
    "rules",
    [
        chain("i", [state("new"), {"accept": None}], hook="input", policy="drop"),
        chain("i", [state("established"), DROP], hook="input"),
        chain("i", [BARE_ACK, DROP], hook="input"),
    ],
)
def test_the_ack_of_a_client_meets_rules_that_its_syn_does_not(rules: list[dict[str, Any]]) -> None:
    found = met_by("198.51.100.7", rules)
    assert [(it.direction, it.stage, it.certainty) for it in found] == [
        ("in", "ACK", Certainty.EXACT)
    ]
    assert found[0].told.startswith("in, ACK: ")


def test_the_ack_of_what_is_not_tracked_is_left_open() -> None:
    raw = chain("r", [BARE_SYN, {"notrack": None}], hook="prerouting", prio=-300)
    found = met_by("198.51.100.7", raw, chain("i", [state("invalid"), DROP], hook="input"))
    assert [(it.direction, it.stage, it.certainty) for it in found] == [
        ("in", "ACK", Certainty.POSSIBLE)
    ]


_MASKED = {"&": [FLAGS, {"|": ["syn", "ack"]}]}
BARE_SYN = {"match": {"op": "==", "left": _MASKED, "right": "syn"}}


def test_the_ack_is_translated_as_its_syn_was() -> None:
    nat = chain(
        "n", [port(5432), {"redirect": {"port": 80}}], hook="prerouting", prio=-100, type="nat"
    )
    found = met_by("198.51.100.7", nat, chain("i", [port(80), BARE_ACK, DROP], hook="input"))
    assert [(it.stage, it.certainty) for it in found] == [("ACK", Certainty.EXACT)]
