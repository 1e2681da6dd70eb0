"""What would unlock what was left open: the right command, filled in, and never none."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Layer
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.unlocks import UNLOCKS, unlock, unlock_above, without_raw
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import EchoFact, Evidence, Fact, Outcome, Scheme, Target
from tests.unit.diagnosis.facts import firewall
from tests.unit.diagnosis.sayings import SILENT, START, T
from tests.unit.diagnosis.views import walk

UNHEARD = samples.syn(half_open=False)
NO_RULES = firewall(outcome=Outcome.NOT_PERMITTED)
NO_ECHO = EchoFact(outcome=Outcome.NOT_PERMITTED, address=T)
ASKED = samples.neighbour(Outcome.NOT_PERMITTED)
CUT = samples.syn(outcome=Outcome.CANCELLED, sent=0)
PINGS = "sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'"


@pytest.mark.parametrize(
    ("cause", "layer", "facts", "command"),
    [
        ("firewall-drop", 4, (UNHEARD, SILENT, NO_RULES), "sudo nft list ruleset"),
        ("firewall-drop", 4, (UNHEARD, SILENT), f"sudo layerwalk diagnose {T}"),
        ("port-closed", 4, (UNHEARD, NO_RULES), f"sudo layerwalk diagnose {T}"),
        ("path-blackhole", 3, (UNHEARD, NO_ECHO), PINGS),
        ("pmtu-blackhole", 3, (UNHEARD,), f"sudo layerwalk diagnose {T}"),
        ("gateway-unreachable", 2, (ASKED,), f"sudo layerwalk diagnose {T}"),
        ("port-closed", 4, (UNHEARD, CUT), f"layerwalk diagnose --budget 60 {T}"),
        ("name-not-found", 7, (), f"getent ahosts {T}"),
        ("port-closed", 4, (samples.syn(), SILENT), f"layerwalk diagnose {T}"),
        ("port-closed", 4, samples.healthy(), ""),
    ],
)
def test_the_command_fits_what_was_missing(
    cause: str, layer: int, facts: tuple[Fact, ...], command: str
) -> None:
    view = walk((*START, *facts))
    assert unlock(view, cause, layer, view.of(T)) == command


def test_the_options_of_the_walk_are_in_the_command() -> None:
    asked = replace(walk((*START, UNHEARD)), asked="--mark 0x5")
    assert unlock(asked, "port-closed", 4, asked.of(T)) == f"sudo layerwalk diagnose --mark 0x5 {T}"


def test_where_nothing_may_be_sent_it_takes_the_right_to_mark() -> None:
    barred = samples.connect(Outcome.NOT_PERMITTED)
    view = replace(walk((*START, NO_ECHO, barred)), asked="--mark 0x5")
    assert unlock(view, "path-blackhole", 3).startswith("sudo layerwalk diagnose --mark 0x5 ")


@pytest.mark.parametrize("cause", ["port-closed", "pmtu-blackhole"])
def test_without_a_port_it_is_the_port_that_is_missing(cause: str) -> None:
    view = walk(START, port=None)
    layer = Layer.TRANSPORT if cause == "port-closed" else Layer.NETWORK
    assert unlock(view, cause, layer) == f"layerwalk diagnose {T}:PORT"


@pytest.mark.parametrize(
    ("scheme", "command"),
    [("https", "curl -v 'https://h/a?...'"), ("tls", "openssl s_client -connect h:443")],
)
def test_what_lies_above_tcp_is_tried_by_hand(scheme: Scheme, command: str) -> None:
    target = Target("https://h/a?...", "h", 443, scheme)
    assert unlock_above(WalkView(target, ())) == command


def test_what_a_person_typed_is_quoted_for_the_shell() -> None:
    odd = Target("2001:db8::1", "2001:db8::1", None)
    assert unlock(WalkView(odd, ()), "port-closed", 4) == "layerwalk diagnose '[2001:db8::1]':PORT"


def test_raw_sockets_are_missed_where_facts_show_it() -> None:
    assert without_raw((Evidence(id="e1", fact=UNHEARD),))
    assert not without_raw((Evidence(id="e1", fact=samples.syn()),))


@pytest.mark.parametrize("facts", [(UNHEARD, SILENT), (ASKED,), (UNHEARD, NO_ECHO, NO_RULES)])
def test_nothing_is_left_open_without_a_command(facts: tuple[Fact, ...]) -> None:
    left = conclude(walk((*START, *facts))).open
    assert left
    assert [one for one in left if not one.unlock] == []


def test_the_table_knows_a_command_for_every_lack() -> None:
    assert all(UNLOCKS.values())
