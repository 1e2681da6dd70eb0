"""The whole walk's evidence, sorted by what it is about."""

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import Outcome, RouteKind
from tests.unit.diagnosis.facts import NAME, SERVER, crashed, resolved
from tests.unit.diagnosis.views import walk

T, OTHER = samples.TARGET, "203.0.113.99"
SIX = "2001:db8::10"
FACTS = (
    samples.links(),
    resolved(T, OTHER),
    samples.route(),
    samples.route(destination=OTHER),
    samples.neighbour(Outcome.ANSWERED),
    samples.syn(),
    replace(samples.alive(), address=OTHER),
    crashed("trace", OTHER),
)


def ids(address: str) -> list[str]:
    return [one.id for one in walk(FACTS, NAME).of(address).evidence]


def test_an_address_has_its_own_evidence_and_the_machines() -> None:
    assert ids(T) == ["e1", "e3", "e5", "e6"]
    assert ids(OTHER) == ["e1", "e4", "e5", "e7", "e8"]


def test_the_gateways_answer_is_shared_until_there_is_an_own_one() -> None:
    own = samples.neighbour(Outcome.SILENT)
    facts = (*FACTS, replace(own, destination=OTHER))
    host = walk(facts, NAME).of(OTHER)
    assert host.neighbour == facts[-1]
    assert walk(FACTS, NAME).of(OTHER).neighbour == FACTS[4]
    direct = replace(samples.neighbour(Outcome.SILENT), gateway=False)
    others = (*FACTS[:4], direct)
    assert walk(others, NAME).of(OTHER).neighbour is None


def test_the_addresses_are_the_names_own_or_the_target_itself() -> None:
    assert walk(FACTS, NAME).addresses == (T, OTHER)
    assert walk(FACTS, T).addresses == (T,)
    assert walk((), NAME).addresses == ()


def test_the_nameservers_are_those_that_were_asked() -> None:
    assert [host.address for host in walk(FACTS, NAME).nameservers] == [SERVER]
    assert walk(FACTS, NAME).nameservers[0].port == 53
    assert walk((), NAME).nameservers == ()


def test_the_newest_fact_of_a_kind_counts() -> None:
    first = samples.route(gateway="192.0.2.2")
    host = walk((first, samples.route())).of(T)
    assert host.route == samples.route()


def test_what_was_not_measured_is_no_evidence() -> None:
    host = walk((samples.syn(outcome=Outcome.CANCELLED), samples.alive())).of(T)
    assert host.syns == ()
    assert host.ids(type(samples.syn()), type(samples.alive())) == ("e2",)


def test_a_family_without_any_route_is_left_out_where_another_has_one() -> None:
    none = samples.route(
        destination=SIX, outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface=""
    )
    both = walk((resolved(SIX, T), none, samples.route()), NAME)
    assert [host.address for host in both.hosts] == [T]
    alone = walk((resolved(SIX), none), NAME)
    assert [host.address for host in alone.hosts] == [SIX]


def test_a_scope_is_no_part_of_what_stands_in_packets() -> None:
    assert walk(()).of("fe80::1%eth0").bare == "fe80::1"
