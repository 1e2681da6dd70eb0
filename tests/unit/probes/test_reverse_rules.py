"""Rules that ask by which interface a sender is reached: a reverse path filter by rule."""

import pytest

from layerwalk.probes.firewall.course import passages
from layerwalk.probes.firewall.handshakes import Circumstances
from tests.unit.probes.test_firewall import DROP, ENDS, chain, ruleset

REVERSE = {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}
MISSING = [{"match": {"op": "==", "left": REVERSE, "right": False}}, DROP]


@pytest.mark.parametrize(
    ("back", "directions"),
    [("", []), ("eth0", []), ("eth1", ["in"])],
    ids=["unseen", "own", "other"],
)
def test_an_answer_by_another_interface_has_no_way_back(back: str, directions: list[str]) -> None:
    around = Circumstances(interface="eth0", back=back)
    rules = ruleset(chain("i", MISSING, hook="prerouting"))
    found = [match for it in passages(rules, ENDS, around) for match in it.matches]
    assert [match.direction for match in found] == directions
