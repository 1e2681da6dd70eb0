"""The client's own link is too narrow for what it sends: its queue overflows, and loses packets."""

from dataclasses import replace

from layerwalk.lab.faults.packet_loss import PERCENT, some
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    after,
    at_client,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Network
from layerwalk.lab.traffic import Stream

CAUSE = "link-errors"
WHERE = {"kind": "local", "interface": "eth0"}
RATE = 350.0
"""Datagrams a second, of which a link of two megabits takes seven tenths."""

NARROW = (
    "qdisc add dev eth0 root handle 1: tbf rate 2mbit burst 3000 limit 100000",
    "qdisc add dev eth0 parent 1:1 handle 10: pfifo limit 10",
)
SORTED = (
    "qdisc add dev eth0 root handle 1: htb default 10",
    "class add dev eth0 parent 1: classid 1:10 htb rate 100mbit",
    "class add dev eth0 parent 1: classid 1:20 htb rate 1mbit",
    "qdisc add dev eth0 parent 1:10 handle 10: pfifo limit 100",
    "qdisc add dev eth0 parent 1:20 handle 20: pfifo limit 10",
)
"""A wide class for all, and a narrow one for what asks for it."""

CROWDED = (
    "qdisc add dev eth0 root handle 1: htb default 10",
    "class add dev eth0 parent 1: classid 1:10 htb rate 2mbit",
    "qdisc add dev eth0 parent 1:10 handle 10: pfifo limit 10",
)
BULK = 0x10020
"""SO_PRIORITY of the narrow class 1:20."""


def pouring(network: Network, shape: Shape, **changes: object) -> Network:
    """Have the client send a stream to the server, which has no use for it."""
    stream = Stream(network.address("server", shape.family), rate=RATE)
    stream = replace(stream, **changes)  # type: ignore[arg-type]  # the caller's names
    return network.with_host("client", streams=(stream,))


def _overflowing(shape: Shape, queues: tuple[str, ...]) -> Scenario:
    network = pouring(base(shape), shape).with_host("client", queues=queues)
    return Scenario(network, target_address(network, shape), CAUSE, WHERE)


def _narrow(shape: Shape) -> Scenario:
    return _overflowing(shape, NARROW)


def _crowded(shape: Shape) -> Scenario:
    return _overflowing(shape, CROWDED)


def _other_class(shape: Shape) -> Scenario:
    """Overflow beside the target's packets, which have a class to themselves."""
    network = pouring(base(shape), shape, priority=BULK).with_host("client", queues=SORTED)
    return Scenario(network, target_address(network, shape), None)


def _history(shape: Shape) -> Scenario:
    """Lose packets at a router; what the queue has dropped was before that."""
    network = pouring(base(shape), shape, priority=BULK, seconds=0.2)
    network = network.with_host("client", queues=SORTED)
    firewall = ruleset(forward=[f'iifname "eth0" {some(PERCENT)}'])
    broken = network.with_host(router(shape), firewall=firewall)
    where = after(network, shape)
    return Scenario(broken, target_address(network, shape), "packet-loss", where)


FAULTS = (
    Fault(CAUSE, "this machine sends more than its link takes", CAUSE, at_client, _narrow),
    Fault(
        f"{CAUSE}-class",
        "a class of this machine's queue overflows, the one that all packets are in",
        CAUSE,
        at_client,
        _crowded,
    ),
    Fault(
        "packet-loss-old-drops",
        "a router loses a third, and this machine's queue has dropped much before",
        "packet-loss",
        on_path,
        _history,
    ),
    Fault(
        "healthy-queue-drops",
        "a class of this machine's queue overflows, and others have room",
        None,
        at_client,
        _other_class,
    ),
)
