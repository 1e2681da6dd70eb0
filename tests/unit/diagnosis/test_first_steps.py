"""The first steps of the way: link, route, gateway, and a host next door or far away."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    LinksFact,
    Outcome,
    Refusal,
    RouteKind,
)
from tests.unit.diagnosis.sayings import (
    LAST,
    NEXT_DOOR,
    ON_LINK,
    SECOND,
    START,
    T,
    said,
    status,
    traced,
)


def test_a_late_report_is_the_last_routers() -> None:
    late = samples.refusal(Refusal.HOST, LAST, rtt_s=3.07)
    down = said("host-down", *START, samples.echo(), samples.syn(late), traced(3, 3))
    assert (down.status, down.where["after"]) == (Status.CONFIRMED, {"hop": 3, "address": LAST})


def test_a_report_at_once_for_the_port_alone_may_be_a_rule() -> None:
    at_once = samples.refusal(Refusal.HOST, SECOND)
    assert status("host-down", *START, samples.echo(), samples.syn(at_once)) is Status.UNKNOWN


def test_a_host_next_door_that_answers_the_link_is_there() -> None:
    assert status("host-down", ON_LINK, NEXT_DOOR, samples.echo()) is Status.RULED_OUT


def test_silence_alone_is_not_an_absent_host() -> None:
    assert status("host-down", *START, samples.echo(), samples.syn()) is Status.UNKNOWN


GONE = samples.route(outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="")


def several(*changes: dict[str, object]) -> LinksFact:
    found = tuple(
        replace(samples.links().links[0], index=n, name=f"eth{n}", **one)  # type: ignore[arg-type]
        for n, one in enumerate(changes)
    )
    return LinksFact(outcome=Outcome.ANSWERED, links=found)


DOWN: dict[str, object] = {"up": False, "carrier": None}
THERE: dict[str, object] = {"addresses": (f"{T[:-2]}9/24",)}
SIX_ONLY: dict[str, object] = {"addresses": ("2001:db8::9/64",)}


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (several({**DOWN, **THERE}, {}), Status.CONFIRMED),
        (several(DOWN, {}), Status.UNKNOWN),
        (several(DOWN, DOWN), Status.CONFIRMED),
        (several({**DOWN, **SIX_ONLY}, {}), Status.RULED_OUT),
        (several({**DOWN, "addresses": ()}), Status.CONFIRMED),
        (several({}, {}), Status.RULED_OUT),
    ],
)
def test_a_route_that_went_with_its_link(links: LinksFact, expected: Status) -> None:
    assert status("link-down", links, GONE) is expected


def test_switched_off_an_interface_has_lost_its_ipv6_addresses() -> None:
    six = "2001:db8:9::9"
    gone = replace(GONE, destination=six)
    assert status("link-down", several(DOWN, {}), gone, host=six) is Status.UNKNOWN


def test_a_refusing_route_needs_no_link() -> None:
    rejected = samples.route(outcome=Outcome.REJECTED, kind=RouteKind.PROHIBIT, interface="")
    assert status("link-down", samples.links(), rejected) is Status.RULED_OUT
    assert status("no-route", samples.links(), rejected) is Status.RULED_OUT
    assert said("route-rejected", rejected).where["rule"] == ""


def test_any_answer_came_through_the_gateway() -> None:
    silent = samples.neighbour(Outcome.SILENT)
    assert status("gateway-unreachable", *START, silent, samples.alive()) is Status.RULED_OUT
    assert status("gateway-unreachable", *START, silent, traced(1)) is Status.RULED_OUT
    assert status("gateway-unreachable", samples.links(), ON_LINK) is Status.RULED_OUT


def test_a_next_hop_that_is_no_gateway_is_the_host() -> None:
    silent = samples.neighbour(Outcome.SILENT, address=T, gateway=False)
    assert status("gateway-unreachable", silent) is Status.RULED_OUT
    assert status("host-down", silent) is Status.CONFIRMED
