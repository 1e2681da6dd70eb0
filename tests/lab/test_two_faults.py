"""Faults that meet by chance: each is told, and nothing that only follows from them goes first."""

import pytest

from layerwalk.lab.faults.address_unusable import SEVERAL, named
from layerwalk.lab.faults.hosts_file_override import NOBODY, beside, listed
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Scenario, Shape, base, target_address
from layerwalk.lab.topology import NAME, PORT
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(3, 2, 6)


def told(walker: Walker, scenario: Scenario) -> list[tuple[str, str]]:
    """Each cause with what it is to the failure."""
    report = walker.walk_scenario(scenario).report
    return [(cause["id"], cause["relation"]) for cause in report["verdict"]["causes"]]


def test_each_family_has_its_own_fault_and_ipv6_comes_first(walker: Walker) -> None:
    rule = f"meta nfproto ipv4 tcp dport {PORT} drop"
    network = base(SHAPE).without_routes("r2", "::/0")
    network = network.with_host("r2", firewall=ruleset(forward=[rule]))
    found = told(walker, Scenario(network, f"{NAME}:{PORT}", None))
    assert found == [("route-missing-on-path", "explains"), ("firewall-drop", "also")]


def test_addresses_that_fail_differently_have_each_its_own_cause(walker: Walker) -> None:
    four = Shape(3, 2, 4)
    network = base(SHAPE).with_host("server", services=())
    network = named(network, SHAPE, beside(NOBODY, SHAPE), network.address("server", 4))
    report = walker.walk_scenario(Scenario(network, f"{SEVERAL}:{PORT}", None)).report
    causes = report["verdict"]["causes"]
    assert [(it["id"], it["where"]["address"]) for it in causes] == [
        ("host-down", beside(NOBODY, SHAPE)),
        ("port-closed", base(four).address("server", 4)),
    ]


def test_a_dead_gateway_makes_the_hosts_file_a_guess(walker: Walker) -> None:
    network = listed(base(SHAPE), beside(NOBODY, SHAPE)).with_end("r1", "eth0", addresses=())
    found = told(walker, Scenario(network, f"{NAME}:{PORT}", None))
    assert found == [("gateway-unreachable", "explains"), ("hosts-file-override", "also")]


def test_a_reset_in_the_name_of_a_host_that_is_off_is_forged(walker: Walker) -> None:
    network = base(SHAPE).with_end("server", "eth0", up=False)
    rule = f"tcp dport {PORT} reject with tcp reset"
    target = target_address(network, SHAPE)
    network = network.with_host("r1", firewall=ruleset(forward=[rule]))
    walked = walker.walk_scenario(Scenario(network, target, None))
    assert walked.first["id"] == "firewall-reject"
    assert walked.first["where"]["after"]["hop"] == 1
