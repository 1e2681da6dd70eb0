"""The way back on real networks: what a service that speaks first, and echo replies, tell of it."""

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import EchoFate, WayBack
from layerwalk.probes.path_mtu import path_mtu
from tests.lab.client import peer, wired

pytestmark = pytest.mark.netns

PORT = 5432
SMALL = 1300


def back(fault: str, shape: Shape, *, raw: bool = True) -> WayBack:
    """Measure it as a walk does: once the target's round trip is known."""
    network = ALL[fault].apply(shape).network
    with wired(network, raw=raw) as (_, ctx):
        echo(peer(network, shape.family), ctx)
        found = path_mtu(peer(network, shape.family), shape.port, ctx).back
    assert found
    return found


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("routers", [2, 3], ids=["bulk", "banner"])
def test_a_narrow_way_back_is_measured_to_the_byte(
    family: Family, *, raw: bool, routers: int
) -> None:
    shape = Shape(routers, 1, family, PORT, "back")
    found = back("pmtu-blackhole-back", shape, raw=raw)
    assert (found.passes, found.vanishes, found.talks) == (SMALL, SMALL + 1, True)
    if raw:
        whole = [it.hop for it in found.hops if it.back > SMALL]
        assert whole == [1]
        fate = EchoFate.PIECES if family == 4 else EchoFate.LOST
        assert found.echo is fate


@pytest.mark.parametrize("family", FAMILIES)
def test_a_target_that_is_told_sends_less(family: Family) -> None:
    found = back("healthy-small-mtu-back", Shape(2, 1, family, PORT, "back"))
    assert (found.vanishes, found.talks) == (0, True)
    assert found.passes == SMALL


@pytest.mark.parametrize("family", FAMILIES)
def test_a_clamp_saves_the_way_back(family: Family) -> None:
    found = back("healthy-clamped-mss-back", Shape(2, 1, family, PORT, "back"))
    assert (found.vanishes, found.talks) == (0, True)


def test_nothing_stays_open_at_the_service() -> None:
    network = ALL["pmtu-blackhole-back"].apply(Shape(2, 1, 4, PORT, "back")).network
    with wired(network) as (lab, ctx):
        echo(peer(network, 4), ctx)
        path_mtu(peer(network, 4), PORT, ctx)
        left = lab.run("server", ["ss", "-Htan", "state", "established"]).stdout
    assert left == ""
