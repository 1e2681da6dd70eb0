"""What a service's queue gets to hold of a walk: a handful of connections, whoever walks."""

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.spec import FAMILIES, Family, Manner, Network, Service
from layerwalk.lab.topology import PORT, line
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

FEW = 6


def serving(manner: Manner, backlog: int) -> Network:
    service = Service(PORT, manner, backlog=backlog)
    return line(2).with_host("server", services=(service,))


def made(lab: Lab) -> int:
    """How many connections the server's TCP has taken (PassiveOpens, RFC 4022)."""
    names, values = [
        one.split()
        for one in lab.run("server", ["cat", "/proc/net/snmp"]).stdout.splitlines()
        if one.startswith("Tcp:")
    ]
    return int(values[names.index("PassiveOpens")])


@pytest.mark.parametrize("words", [(), ("--unprivileged",)], ids=["raw", "without"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_walk_makes_few_connections(
    walker: Walker, family: Family, words: tuple[str, ...]
) -> None:
    network = serving(Manner.ECHO, 128)
    with build(network) as lab:
        address = network.address("server", family)
        target = f"[{address}]:{PORT}" if family == 6 else f"{address}:{PORT}"
        walked = walker.walk(lab, "client", *words, target)
        assert walked.report["verdict"]["outcome"] == "healthy"
        assert 0 < made(lab) <= FEW


@pytest.mark.parametrize("words", [(), ("--unprivileged",)], ids=["raw", "without"])
def test_a_queue_of_eight_that_nobody_empties_is_left_room(
    walker: Walker, words: tuple[str, ...]
) -> None:
    """So that the walk does not find a full queue that it has filled itself."""
    network = serving(Manner.SINK, 8)
    with build(network) as lab:
        walked = walker.walk(lab, "client", *words, f"{network.address('server', 4)}:{PORT}")
    assert walked.report["verdict"]["outcome"] == "healthy"
