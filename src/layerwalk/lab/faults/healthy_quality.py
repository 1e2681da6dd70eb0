"""Nothing is wrong, although some packets are slow, or some answers missing."""

from layerwalk.lab.faults.high_latency import LONG_S, MEDIUM_S, stretched
from layerwalk.lab.faults.packet_loss import some
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    at_target,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import End, Host, Impairment, Link, Record, Service
from layerwalk.lab.topology import (
    CLIENT_LAN,
    NAME,
    bare,
    routes,
    server_address,
    with_record,
)

AMPLE_S, TIGHT_S = 2.0, 0.2
# A second server on the first router, further away than the first one.
FAR_GATEWAY = ("192.0.2.1/30", "2001:db8:3::1/64")
FAR_SERVER = ("192.0.2.2/30", "2001:db8:3::2/64")
ANSWERS = ("icmp type echo-reply", "icmpv6 type echo-reply")
LIMIT = "limit rate over 20/second burst 5 packets drop"


def _in_time(shape: Shape) -> Scenario:
    network = stretched(shape, MEDIUM_S)
    target = target_address(network, shape)
    return Scenario(network, target, None, args=("--timeout", str(AMPLE_S)))


def _quick(shape: Shape) -> Scenario:
    network = base(shape)
    target = target_address(network, shape)
    return Scenario(network, target, None, args=("--timeout", str(TIGHT_S)))


def _limited(shape: Shape) -> Scenario:
    rules = [f"{answer} {LIMIT}" for answer in ANSWERS]
    network = base(shape).with_host("server", firewall=ruleset(output=rules))
    return Scenario(network, target_address(network, shape), None)


def _echoes_lost(shape: Shape) -> Scenario:
    rules = [f"{answer} {some(40)}" for answer in ANSWERS]
    network = base(shape).with_host(router(shape), firewall=ruleset(forward=rules))
    return Scenario(network, target_address(network, shape), None)


def _second(shape: Shape) -> Scenario:
    """Give the name a second address, on a machine of its own at the end of a long cable."""
    far = Host("far", routes=routes(CLIENT_LAN, FAR_GATEWAY), services=(Service(shape.port),))
    link = Link(
        (
            End("r1", "eth2", FAR_GATEWAY, sends=Impairment(LONG_S / 2)),
            End("far", "eth0", FAR_SERVER, sends=Impairment(LONG_S / 2)),
        )
    )
    network = base(shape).with_parts((far,), (link,))
    v4, v6 = bare(FAR_SERVER)
    named = with_record(network, Record(NAME, "A", v4), Record(NAME, "AAAA", v6))
    # A name server gives addresses in any order, the hosts file in its own.
    order = [*bare(server_address(shape.routers)), v4, v6]
    known = network.host("client").hosts_file + "".join(f"{it} {NAME}\n" for it in order)
    named = named.with_host("client", hosts_file=known)
    return Scenario(named, f"{NAME}:{shape.port}", None, args=(f"-{shape.family}",))


FAULTS = (
    Fault(
        "healthy-in-time",
        "the target is 300 ms away, and the program waits for 2 s",
        None,
        lambda: at_client() + on_path(),
        _in_time,
    ),
    Fault(
        "healthy-quick", "the program waits for 0.2 s, and that is enough", None, at_target, _quick
    ),
    Fault(
        "healthy-limited-pings",
        "the target answers some pings only, and every connection",
        None,
        at_target,
        _limited,
    ),
    Fault(
        "healthy-lost-pings",
        "a router loses answers to pings, and nothing else",
        None,
        on_path,
        _echoes_lost,
    ),
    Fault(
        "healthy-slow-second-address",
        "the name's second address is slow, and the first is quick",
        None,
        lambda: at_target(2),
        _second,
    ),
)
