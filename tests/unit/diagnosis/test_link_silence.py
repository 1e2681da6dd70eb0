"""A next hop that keeps silent on the link: what is said of it, and how surely."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.probes.facts import Outcome
from tests.unit.diagnosis.sayings import said
from tests.unit.diagnosis.views import walk

TARGET = samples.neighbour(Outcome.SILENT, address=samples.TARGET, gateway=False)
GATEWAY = samples.neighbour(Outcome.SILENT)


@pytest.mark.parametrize(
    ("cause", "route", "silent"),
    [
        ("host-down", samples.route(gateway=""), TARGET),
        ("gateway-unreachable", samples.route(), GATEWAY),
    ],
)
def test_it_may_be_silent_to_this_machine_alone(cause: str, route: object, silent: object) -> None:
    facts = (samples.links(), route, silent)
    found = said(cause, *facts)  # type: ignore[arg-type]
    assert (found.status, found.alternatives) == (Status.CONFIRMED, ())
    assert "rp_filter" in found.decide_by
    assert "arping" in found.decide_by


def test_the_kernels_own_questions_may_all_be_lost() -> None:
    kernels = replace(TARGET, asked=0, state="FAILED")
    facts = (samples.links(), samples.route(gateway=""), kernels)
    found = said("host-down", *facts)
    assert (found.status, found.alternatives) == (Status.LIKELY, ("packet-loss",))
    told = conclude(walk(facts))
    assert [(one.cause.id, one.relation) for one in told.named] == [
        ("host-down", "explains"),
        ("packet-loss", "alternative"),
    ]


def test_in_ipv6_no_arp_is_spoken_of() -> None:
    six = replace(GATEWAY, address="fe80::1%eth0")
    found = said("gateway-unreachable", samples.links(), samples.route(gateway="fe80::1"), six)
    assert "ndisc6 fe80::1" in found.decide_by
    assert "arp" not in found.decide_by
