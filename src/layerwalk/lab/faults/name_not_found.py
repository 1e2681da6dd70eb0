"""The nameservers say that there is no such name, or none with an address."""

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base
from layerwalk.lab.spec import Family, Network, Record
from layerwalk.lab.topology import NAME, resolving_over, with_record

CAUSE = "name-not-found"
WHERE = {"kind": "resolver"}
GONE = "gone.lab.test"
ONE_SIDED = "one-sided.lab.test"
BARE = "bare.lab.test"
OTHER: dict[Family, tuple[str, Family]] = {4: ("AAAA", 6), 6: ("A", 4)}


def _asking(shape: Shape) -> Network:
    return resolving_over(base(shape), shape.family)


def _gone(shape: Shape) -> Scenario:
    return Scenario(_asking(shape), f"{GONE}:{shape.port}", CAUSE, WHERE)


def _one_sided(shape: Shape) -> Scenario:
    """Ask for one family of a name that has an address of the other only."""
    network = _asking(shape)
    kind, other = OTHER[shape.family]
    known = with_record(network, Record(ONE_SIDED, kind, network.address("server", other)))
    return Scenario(known, f"{ONE_SIDED}:{shape.port}", CAUSE, WHERE, args=(f"-{shape.family}",))


def _addressless(shape: Shape) -> Scenario:
    known = with_record(_asking(shape), Record(BARE, "TXT", '"no address here"'))
    return Scenario(known, f"{BARE}:{shape.port}", CAUSE, WHERE)


def _files_only(shape: Shape) -> Scenario:
    network = _asking(shape).with_host("client", nsswitch_conf="hosts: files\n")
    return Scenario(network, f"{NAME}:{shape.port}", CAUSE, WHERE)


FAULTS = (
    Fault(CAUSE, "the nameserver says that there is no such name", CAUSE, at_client, _gone),
    Fault(
        "name-not-found-family",
        "the name has an address, but none of the family that is asked for",
        CAUSE,
        at_client,
        _one_sided,
    ),
    Fault(
        "name-not-found-addressless",
        "the name exists, and has no address",
        CAUSE,
        at_client,
        _addressless,
    ),
    Fault(
        "name-not-found-nsswitch",
        "this machine does not ask nameservers at all",
        CAUSE,
        at_client,
        _files_only,
    ),
)
