"""A server's way back to the client that a person named."""

import pytest

from layerwalk.diagnosis import samples as client
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.samples import server as samples
from layerwalk.diagnosis.tree import Measure, Step, wanted
from layerwalk.probes.facts import Fact, Outcome, RouteKind
from tests.unit.diagnosis.own_end import BOTH, EVERYWHERE, OWN, links, view

PEER = "198.51.100.7"
SERVED = (samples.base()[1], samples.listeners(EVERYWHERE), samples.rules(), samples.served())


def found(*facts: Fact, known: Fact = BOTH, peer: str = PEER) -> Conclusion:
    return conclude(view(known, *SERVED, *facts, client=peer))


REJECTED = client.route(
    destination=PEER,
    outcome=Outcome.REJECTED,
    kind=RouteKind.BLACKHOLE,
    interface="",
    errno="EINVAL",
    route="blackhole 198.51.100.0/24",
)
NONE = client.route(
    destination=PEER,
    outcome=Outcome.UNREACHABLE,
    kind=RouteKind.NONE,
    interface="",
    errno="ENETUNREACH",
)


@pytest.mark.parametrize(("route", "cause"), [(REJECTED, "route-rejected"), (NONE, "no-route")])
def test_what_keeps_the_answers_here_is_named(route: Fact, cause: str) -> None:
    named = found(route).named
    assert [one.cause.id for one in named] == [cause]
    assert named[0].judgement.explanation.startswith(f"on the way back to client {PEER}, ")
    assert named[0].judgement.where["kind"] == "local"


def test_a_route_back_is_fine() -> None:
    assert found(client.route(destination=PEER)).outcome == "healthy"


def test_a_strict_filter_drops_what_is_answered_by_another_interface() -> None:
    other = client.route(destination=PEER, interface="eth1")
    strict = links(f"{OWN}/24", rp_filter=1)
    named = found(other, known=strict).named
    assert [one.cause.id for one in named] == ["reverse-path-filter"]
    assert named[0].judgement.where == {"kind": "local", "interface": "eth0"}
    for known in (links(f"{OWN}/24", rp_filter=2), links(f"{OWN}/24")):
        assert found(other, known=known).outcome == "healthy"
    assert found(client.route(destination=PEER), known=strict).outcome == "healthy"


def test_the_way_back_is_asked_for_where_a_client_is_named() -> None:
    facts = (BOTH, *SERVED)
    assert Measure(Step.ROUTE, PEER) in set(wanted(view(*facts, client=PEER)))
    for nobody in ("", OWN):
        asked = {it.address for it in wanted(view(*facts, client=nobody)) if it.step is Step.ROUTE}
        assert asked == {OWN}
