"""Names of hops: shown where the nameserver knows them, and never waited for."""

import ipaddress

import pytest

from layerwalk.lab.build import build as build_of
from layerwalk.lab.shapes import Shape, target_address
from layerwalk.lab.spec import FAMILIES, Family, NameServer, Network, Record
from layerwalk.lab.topology import known_records, line, with_name_server, with_record
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(3, 0)
SLOW_S = 3.0


def named(network: Network, family: Family) -> Network:
    """Give the routers names, but the second one."""
    records = [
        Record(
            ipaddress.ip_address(network.hop_address(hop, family)).reverse_pointer,
            "PTR",
            f"router{hop}.lab.test.",
        )
        for hop in (1, 3)
    ]
    return with_record(network, *records)


@pytest.mark.parametrize("family", FAMILIES)
def test_hops_have_the_names_that_the_nameserver_knows(family: Family, walker: Walker) -> None:
    network = named(line(3), family)
    target = target_address(network, Shape(3, 0, family))
    with build_of(network) as lab:
        walked = walker.walk(lab, "client", target)
    names = [hop.get("names", []) for hop in walked.report["path"]]
    assert names == [["router1.lab.test"], [], ["router3.lab.test"], []]


def test_names_are_redacted(walker: Walker) -> None:
    network = named(line(3), 4)
    with build_of(network) as lab:
        walked = walker.walk(lab, "client", "--redact", target_address(network, SHAPE))
    names = [name for hop in walked.report["path"] for name in hop.get("names", [])]
    assert len(names) == 2
    assert not any("router" in name or "lab" in name for name in names)


def test_a_slow_nameserver_delays_nothing(walker: Walker) -> None:
    """Names that come late are not there; the walk has its answer long before."""
    network = line(3)
    slow = NameServer(known_records(named(network, 4)), delay_s=SLOW_S)
    with build_of(with_name_server(network, slow)) as lab:
        walked = walker.walk(lab, "client", target_address(network, SHAPE))
    assert walked.report["verdict"]["outcome"] == "healthy"
    assert all("names" not in hop or not hop["names"] for hop in walked.report["path"])
