"""Rules followed on paper. What the kernel makes of them is tried in tests/lab."""

from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.probes.facts import Certainty, RuleMatch
from layerwalk.probes.firewall.course import arrivals, passages
from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.handing_on import handed_on
from layerwalk.probes.firewall.handshakes import Circumstances
from layerwalk.probes.firewall.packet import Endpoints
from layerwalk.probes.firewall.ruleset import Ruleset, ruleset_of
from layerwalk.probes.firewall.values import Span

ENDS = Endpoints(
    source="192.0.2.1",
    source_port=Span(32768, 60999),
    destination="198.51.100.9",
    destination_port=5432,
)
DROP, ACCEPT = {"drop": None}, {"accept": None}
OPAQUE = {"xt": {"type": "match", "name": "string"}}


def port(number: object, operator: str = "==") -> dict[str, Any]:
    left = {"payload": {"protocol": "tcp", "field": "dport"}}
    return {"match": {"op": operator, "left": left, "right": number}}


def chain(name: str, *rules: list[Any], hook: str = "", **more: object) -> list[dict[str, Any]]:
    place = {"family": "inet", "table": "t"}
    base = {"type": "filter", "hook": hook, "prio": 0, "policy": "accept", **more} if hook else {}
    made: list[dict[str, Any]] = [{"chain": {**place, "name": name, **base}}]
    return made + [
        {"rule": {**place, "chain": name, "handle": n, "expr": rule}}
        for n, rule in enumerate(rules, start=1)
    ]


def ruleset(*chains: list[dict[str, Any]]) -> Ruleset:
    return ruleset_of({"nftables": [entry for made in chains for entry in made]})


def followed(*chains: list[dict[str, Any]], interface: str = "eth0") -> list[Passage]:
    return list(passages(ruleset(*chains), ENDS, Circumstances(interface=interface)))


def refusals(*chains: list[dict[str, Any]], interface: str = "eth0") -> list[RuleMatch]:
    return [match for it in followed(*chains, interface=interface) for match in it.matches]


def seen(*chains: list[dict[str, Any]]) -> list[tuple[str, int | None, Certainty]]:
    return [(it.direction, it.handle, it.certainty) for it in refusals(*chains)]


def test_an_accept_before_a_drop_lets_it_pass() -> None:
    assert seen(chain("o", [port(5432), ACCEPT], [DROP], hook="output")) == []
    assert seen(chain("o", [port(80), ACCEPT], [DROP], hook="output")) == [
        ("out", 2, Certainty.EXACT)
    ]


def test_an_accept_ends_its_own_base_chain_only() -> None:
    first = chain("a", [ACCEPT], hook="output", prio=-5)
    second = chain("b", [DROP], hook="output", prio=5)
    assert [it.chain for it in refusals(second, first)] == ["b"]


def test_a_drop_ends_everything() -> None:
    first = chain("a", [DROP], hook="output", prio=-5)
    second = chain("b", [DROP], hook="output", prio=5)
    assert [it.chain for it in refusals(second, first)] == ["a"]


def test_an_undecided_rule_makes_what_follows_possible() -> None:
    made = chain("o", [OPAQUE, ACCEPT], [port(5432), DROP], hook="output")
    assert seen(made) == [("out", 2, Certainty.POSSIBLE)]
    assert [rule.handle for rule in followed(made)[0].undecided] == [1]


def test_an_undecided_accept_does_not_reach_beyond_its_base_chain() -> None:
    first = chain("a", [OPAQUE, ACCEPT], hook="output", prio=-5)
    assert seen(first, chain("b", [DROP], hook="output", prio=5)) == [("out", 1, Certainty.EXACT)]


def test_an_undecided_drop_does() -> None:
    first = chain("a", [OPAQUE, DROP], hook="output", prio=-5)
    found = seen(first, chain("b", [DROP], hook="output", prio=5))
    assert [certainty for _, _, certainty in found] == [Certainty.POSSIBLE, Certainty.POSSIBLE]


def test_an_undecided_match_without_a_verdict_is_nothing() -> None:
    passage = followed(chain("o", [OPAQUE, {"counter": None}], hook="output"))[0]
    assert (passage.matches, passage.undecided) == ([], [])


def test_a_jump_comes_back_and_a_goto_does_not() -> None:
    sub = chain("sub", [port(80), DROP])
    for verdict, expected in (("jump", [("out", 2, Certainty.EXACT)]), ("goto", [])):
        base = chain("o", [{verdict: {"target": "sub"}}], [DROP], hook="output")
        assert seen(sub, base) == expected


def test_a_return_leads_to_the_policy() -> None:
    made = chain("o", [{"return": None}], [ACCEPT], hook="output", policy="drop")
    assert refusals(made)[0].text == "table inet t chain o policy drop"


def test_chains_that_call_each_other_end() -> None:
    circle = chain("sub", [{"jump": {"target": "sub"}}])
    base = chain("o", [{"jump": {"target": "sub"}}], hook="output")
    assert followed(circle, base)[0].undecided


@pytest.mark.parametrize(
    ("target", "certainty"),
    [
        ("203.0.113.1", Certainty.EXACT),
        ("203.0.113.2", None),
        ({"range": ["203.0.113.1", "203.0.113.9"]}, Certainty.POSSIBLE),
    ],
)
def test_what_is_translated_goes_on_as_such(target: object, certainty: Certainty | None) -> None:
    address = {"payload": {"protocol": "ip", "field": "daddr"}}
    rule = {"match": {"op": "==", "left": address, "right": "203.0.113.1"}}
    nat = chain("n", [{"dnat": {"addr": target}}], hook="output", prio=-100, type="nat")
    expected = [("out", 1, certainty)] if certainty else []
    assert seen(nat, chain("o", [rule, DROP], hook="output")) == expected


def test_an_answer_meets_no_translation() -> None:
    assert seen(chain("n", [DROP], hook="prerouting", type="nat")) == []


def test_on_loopback_both_packets_go_both_ways() -> None:
    both = chain("i", [port(5432), DROP], hook="input")
    assert [it.direction for it in refusals(both, interface="lo")] == ["in"]
    assert refusals(both) == []


def source(address: str) -> dict[str, Any]:
    left = {"payload": {"protocol": "ip", "field": "saddr"}}
    return {"match": {"op": "==", "left": left, "right": address}}


@pytest.mark.parametrize(
    ("operator", "address", "expected"),
    [
        ("==", "198.51.100.0", [("out", 1, Certainty.EXACT)]),
        ("==", "198.51.100.9", []),
        ("!=", "198.51.100.9", [("out", 1, Certainty.EXACT)]),
    ],
)
def test_a_masked_address_equals_none_with_bits_beyond_the_mask(
    operator: str, address: str, expected: list[object]
) -> None:
    """How nft prints ``ip daddr & 255.255.255.0 != 198.51.100.9``, which is always true."""
    left = {"payload": {"protocol": "ip", "field": "daddr"}}
    right = {"prefix": {"addr": address, "len": 24}}
    rule = {"match": {"op": operator, "left": left, "right": right}}
    assert seen(chain("o", [rule, DROP], hook="output")) == expected


def met_by(client: str, *chains: list[dict[str, Any]], interface: str = "eth0") -> list[RuleMatch]:
    ends = Endpoints(
        source=client, source_port=40000, destination="192.0.2.1", destination_port=5432
    )
    found = arrivals(ruleset(*chains), ends, Circumstances(interface=interface))
    return [match for it in found for match in it.matches]


@pytest.mark.parametrize(
    ("client", "certainty"),
    [("198.51.100.7", Certainty.EXACT), ("198.51.100.8", None), ("", Certainty.POSSIBLE)],
)
def test_a_client_meets_the_rules_for_its_source(client: str, certainty: Certainty | None) -> None:
    found = met_by(client, chain("i", [source("198.51.100.7"), DROP], hook="input"))
    assert {(it.direction, it.certainty) for it in found} == (
        {("in", certainty)} if certainty else set()
    )


def test_any_client_meets_a_rule_for_all() -> None:
    rules = chain("i", [port(5432), DROP], hook="input")
    assert [it.certainty for it in met_by("", rules)] == [Certainty.EXACT]


def test_our_answer_to_a_client_goes_out() -> None:
    established = {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "established"}}
    rules = chain("o", [established, DROP], hook="output")
    assert [it.direction for it in met_by("198.51.100.7", rules)] == ["out"]


def test_a_client_on_loopback_goes_both_ways() -> None:
    rules = chain("o", [port(5432), DROP], hook="output")
    assert [it.direction for it in met_by("127.0.0.1", rules, interface="lo")] == ["out"]
    assert met_by("198.51.100.7", rules) == []


@pytest.mark.parametrize("mark", [0, 5])
def test_only_what_is_sent_has_the_mark(mark: int) -> None:
    marked = {"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 5}}
    chains = [chain("o", [marked, DROP], hook="output"), chain("i", [marked, DROP], hook="input")]
    found = passages(ruleset(*chains), ENDS, Circumstances(interface="eth0", mark=mark))
    assert [match.direction for it in found for match in it.matches] == (["out"] if mark else [])


def test_a_verdict_map_is_looked_up() -> None:
    key = {"payload": {"protocol": "tcp", "field": "dport"}}
    data = {"set": [["*", ACCEPT], [22, ACCEPT], [{"range": [5000, 6000]}, DROP]]}
    made = chain("o", [{"vmap": {"key": key, "data": data}}], [DROP], hook="output")
    assert seen(made) == [("out", 1, Certainty.EXACT)]
    data["set"].pop()
    assert seen(made) == []


def test_a_listing_names_its_device_or_may_be_any() -> None:
    elsewhere = chain("e", [DROP], hook="egress", dev="eth9")
    here = chain("e", [DROP], hook="egress", dev=["eth0"])
    unnamed = chain("e", [DROP], hook="egress")
    assert (seen(elsewhere), seen(here)) == ([], [("out", 1, Certainty.EXACT)])
    assert seen(unnamed) == [("out", 1, Certainty.POSSIBLE)]


@pytest.mark.parametrize("right", ["@missing", {"strange": 1}, None, 1.5])
def test_what_cannot_be_read_is_possible(right: object) -> None:
    assert seen(chain("o", [port(right), DROP], hook="output")) == [("out", 1, Certainty.POSSIBLE)]


WORDS = st.sampled_from(
    [
        *("match", "left", "right", "op", "==", "!=", "in", "<", "&", "|", "set", "range", "*"),
        *("prefix", "addr", "len", "concat", "elem", "val", "payload", "protocol", "field", "@s"),
        *("meta", "key", "ct", "state", "tcp", "flags", "dport", "ip", "saddr", "vmap", "data"),
        *("jump", "target", "o", "drop", "accept", "reject", "type", "mangle", "fib", "result"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-1, 70000) | WORDS
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(st.lists(TREES, max_size=4), max_size=4), TREES)
def test_no_rule_trips_it(rules: list[list[Any]], elements: object) -> None:
    named = [{"set": {"family": "inet", "table": "t", "name": "s", "elem": elements}}]
    made = [named, chain("o", *rules, hook="output"), chain("i", *rules, hook="input")]
    assert isinstance(refusals(*made), list)


@settings(deadline=None)
@given(TREES, TREES)
def test_no_match_trips_it(left: object, right: object) -> None:
    for operator in ("==", "!=", "in", "<", "!"):
        rule = [{"match": {"op": operator, "left": left, "right": right}}, DROP]
        assert isinstance(refusals(chain("o", rule, hook="output")), list)


@settings(deadline=None)
@given(TREES)
def test_no_document_trips_it(document: object) -> None:
    assert isinstance(list(ruleset_of({"nftables": document}).rules), list)


NAT_HOOK = {"type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}


def sent_to(*rule: object) -> str:
    """Where a client's connection goes on to behind one rule of NAT."""
    rules = ruleset(chain("pre", list(rule), **NAT_HOOK))  # type: ignore[arg-type]
    around = Circumstances(interface="eth0", own=frozenset({int(ip_address(ENDS.destination))}))
    return handed_on(next(arrivals(rules, ENDS, around)).packet, ENDS)


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ((port(5432), {"dnat": {"addr": "172.17.0.2", "port": 80}}), "172.17.0.2:80"),
        ((port(5432), {"dnat": {"addr": "172.17.0.2"}}), "172.17.0.2:5432"),
        ((port(5432), {"redirect": {"port": 3128}}), "port 3128 of this machine"),
        ((port(80), {"dnat": {"addr": "172.17.0.2", "port": 80}}), ""),
        ((port(5432), ACCEPT), ""),
        ((OPAQUE, {"dnat": {"addr": "172.17.0.2", "port": 80}}), "another address"),
    ],
)
def test_it_is_told_where_nat_hands_a_connection_on_to(
    rule: tuple[object, ...], where: str
) -> None:
    assert sent_to(*rule) == where
