"""The next hop does not answer on the link: nobody has its address, or its owner keeps silent."""

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.topology import EVERYTHING, GATEWAY, bare, routes

CAUSE = "gateway-unreachable"
NOBODY = ("198.51.100.254/24", "2001:db8:1::254/64")
SILENT_ARP = (("net.ipv4.conf.eth0.arp_ignore", "8"),)
SILENT_ND = ruleset(input=['iifname "eth0" icmpv6 type nd-neighbor-solicit drop'])


def _where(pair: tuple[str, str], shape: Shape) -> dict[str, object]:
    address = bare(pair)[0 if shape.family == 4 else 1]
    return {"kind": "local", "interface": "eth0", "address": address}


def _wrong(shape: Shape) -> Scenario:
    network = base(shape)
    astray = network.with_routes("client", *routes(EVERYTHING, NOBODY))
    return Scenario(astray, target_address(network, shape), CAUSE, _where(NOBODY, shape))


def _silent(shape: Shape) -> Scenario:
    network = base(shape)
    silent = network.with_host("r1", sysctls=SILENT_ARP, firewall=SILENT_ND)
    return Scenario(silent, target_address(network, shape), CAUSE, _where(GATEWAY, shape))


FAULTS = (
    Fault(
        CAUSE,
        "the default route leads to an address that nobody has",
        CAUSE,
        lambda: at_client(1),
        _wrong,
    ),
    Fault(
        "gateway-unreachable-silent",
        "the gateway does not answer when it is asked for its hardware address",
        CAUSE,
        lambda: at_client(1),
        _silent,
    ),
)
