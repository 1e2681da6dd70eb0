"""Stations and cables: where a switch or a delay line comes in, and which plug goes down."""

from layerwalk.lab.plan import Line, Plug, cable_lines, plan
from layerwalk.lab.spec import End, Host, Impairment, Link, Network
from layerwalk.lab.topology import line

SLOW = Impairment(0.1)


def network(*ends: End) -> Network:
    return Network(tuple(Host(end.host) for end in ends), (Link(ends, "lan"),))


def test_two_ends_are_one_cable() -> None:
    made = plan(network(End("a", "eth0", mtu=1400), End("b", "eth1")))
    lines = cable_lines(made.cables, {"a": 10, "b": 20})
    assert lines == [
        "link add name eth0 mtu 1400 netns 10 type veth peer name eth1 mtu 1500 netns 20"
    ]


def test_three_ends_meet_at_a_switch() -> None:
    made = plan(network(*(End(name, "eth0") for name in "abc")))
    assert made.switches == ["switch:lan"]
    assert [plug.interface for plug in made.plugs("switch:lan")] == ["port0", "port1", "port2"]


def test_a_lone_end_has_carrier_all_the_same() -> None:
    assert plan(network(End("a", "eth0"))).stations() == ["a", "nothing:lan"]


def test_a_line_is_put_between() -> None:
    made = plan(network(End("a", "eth0", sends=SLOW), End("b", "eth0")))
    assert made.lines == {"line:0": Line(SLOW, Impairment())}
    assert [(it.left.station, it.right.station) for it in made.cables] == [
        ("a", "line:0"),
        ("line:0", "b"),
    ]


def test_a_pulled_cable_is_the_far_side_going_down() -> None:
    made = plan(network(End("a", "eth0", carrier=False), End("b", "eth0")))
    assert made.plugs("a") == [Plug("a", "eth0", 1500, up=True)]
    assert made.plugs("b") == [Plug("b", "eth0", 1500, up=False)]
    assert (made.dark("a"), made.dark("b")) == (["eth0"], [])


def test_a_pulled_cable_at_a_switch_is_its_port_going_down() -> None:
    made = plan(line(1).with_end("client", "eth0", carrier=False))
    assert [plug.up for plug in made.plugs("switch:lan")] == [False, True, True]
    assert all(plug.up for plug in made.plugs("client"))


def test_no_two_stations_share_a_name() -> None:
    stations = plan(line(12)).stations()
    assert len(set(stations)) == len(stations) == 16
