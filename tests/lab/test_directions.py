"""Which way a silent port's handshake is lost: seen in real labs, with raw sockets and without."""

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.firewall import SYN_ACK, ruleset
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.lab.topology import PORT, line
from layerwalk.probes.held_syn import held_syn
from tests.lab.client import half_open, peer, settle, wire_of, wired
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

HOPS = 4
RIGHTS = [(), ("--unprivileged",)]


@pytest.mark.parametrize("args", RIGHTS, ids=["root", "unprivileged"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("hop", [1, 3, HOPS])
def test_a_lost_answer_is_told_from_a_lost_syn(
    walker: Walker, family: Family, hop: int, args: tuple[str, ...]
) -> None:
    back = walker.walk_scenario(
        ALL["firewall-drop"].apply(Shape(HOPS, hop, family, direction="back")), *args
    )
    assert (back.first["id"], back.first["where"].get("direction")) == ("firewall-drop", "back")
    assert "The SYN arrives" in back.first["explanation"]
    assert "on the way back" in back.first["explanation"]
    out = walker.walk_scenario(ALL["firewall-drop"].apply(Shape(HOPS, hop, family)), *args)
    assert out.first["where"].get("direction") == ("out" if hop < HOPS else None)
    assert f"SYNs to the port are answered up to hop {hop}" in out.first["explanation"].replace(
        "by hop 1", "up to hop 1"
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_target_that_holds_a_syn_shows_it(family: Family) -> None:
    rules = ruleset(forward=[f"tcp sport {PORT} {SYN_ACK} drop"])
    network = line(2).with_host("r1", firewall=rules)
    with wired(network, raw=False) as (lab, ctx):
        to = peer(network, family)
        assert held_syn(to, PORT, ctx, wire_of(ctx)) == ()  # nobody knows yet how fast it answers
        settle(ctx, to)
        (answer,) = held_syn(to, PORT, ctx, wire_of(ctx))
        assert answer.arrived(to.dst)
        assert half_open(lab).count("\n") <= 1


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("rule", [f"tcp dport {PORT} drop", f"tcp sport {PORT} drop"])
def test_silence_shows_nothing(family: Family, rule: str) -> None:
    network = line(2).with_host("r1", firewall=ruleset(forward=[rule]))
    with wired(network, raw=False) as (_, ctx):
        to = peer(network, family)
        settle(ctx, to)
        assert held_syn(to, PORT, ctx, wire_of(ctx)) == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_an_open_port_is_left_in_peace(family: Family) -> None:
    network = line(2)
    with wired(network, raw=False) as (_, ctx):
        to = peer(network, family)
        settle(ctx, to)
        assert held_syn(to, PORT, ctx, wire_of(ctx)) == ()
