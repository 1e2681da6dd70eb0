"""The hosts file sends the client elsewhere than DNS would; and look-alikes."""

from layerwalk.lab.faults.resolver_failing import GONE
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, Where, at_client, at_host, base
from layerwalk.lab.spec import Network
from layerwalk.lab.topology import DNS, NAME, bare, server_address

CAUSE = "hosts-file-override"
# Addresses on the server's link: one that nobody has, and a second one of the server's.
NOBODY = (("198.51.100.99/24", "2001:db8:1::99/64"), ("203.0.113.99/24", "2001:db8:2::99/64"))
SECOND = (("198.51.100.81/24", "2001:db8:1::81/64"), ("203.0.113.11/24", "2001:db8:2::11/64"))
LOOPBACK = ("127.0.1.1", "::1")


def beside(pairs: tuple[tuple[str, str], tuple[str, str]], shape: Shape) -> str:
    """Return the address of the shape's family on the server's link, wherever that is."""
    return bare(pairs[min(shape.routers, 1)])[shape.family == 6]


def with_second_address(network: Network, shape: Shape) -> Network:
    """Give the server its second pair of addresses."""
    own = server_address(shape.routers) + SECOND[min(shape.routers, 1)]
    return network.with_end("server", "eth0", addresses=own)


def listed(network: Network, *addresses: str, name: str = NAME) -> Network:
    """Name the server in the client's hosts file."""
    lines = "".join(f"{address} {name}\n" for address in addresses)
    return network.with_host("client", hosts_file=network.host("client").hosts_file + lines)


def _where(address: str) -> Where:
    return {"kind": "local", "file": "/etc/hosts", "address": address}


def _sent_to(network: Network, shape: Shape, address: str, *more: str) -> Scenario:
    changed = listed(network, address, *more)
    return Scenario(changed, f"{NAME}:{shape.port}", CAUSE, _where(address))


def _nobody(shape: Shape) -> Scenario:
    return _sent_to(base(shape), shape, beside(NOBODY, shape))


def _closed(shape: Shape) -> Scenario:
    """Lead to another machine, where nothing listens."""
    return _sent_to(base(shape), shape, bare(DNS)[shape.family == 6])


def _loopback(shape: Shape) -> Scenario:
    return _sent_to(base(shape), shape, LOOPBACK[shape.family == 6])


def _firewalled(shape: Shape) -> Scenario:
    address = beside(SECOND, shape)
    kind = "ip6" if shape.family == 6 else "ip"
    firewall = ruleset(input=[f"{kind} daddr {address} tcp dport {shape.port} drop"])
    network = with_second_address(base(shape), shape).with_host("server", firewall=firewall)
    return _sent_to(network, shape, address)


def _files_only(shape: Shape) -> Scenario:
    network = base(shape).with_host("client", nsswitch_conf="hosts: files\n")
    return _sent_to(network, shape, beside(NOBODY, shape))


def _two_lines(shape: Shape) -> Scenario:
    """Give DNS's address as well: a program that tries all gets there in the end."""
    network = base(shape)
    right = network.address("server", shape.family)
    return _sent_to(network, shape, beside(NOBODY, shape), right)


def _and_closed(shape: Shape) -> Scenario:
    """Nothing listens at DNS's address either."""
    network = base(shape).with_host("server", services=())
    return _sent_to(network, shape, beside(NOBODY, shape))


def _dropped_for_all(shape: Shape) -> Scenario:
    """Drop the port at the target, whatever the address: the line is not to blame."""
    firewall = ruleset(input=[f"tcp dport {shape.port} drop"])
    network = with_second_address(base(shape), shape).with_host("server", firewall=firewall)
    where = at_host(network, shape)
    changed = listed(network, beside(SECOND, shape))
    return Scenario(changed, f"{NAME}:{shape.port}", "firewall-drop", where)


def _unknown_to_dns(shape: Shape) -> Scenario:
    network = listed(base(shape), beside(NOBODY, shape), name=GONE)
    return Scenario(network, f"{GONE}:{shape.port}", "host-down", {"kind": "host"})


def _sound(network: Network, shape: Shape, *args: str) -> Scenario:
    return Scenario(network, f"{NAME}:{shape.port}", None, args=args)


def _same(shape: Shape) -> Scenario:
    network = base(shape)
    return _sound(listed(network, network.address("server", shape.family)), shape)


def _other_works(shape: Shape) -> Scenario:
    network = with_second_address(base(shape), shape)
    return _sound(listed(network, beside(SECOND, shape)), shape)


def _asked_last(shape: Shape) -> Scenario:
    network = base(shape).with_host("client", nsswitch_conf="hosts: dns files\n")
    return _sound(listed(network, beside(NOBODY, shape)), shape)


def _other_family(shape: Shape) -> Scenario:
    other = Shape(shape.routers, shape.hop, 10 - shape.family)  # type: ignore[arg-type]  # 4 or 6
    network = listed(base(shape), beside(NOBODY, other))
    return _sound(network, shape, f"-{shape.family}")


def _fault(name: str, title: str, build: object, cause: str | None = CAUSE) -> Fault:
    return Fault(name, title, cause, at_client, build)  # type: ignore[arg-type]


FAULTS = (
    _fault(CAUSE, "the hosts file leads to an address that nobody has", _nobody),
    _fault(f"{CAUSE}-closed", "the hosts file leads to a machine where nothing listens", _closed),
    _fault(f"{CAUSE}-loopback", "the hosts file leads to this machine itself", _loopback),
    _fault(
        f"{CAUSE}-firewalled",
        "the hosts file leads to an address of the target that a firewall shields",
        _firewalled,
    ),
    _fault(
        f"{CAUSE}-files-only",
        "the hosts file leads to an address that nobody has, and DNS is not asked",
        _files_only,
    ),
    _fault(
        f"{CAUSE}-two-lines",
        "the hosts file gives an address that nobody has, and DNS's address besides",
        _two_lines,
    ),
    _fault(
        f"{CAUSE}-and-closed",
        "the hosts file leads to an address that nobody has, and nothing listens at DNS's",
        _and_closed,
    ),
    _fault(
        "firewall-drop-hosts-file",
        "the target's firewall drops the port, for the hosts file's address and for DNS's",
        _dropped_for_all,
        "firewall-drop",
    ),
    _fault(
        "host-down-hosts-file",
        "nobody has the address of a name that only the hosts file knows",
        _unknown_to_dns,
        "host-down",
    ),
    _fault("healthy-hosts-file", "the hosts file says what DNS says", _same, None),
    _fault(
        "healthy-hosts-file-other",
        "the hosts file gives another address than DNS, and it works",
        _other_works,
        None,
    ),
    _fault(
        "healthy-hosts-file-last",
        "the hosts file is wrong, and asked after DNS",
        _asked_last,
        None,
    ),
    _fault(
        "healthy-hosts-file-family",
        "the hosts file is wrong, for the family that is not asked for",
        _other_family,
        None,
    ),
)
