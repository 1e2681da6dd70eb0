"""Rules of iptables-legacy: told by what each counted, burst by burst."""

import pytest

from layerwalk.probes.facts import Certainty
from layerwalk.probes.rule_trace.legacy import BURSTS, Counts, counted, refusing, risen

SAVED = """*filter
:INPUT DROP [{policy}:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [9:9]
:BLK - [0:0]
:LOG-IN - [0:0]
[0:0] -A INPUT -j LOG-IN
[7:7] -A OUTPUT -p tcp -j BLK
[{drop}:60] -A BLK -p tcp -m tcp --dport 5432 -j DROP
[{reject}:60] -A LOG-IN -p tcp -j REJECT --reject-with tcp-reset
[4:60] -A BLK -j RETURN
COMMIT
"""


def look(drop: int = 0, reject: int = 0, policy: int = 0) -> Counts:
    return dict(counted(SAVED.format(drop=drop, reject=reject, policy=policy), "ip"))


def bursts(*rises: dict[str, int]) -> list[Counts]:
    return [risen(look(), look(**rise)) for rise in rises]


FIRST, SECOND = BURSTS


def test_the_rule_that_counts_each_burst_refuses() -> None:
    (match,) = refusing(bursts({"drop": FIRST}, {"drop": SECOND}))
    assert (match.direction, match.verdict, match.certainty) == ("out", "drop", Certainty.EXACT)
    assert match.text == "-A BLK -p tcp -m tcp --dport 5432 -j DROP"
    assert (match.table, match.chain) == ("ip filter (legacy)", "BLK")


def test_its_way_is_that_of_the_chains_that_lead_to_it() -> None:
    (match,) = refusing(bursts({"reject": FIRST}, {"reject": SECOND}))
    assert (match.direction, match.verdict) == ("in", "reject")


def test_a_policy_counts_as_a_rule_does() -> None:
    (match,) = refusing(bursts({"policy": FIRST}, {"policy": SECOND}))
    assert (match.direction, match.text) == ("in", "table ip filter chain INPUT policy drop")


def test_one_that_counts_others_too_is_only_possible() -> None:
    (match,) = refusing(bursts({"drop": FIRST + 2}, {"drop": SECOND}))
    assert match.certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    "rises",
    [[{}, {}], [{"drop": FIRST}, {}], [{"drop": FIRST - 1}, {"drop": SECOND}], [{"drop": FIRST}]],
)
def test_one_that_misses_a_burst_is_none(rises: list[dict[str, int]]) -> None:
    assert refusing(bursts(*rises)) == ()
