from typing import Any

import msgspec
import pytest

from layerwalk.session.report import HopRow, OriginEntry, SynFate
from layerwalk.session.wording import (
    layer_name,
    origin_in_words,
    sentence,
    syn_fates,
    walked_in_words,
    where_in_words,
)
from tests.unit.session.reports import faulty

HOP = {"hop": 2, "address": "203.0.113.1"}


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"kind": "local", "interface": "eth0"}, "on this machine, interface eth0"),
        (
            {"kind": "local", "rule": "tcp dport 5432 drop"},
            "on this machine, rule tcp dport 5432 drop",
        ),
        (
            {"kind": "local", "interface": "eth0", "address": "192.0.2.1"},
            "on this machine, 192.0.2.1, interface eth0",
        ),
        ({"kind": "resolver"}, "at the resolver"),
        ({"kind": "path", "after": HOP}, "on the path, after hop 2 (203.0.113.1)"),
        (
            {"kind": "path", "after": HOP, "before": {"hop": 4, "address": "203.0.113.9"}},
            "on the path, after hop 2 (203.0.113.1), before hop 4 (203.0.113.9)",
        ),
        (
            {"kind": "path", "after": HOP, "direction": "out"},
            "on the path, after hop 2 (203.0.113.1), on the way there",
        ),
        ({"kind": "host", "direction": "back"}, "at the target, on the way back"),
        ({"kind": "local", "direction": "aside"}, "on this machine, direction aside"),
        ({"kind": "path", "after": {"hop": 0}}, "on the path, after this machine itself"),
        ({"kind": "path", "after": {"hop": 3, "address": ""}}, "on the path, after hop 3"),
        ({"kind": "host", "address": "198.51.100.10"}, "at the target, 198.51.100.10"),
        (
            {"kind": "proxy", "address": "192.0.2.3", "port": 3128},
            "at the proxy, 192.0.2.3, port 3128",
        ),
        (
            {"kind": "upstream", "name": "api", "address": "192.0.2.4", "port": 80}
            | {"inside": {"kind": "path", "after": HOP}},
            "at the upstream, api 192.0.2.4, port 80: on the path, after hop 2 (203.0.113.1)",
        ),
        (
            {"kind": "path", "loop": ["192.0.2.1", "192.0.2.2"]},
            "on the path, loop 192.0.2.1 - 192.0.2.2",
        ),
        ({}, "not known"),
        ({"kind": 7, "after": "somewhere"}, "7, after somewhere"),
    ],
)
def test_a_place_in_words(where: dict[str, Any], words: str) -> None:
    assert where_in_words(where) == words


def test_every_layer_has_a_name() -> None:
    assert [layer_name(number) for number in (0, 4, 9)] == [
        "layer 0 (the machine)",
        "layer 4 (transport)",
        "layer 9",
    ]


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (OriginEntry(mark=5), "with the mark 0x5"),
        (OriginEntry(address="192.0.2.10", mark=255), "from 192.0.2.10, with the mark 0xff"),
        (OriginEntry(interface="eth1"), "by eth1"),
        (OriginEntry(pid=7), "as process 7"),
        (
            OriginEntry(pid=7, process="nginx", network="net:[9]", mark=5),
            "as process 7 (nginx) in net:[9], with the mark 0x5",
        ),
    ],
)
def test_a_walk_says_where_it_came_from(origin: OriginEntry, words: str) -> None:
    assert origin_in_words(origin) == words
    report = msgspec.structs.replace(faulty(), origin=origin)
    assert f"from web-3, {words}, in 2.3 s" in walked_in_words(report)
    assert "from web-3 in 2.3 s" in walked_in_words(faulty())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("nobody listens here.", "Nobody listens here."),
        ("192.0.2.10:443 answers.", "192.0.2.10:443 answers."),
        ("eth0 is down.", "eth0 is down."),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_unless_a_name_begins_it(text: str, written: str) -> None:
    assert sentence(text) == written


@pytest.mark.parametrize(
    ("fates", "told"),
    [
        (("answered", "silent", "answered"), ("answered", "passed", "answered")),
        (("silent", "silent", "rejected"), ("passed", "passed", "rejected")),
        (("answered", "silent", "silent"), ("answered", "silent", "silent")),
        (("silent", "answered", "not_run"), ("passed", "answered", "")),
    ],
)
def test_a_hop_that_is_silent_about_a_syn_that_got_further_let_it_pass(
    fates: tuple[SynFate, ...], told: tuple[str, ...]
) -> None:
    hops = [
        HopRow(hop=n, addresses=(), sent=1, received=0, rtt_s={}, syn=it)
        for n, it in enumerate(fates, 1)
    ]
    assert syn_fates(hops) == told
