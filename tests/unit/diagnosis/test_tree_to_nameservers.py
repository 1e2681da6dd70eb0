"""The tree on the way to nameservers that are silent."""

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Fact, NameserverAnswer, Outcome
from tests.unit.diagnosis.facts import NAME, SERVER, resolved
from tests.unit.diagnosis.views import walk

T = samples.TARGET
LINKS = samples.links()


def test_nameservers_that_are_silent_are_walked_to() -> None:
    silent = NameserverAnswer(server=SERVER, outcome=Outcome.SILENT)
    facts = (LINKS, resolved(nameservers=(silent,)))
    assert Measure(Step.ROUTE, SERVER) in set(wanted(walk(facts, NAME)))
    way = samples.route(destination=SERVER)
    assert Measure(Step.NEIGHBOUR, SERVER) in set(wanted(walk((*facts, way), NAME)))


def so_far(*facts: Fact) -> WalkView:
    """The walk while the nameserver is listened for in vain."""
    return replace(walk((LINKS, *facts), NAME), unheard=(SERVER,))


def test_they_are_walked_to_while_they_are_listened_for() -> None:
    assert Measure(Step.ROUTE, SERVER) in set(wanted(so_far()))
    way = samples.route(destination=SERVER)
    assert Measure(Step.NEIGHBOUR, SERVER) in set(wanted(so_far(way)))
    assert SERVER not in {it.address for it in wanted(so_far(resolved(T)))}


def test_what_is_cut_off_from_all_nameservers_need_not_listen() -> None:
    resolve = Measure(Step.RESOLVE)
    way = samples.route(destination=SERVER)
    dead = replace(samples.neighbour(Outcome.SILENT), destination=SERVER)
    assert resolve not in set(needless(so_far()))
    assert resolve not in set(needless(so_far(way)))
    assert resolve in set(needless(so_far(way, dead)))
    assert resolve not in set(needless(so_far(way, dead, resolved(T))))
    nowhere = samples.route(outcome=Outcome.UNREACHABLE, destination=SERVER)
    assert resolve in set(needless(so_far(nowhere)))


def test_a_nameserver_that_is_off_is_still_listened_for() -> None:
    """Nobody else on the link can answer in its place, and that is what there is to say."""
    way = samples.route(destination=SERVER, gateway="")
    off = replace(
        samples.neighbour(Outcome.SILENT), address=SERVER, destination=SERVER, gateway=False
    )
    assert Measure(Step.RESOLVE) not in set(needless(so_far(way, off)))


def test_a_nameserver_that_denies_the_name_is_left_alone() -> None:
    facts = (LINKS, resolved(outcome=Outcome.REFUSED))
    assert not [it for it in wanted(walk(facts, NAME)) if it.address]
