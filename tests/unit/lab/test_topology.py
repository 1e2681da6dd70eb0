"""The usual network: how long it is, and that no address of it could be anybody's."""

from ipaddress import ip_address, ip_interface, ip_network

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.sample import pairwise
from layerwalk.lab.shapes import Fault, Shape
from layerwalk.lab.spec import Network, Record
from layerwalk.lab.topology import bare, line, middle, with_record

OURS = [
    ip_network(text)
    for text in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "198.18.0.0/15",
        "2001:db8::/32",
    )
]


def strangers(network: Network) -> list[str]:
    texts = [text for link in network.links for end in link.ends for text in end.addresses]
    found = [ip_interface(text).ip for text in texts]
    found += [ip_address(route.via) for host in network.hosts for route in host.routes if route.via]
    return [
        str(it) for it in found if not any(it in net for net in OURS if net.version == it.version)
    ]


@pytest.mark.parametrize("routers", range(13))
def test_a_line_has_as_many_routers_as_asked(routers: int) -> None:
    network = line(routers)
    assert len(network.routers) == routers
    assert [network.host(name).router for name in network.routers] == [True] * routers
    assert len(network.links) == routers + 1
    assert strangers(network) == []


def test_a_stranger_is_seen() -> None:
    assert strangers(line(0).with_end("client", "eth0", addresses=("10.0.0.1/8",))) == ["10.0.0.1"]


@pytest.mark.parametrize(("fault", "shape"), pairwise(seed=3), ids=lambda it: getattr(it, "id", ""))
def test_no_fault_brings_a_strange_address(fault: Fault, shape: Shape) -> None:
    assert strangers(fault.apply(shape).network) == []


def test_a_hop_is_the_side_of_the_router_that_looks_at_the_client() -> None:
    network = line(3)
    assert network.hop_address(1, 4) == "198.51.100.1"
    assert network.hop_address(2, 4) == bare(middle(1)[1])[0] == "198.18.1.2"
    assert network.hop_address(3, 6) == "2001:db8:102::2"


def test_with_no_router_the_server_is_next_door() -> None:
    network = line(0)
    assert ip_address(network.address("server")) in ip_network("198.51.100.0/24")
    assert network.host("client").routes == ()


def test_the_name_server_knows_what_it_is_told() -> None:
    record = Record("more.lab.test", "A", "203.0.113.11")
    records = with_record(line(1), record).host("dns").name_servers[0].records
    assert {it.type for it in records if it.name == "server.lab.test"} == {"A", "AAAA"}
    assert record in records


def test_every_fault_is_listed() -> None:
    assert {"firewall-drop", "healthy"} <= set(ALL)
