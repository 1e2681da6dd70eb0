"""Faults as data: their ids, their shapes, and what each expects of a diagnosis."""

import pytest

from layerwalk.lab.demo import demo_network, titles
from layerwalk.lab.errors import LabError
from layerwalk.lab.faults import ALL, FAULTS, HEALTHY
from layerwalk.lab.shapes import Fault, Scenario, Shape
from layerwalk.lab.topology import line

PATH_KINDS = {"path", "host"}
ONLY_IPV4 = {"reverse-path-filter"}
NAMED = pytest.mark.parametrize("fault", ALL.values(), ids=list(ALL))


def scenario(name: str, *shape: object) -> Scenario:
    return ALL[name].apply(Shape(*shape))  # type: ignore[arg-type]  # the tests' own tuples


@NAMED
def test_a_fault_makes_sense_in_its_shapes(fault: Fault) -> None:
    shapes = fault.shapes()
    assert len(set(shapes)) == len(shapes) > 0
    assert {shape.family for shape in shapes} == ({4} if fault.cause in ONLY_IPV4 else {4, 6})
    assert all(0 <= shape.hop <= shape.routers + 1 for shape in shapes)
    assert max(shape.routers for shape in shapes) >= 1


@NAMED
def test_a_scenario_expects_what_its_fault_says(fault: Fault) -> None:
    found = fault.apply(fault.shapes()[-1])
    assert found.cause == fault.cause
    assert ("kind" in found.where) == (fault.cause is not None)
    assert "\n" not in fault.title
    assert fault.title


@NAMED
def test_a_fault_is_called_after_its_cause(fault: Fault) -> None:
    assert fault.id.startswith(fault.cause or "healthy")


def test_sound_and_broken_make_up_all() -> None:
    assert FAULTS | HEALTHY == ALL
    assert not FAULTS.keys() & HEALTHY.keys()
    assert {fault.cause for fault in FAULTS.values()} <= FAULTS.keys()


def test_a_drop_on_the_way_is_behind_its_router() -> None:
    where = scenario("firewall-drop", 4, 2).where
    assert where == {"kind": "path", "after": {"hop": 2, "address": "198.18.1.2"}}


def test_a_drop_on_the_last_router_can_not_be_told_from_the_host() -> None:
    where = scenario("firewall-drop", 2, 2, 6).where
    assert where == {"kind": "host", "after": {"hop": 2, "address": "2001:db8:101::2"}}


def test_a_dropped_answer_looks_as_if_the_host_were_silent() -> None:
    where = scenario("firewall-drop", 3, 1, 4, 443, "back").where
    assert where == {"kind": "host", "after": {"hop": 3, "address": "198.18.2.2"}}


def test_a_blackhole_route_silences_its_own_router() -> None:
    where = scenario("path-blackhole-route", 3, 2).where
    assert where == {"kind": "path", "after": {"hop": 1, "address": "198.51.100.1"}}
    assert scenario("path-blackhole-route", 3, 1).where == {"kind": "path"}


def test_the_last_router_without_a_route_is_on_the_path() -> None:
    assert scenario("route-missing-on-path", 2, 2).where["kind"] == "path"


def test_a_place_fits_when_all_that_matters_is_said() -> None:
    found = scenario("firewall-drop", 4, 2)
    after = {"hop": 2, "address": "198.18.1.2"}
    assert found.place_fits({"kind": "path", "after": after, "before": {"hop": 3}})
    assert not found.place_fits({"kind": "path", "after": {**after, "hop": 3}})
    assert not found.place_fits({"kind": "path"})


def test_a_rule_fits_by_a_part_of_its_text() -> None:
    found = scenario("firewall-drop-client-out", 1, 0)
    assert found.place_fits({"kind": "local", "rule": "tcp dport 5432 drop # handle 4"})
    assert not found.place_fits({"kind": "local", "rule": "tcp dport 22 drop"})


def test_a_loop_may_be_named_by_any_of_its_routers() -> None:
    found = scenario("routing-loop", 4, 2)
    members = {line(4).hop_address(2), line(4).hop_address(3)}
    assert members < set(found.after_any)
    assert found.place_fits({"kind": "path", "after": {"hop": 30, "address": "198.18.2.2"}})
    assert not found.place_fits({"kind": "path", "after": {"hop": 30, "address": "198.51.100.1"}})
    assert not found.place_fits({"kind": "path"})


def test_the_demo_drops_the_syn_two_hops_out() -> None:
    found = demo_network()
    assert (found.cause, found.target) == ("firewall-drop", "server.lab.test:5432")
    assert found.where["after"] == {"hop": 2, "address": "198.18.1.2"}
    assert found.network.address("server", 6)


@NAMED
def test_the_demo_shows_every_fault(fault: Fault) -> None:
    assert demo_network(fault.id).cause == fault.cause
    assert titles()[fault.id] == fault.title


def test_the_demo_shows_what_the_client_sends_being_dropped() -> None:
    found = demo_network("firewall-drop")
    assert found.where == {**found.where, "kind": "path", "after": demo_network().where["after"]}


def test_a_fault_that_nobody_knows_is_refused() -> None:
    with pytest.raises(LabError, match="no fault nonsense"):
        demo_network("nonsense")
