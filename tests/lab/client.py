"""Standing on a lab's client with an open wire."""

from collections.abc import Iterator
from contextlib import contextmanager

from layerwalk.lab.build import Lab, build
from layerwalk.lab.spec import Family, Network
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    TraceFact,
    TraceKind,
)
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire


@contextmanager
def wired(network: Network, *, raw: bool = True) -> Iterator[tuple[Lab, ProbeContext]]:
    """Stand on the network's client, with an open wire: raw, or by what anyone may do."""
    with build(network) as lab, lab.inside("client"):
        wire = open_wire(raw=raw)
        assert wire.means.raw is raw
        try:
            yield lab, ProbeContext(wire=wire)
        finally:
            wire.close()


def peer(network: Network, family: Family, target: str = "server") -> Peer:
    return Peer(network.address(target, family), network.address("client", family), "eth0")


def wire_of(ctx: ProbeContext) -> Wire:
    assert ctx.wire
    return ctx.wire


def half_open(lab: Lab) -> str:
    """The connections that the server holds half open; what undoes one may be on its way yet."""
    left = ""
    for _ in range(_LOOKS):
        left = lab.run("server", ["ss", "-Htan", "state", "syn-recv"]).stdout
        if not left:
            break
    return left


_LOOKS = 10
"""All of them take less than the second after which a SYN-ACK is sent again, and reset then."""


def settle(ctx: ProbeContext, to: Peer) -> None:
    """Wait until all that was sent has arrived: an echo that follows it comes back."""
    probe = packets.echo(to, 7, wire_of(ctx).number(15))
    wire_of(ctx).send(probe)
    assert wire_of(ctx).wait(lambda: bool(wire_of(ctx).answers(probe)), 10, ctx.cancel)


def hops(fact: TraceFact, *kinds: TraceKind) -> dict[int, str]:
    """Who answered at which hop, up to the target, which answers all that could go further."""
    found = {t.hop: t.answer.responder for t in fact.of(*kinds) if t.answer}
    end = min((hop for hop, who in found.items() if who == fact.address), default=30)
    return {hop: who for hop, who in sorted(found.items()) if hop <= end}


def whole_path(network: Network, family: Family) -> dict[int, str]:
    routers = [network.hop_address(n + 1, family) for n, _ in enumerate(network.routers)]
    return dict(enumerate([*routers, network.address("server", family)], start=1))
