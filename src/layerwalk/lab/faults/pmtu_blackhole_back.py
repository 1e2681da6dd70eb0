"""The way back takes only small packets, and the messages that would tell the target are lost."""

from dataclasses import replace

from layerwalk.lab.faults.healthy_path import asymmetric
from layerwalk.lab.faults.pmtu_blackhole import CAUSE, SMALL
from layerwalk.lab.firewall import TOO_BIG, ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    base,
    hop,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Manner, Network, Route, Service
from layerwalk.lab.topology import CLIENT, CLIENT_LAN, middle, routes

CLIENT_ALONE = (CLIENT[0].replace("/24", "/32"), CLIENT[1].replace("/64", "/128"))


def narrowed_back(shape: Shape) -> Network:
    """Return the shape's network with a small MTU on the way back over the link after the router.

    Hop 0 is the client's own link: its router keeps to the small MTU.
    """
    network = speaking(base(shape), shape)
    name = router(shape, 1)
    if shape.hop:
        ways = routes(CLIENT_LAN, middle(shape.hop)[0])
    else:
        ways = tuple(Route(to, interface="eth0") for to in CLIENT_ALONE)
    return network.with_routes(name, *(replace(way, mtu=SMALL) for way in ways))


def speaking(network: Network, shape: Shape) -> Network:
    """Return the network with a service that speaks first, and says more than one packet holds."""
    text = b"".join(b"%05d layerwalk's laboratory greets you\r\n" % n for n in range(160))
    manner = (Manner.BANNER, Manner.BULK)[shape.routers % 2]
    return network.with_host("server", services=(Service(shape.port, manner, text=text),))


def _back_silent(shape: Shape) -> Scenario:
    network = narrowed_back(shape).with_host(router(shape, 1), firewall=ruleset(output=TOO_BIG))
    return Scenario(network, target_address(network, shape), CAUSE, back(network, shape))


def _back_filtered(shape: Shape) -> Scenario:
    network = narrowed_back(shape).with_host("server", firewall=ruleset(input=TOO_BIG))
    return Scenario(network, target_address(network, shape), CAUSE, back(network, shape))


def back(network: Network, shape: Shape) -> dict[str, object]:
    """Return the place on the way back, between a hop and the next."""
    where: dict[str, object] = {"kind": "path", "direction": "back"}
    if shape.hop:
        where["after"] = hop(network, shape.hop, shape.family)
    return {**where, "before": hop(network, shape.hop + 1, shape.family)}


def on_the_way_back() -> tuple[Shape, ...]:
    """Return the shapes of a narrow way back: over each link but the target's own."""
    return tuple(replace(one, hop=one.hop - 1, direction="back") for one in on_path())


def _beside(shape: Shape) -> Scenario:
    """Narrow a way back that is another than the way there.

    The router between, which sends its own replies the usual way, may be named for the one before.
    """
    network = speaking(asymmetric(shape), shape)
    network = network.with_end("beside", "eth0", mtu=SMALL)
    network = network.with_end(router(shape), "eth2", mtu=SMALL)
    network = network.with_host("beside", firewall=ruleset(output=TOO_BIG))
    where = {"kind": "path", "direction": "back"}
    places = tuple(network.hop_address(shape.hop + more, shape.family) for more in (0, 1))
    target = target_address(network, shape)
    return Scenario(network, target, CAUSE, where, after_any=places)


FAULTS = (
    Fault(
        "pmtu-blackhole-back",
        'the way back has a small MTU, and its router does not say "too big" to the target',
        CAUSE,
        on_the_way_back,
        _back_silent,
    ),
    Fault(
        "pmtu-blackhole-back-filtered",
        'the way back has a small MTU, and the target\'s firewall drops the "too big" answers',
        CAUSE,
        on_the_way_back,
        _back_filtered,
    ),
    Fault(
        "pmtu-blackhole-back-beside",
        "the answers come back by another path with a small MTU, and its router does not say so",
        CAUSE,
        lambda: on_path(short_of_last=2, directions=("back",)),
        _beside,
    ),
)
