"""Nameservers that answer, and don't say: errors, noise, answers of no use; and look-alikes."""

from dataclasses import replace

from layerwalk.lab.faults.resolver_unreachable import NOBODY
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base
from layerwalk.lab.spec import Answering, NameServer, Network, Record
from layerwalk.lab.topology import (
    CLIENT,
    DNS,
    NAME,
    bare,
    known_records,
    resolving_over,
    with_name_server,
)

CAUSE = "resolver-failing"
WHERE = {"kind": "resolver"}
SECOND = ("198.51.100.55/24", "2001:db8:1::55/64")
GONE = "gone.lab.test"
KINDS = {4: "A", 6: "AAAA"}


def _network(shape: Shape, **manner: object) -> Network:
    """Have the one nameserver, asked over the shape's family, behave so."""
    network = base(shape)
    server = replace(NameServer(known_records(network)), **manner)  # type: ignore[arg-type]
    return resolving_over(with_name_server(network, server), shape.family)


def _failing(shape: Shape, **manner: object) -> Scenario:
    network = _network(shape, **manner)
    where = {"kind": "resolver", "address": _first(shape)}
    return Scenario(network, f"{NAME}:{shape.port}", CAUSE, where)


def _first(shape: Shape) -> str:
    return bare(DNS)[shape.family == 6]


def _tcp_dropped(shape: Shape) -> Scenario:
    scenario = _failing(shape, truncated=True)
    firewall = ruleset(input=["tcp dport 53 drop"])
    return replace(scenario, network=scenario.network.with_host("dns", firewall=firewall))


def _one_silent(shape: Shape) -> Scenario:
    """Put a nameserver that is not there before the one that fails."""
    scenario = _failing(shape, rcode="SERVFAIL")
    lines = f"nameserver {NOBODY[shape.family]}\nnameserver {_first(shape)}\n"
    return replace(scenario, network=scenario.network.with_host("client", resolv_conf=lines))


def _one_family(shape: Shape) -> Scenario:
    """Fail the question for the family that is asked for, and know the other."""
    scenario = _failing(shape, failing=(KINDS[shape.family],))
    return replace(scenario, args=(f"-{shape.family}",))


def _only_family_fails(shape: Shape) -> Scenario:
    """Fail the question for the family that this machine has, so that the other is all it gets."""
    scenario = _failing(shape, failing=(KINDS[shape.family],))
    own = CLIENT[shape.family == 6]
    network = scenario.network.with_end("client", "eth0", addresses=(own,))
    prefix = ("0.0.0.0/0", "::/0")[shape.family == 4]
    return replace(scenario, network=network.without_routes("client", prefix))


def two(shape: Shape, first: NameServer, second: NameServer, more: str = "") -> Network:
    """Ask one nameserver, then another on the same host."""
    at = int(shape.family == 6)
    addresses = bare(DNS)[at], bare(SECOND)[at]
    servers = tuple(
        replace(server, address=address)
        for server, address in zip((first, second), addresses, strict=True)
    )
    lines = "".join(f"nameserver {address}\n" for address in addresses) + more
    network = base(shape).with_end("dns", "eth0", addresses=DNS + SECOND)
    return network.with_host("dns", name_servers=servers).with_host("client", resolv_conf=lines)


def _second_denies(shape: Shape) -> Scenario:
    known = known_records(base(shape))
    network = two(shape, NameServer(known, rcode="SERVFAIL"), NameServer(known))
    return Scenario(network, f"{GONE}:{shape.port}", "name-not-found", WHERE)


def _first_denies(shape: Shape) -> Scenario:
    known = known_records(base(shape))
    network = two(shape, NameServer(known), NameServer(known, rcode="SERVFAIL"))
    return Scenario(network, f"{GONE}:{shape.port}", "name-not-found", WHERE)


def _sound(network: Network, shape: Shape) -> Scenario:
    return Scenario(network, f"{NAME}:{shape.port}", None)


def _second_works(shape: Shape) -> Scenario:
    known = known_records(base(shape))
    return _sound(two(shape, NameServer(known, rcode="REFUSED"), NameServer(known)), shape)


def _second_is_no_referral(shape: Shape) -> Scenario:
    known = known_records(base(shape))
    first = NameServer(known, answering=Answering.REFERRAL)
    return _sound(two(shape, first, NameServer(known)), shape)


def _truncated(shape: Shape) -> Scenario:
    return _sound(_network(shape, truncated=True), shape)


def _one_kind(shape: Shape) -> Scenario:
    return _sound(_network(shape, failing=(KINDS[10 - shape.family],)), shape)


def _searched(shape: Shape) -> Scenario:
    """Fail the name as it is typed, and know it under the search list's domain."""
    found = tuple(
        Record(f"{NAME}.sub.test", record.type, record.value)
        for record in known_records(base(shape))
    )
    network = _network(shape, records=found, failing=(NAME,))
    lines = network.host("client").resolv_conf + "search sub.test\n"
    return _sound(network.with_host("client", resolv_conf=lines), shape)


def _over_tcp(shape: Shape) -> Scenario:
    """Ask over TCP only, because resolv.conf says so; UDP is dropped."""
    network = _network(shape).with_host("dns", firewall=ruleset(input=["udp dport 53 drop"]))
    lines = network.host("client").resolv_conf + "options use-vc\n"
    return _sound(network.with_host("client", resolv_conf=lines), shape)


def _fault(name: str, title: str, **manner: object) -> Fault:
    """Make the fault of one nameserver that behaves so."""
    return Fault(name, title, CAUSE, at_client, lambda shape: _failing(shape, **manner))


FAULTS = (
    _fault(CAUSE, "the nameserver answers SERVFAIL", rcode="SERVFAIL"),
    _fault(f"{CAUSE}-refused", "the nameserver answers REFUSED", rcode="REFUSED"),
    _fault(
        f"{CAUSE}-truncated",
        "answers are cut off, and the nameserver's TCP port 53 is closed",
        truncated=True,
        tcp=False,
    ),
    _fault(f"{CAUSE}-noise", "the nameserver answers noise", answering=Answering.NOISE),
    _fault(f"{CAUSE}-other", "the nameserver answers another question", answering=Answering.OTHER),
    _fault(f"{CAUSE}-referral", "the nameserver sends a referral", answering=Answering.REFERRAL),
    Fault(
        f"{CAUSE}-tcp-dropped",
        "answers are cut off, and a firewall drops TCP to the nameserver's port 53",
        CAUSE,
        at_client,
        _tcp_dropped,
    ),
    Fault(
        f"{CAUSE}-one-silent",
        "the first nameserver is not there, and the second answers SERVFAIL",
        CAUSE,
        at_client,
        _one_silent,
    ),
    Fault(
        f"{CAUSE}-one-family",
        "the nameserver fails for the family that is asked for, and knows the other",
        CAUSE,
        at_client,
        _one_family,
    ),
    Fault(
        f"{CAUSE}-only-family",
        "the nameserver fails for the one family that this machine has",
        CAUSE,
        lambda: at_client(1),
        _only_family_fails,
    ),
    Fault(
        "name-not-found-second",
        "the first nameserver fails, and the second says that there is no such name",
        "name-not-found",
        at_client,
        _second_denies,
    ),
    Fault(
        "name-not-found-first",
        "the first nameserver says that there is no such name, and the second fails",
        "name-not-found",
        at_client,
        _first_denies,
    ),
    Fault(
        "healthy-resolver-refuses",
        "the first nameserver refuses at once, and the second answers",
        None,
        at_client,
        _second_works,
    ),
    Fault(
        "healthy-resolver-refers",
        "the first nameserver sends a referral, and the second answers",
        None,
        at_client,
        _second_is_no_referral,
    ),
    Fault(
        "healthy-resolver-truncates",
        "the answers are cut off, and come whole over TCP",
        None,
        at_client,
        _truncated,
    ),
    Fault(
        "healthy-resolver-one-kind",
        "the nameserver fails for one family, and knows the other",
        None,
        at_client,
        _one_kind,
    ),
    Fault(
        "healthy-resolver-search",
        "the nameserver fails for the name as typed, and the search list finds it",
        None,
        at_client,
        _searched,
    ),
    Fault(
        "healthy-resolver-tcp",
        "names are asked for over TCP only, and UDP is dropped",
        None,
        at_client,
        _over_tcp,
    ),
)
