"""The network interface is down.

## Why it times out
Nothing leaves this machine. With the interface switched off its routes are gone and programs fail
at once; with the cable (or the virtual peer) gone the routes stay, and everything sent is lost.

## Evidence
The interface that the route to the target uses has no carrier or is switched off; or there is no
route, and an interface that has an address is switched off.

## What to do
Switch the interface on, or find out who switched it off. Without carrier, look at the cable, the
switch port, or the other end of the virtual link.

## Easily mistaken for
A missing route (`no-route`): there every interface that should be up is up. A gateway that does
not answer (`gateway-unreachable`): there the link itself is fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_interface

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.link_here import link_here
from layerwalk.diagnosis.model import (
    Advice,
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    ruled_out,
    unknown,
)
from layerwalk.diagnosis.samples import server
from layerwalk.probes.facts import Link, LinksFact, Outcome, RouteFact, RouteKind, family_of
from layerwalk.probes.facts.target import IPV6


def judge(host: AddressView) -> Judgement:
    """The route's interface is dead, or the one that would carry the route is switched off."""
    if host.route is None or not host.links:
        return unknown("the interfaces or the route could not be read")
    evidence = host.ids(LinksFact, RouteFact)
    link = host.link
    if host.has_way_out and link is not None:
        if link.up and link.carrier is not False:
            return ruled_out(evidence, f"{link.name} is up and has carrier")
        return _named(link, evidence, Status.CONFIRMED)
    if host.route.kind is not RouteKind.NONE:
        return ruled_out(evidence, "a local route decides, whatever the links do")
    return _would_carry(host, evidence)


def _would_carry(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    """No route: it may have been lost with an interface."""
    real = [link for link in host.links if not link.loopback]
    down = [link for link in real if not link.up]
    on_link = [link for link in down if _holds(link, host.bare)]
    if on_link:
        return _named(on_link[0], evidence, Status.CONFIRMED)
    meant = [link for link in down if _is_configured(link, host.bare)]
    if down and _alone(down, real):
        return _named((meant or down)[0], evidence, Status.CONFIRMED)
    if meant:
        return unknown(
            f"interface {meant[0].name} is switched off, but others are up; whether the missing "
            "route went out by it can't be told"
        )
    return ruled_out(evidence, "every interface that has an address is up")


def _alone(down: Sequence[Link], real: Sequence[Link]) -> bool:
    return len(down) == len(real)


def _holds(link: Link, address: str) -> bool:
    """Whether the address lies in a network of the interface."""
    wanted = ip_address(address)
    networks = (ip_interface(own).network for own in link.addresses)
    return any(wanted.version == net.version and wanted in net for net in networks)


def _is_configured(link: Link, address: str) -> bool:
    """Whether the interface has an address of the family: it was meant to be used.

    Switched off, it keeps its IPv4 addresses and loses those of IPv6 (the kernel's
    keep_addr_on_down is off unless set).
    """
    if family_of(address) == IPV6:
        return bool(link.addresses)
    return any(family_of(own) != IPV6 for own in link.addresses)


def _named(link: Link, evidence: tuple[str, ...], status: Status) -> Judgement:
    state = "is switched off" if not link.up else "has no carrier: the other end is gone"
    return Judgement(
        status=status,
        evidence=evidence,
        explanation=f"interface {link.name} {state}.",
        where={"kind": "local", "interface": link.name},
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Look, switch on, and see why it went."""
    name = judgement.where.get("interface", "")
    return (
        Advice(on="client", action="See its state.", command=f"ip -s link show dev {name}"),
        Advice(
            on="client",
            action="Switch it on; without carrier, look at the cable or the other end.",
            command=f"ip link set dev {name} up",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="See what took it down.",
            command=f"dmesg | grep {name}; journalctl -b -u systemd-networkd -u NetworkManager",
        ),
    )


_NO_ROUTE = samples.route(outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="")

CAUSE = Cause(
    id="link-down",
    title="The network interface is down",
    layer=Layer.PHYSICAL,
    doc=__doc__,
    judge=judge,
    judge_server=link_here,
    advise=advise,
    before=("no-route", "gateway-unreachable", "resolver-unreachable", "host-down"),
    examples=(
        Example(
            name="no carrier",
            facts=(samples.links(carrier=False), samples.route()),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="switched off, so the route is gone",
            facts=(samples.links(up=False, carrier=None), _NO_ROUTE),
            expect=Status.CONFIRMED,
        ),
        Example(name="up", facts=(samples.links(), samples.route()), expect=Status.RULED_OUT),
        Example(
            name="no route, all links up",
            facts=(samples.links(), _NO_ROUTE),
            expect=Status.RULED_OUT,
        ),
        Example(name="not looked at", facts=(), expect=Status.UNKNOWN),
        Example(
            name="no carrier where the server's address is",
            facts=(samples.links(carrier=False), *server.base()[1:], server.served()),
            expect=Status.CONFIRMED,
            standpoint=server.AS_SERVER,
            target=server.OWN,
        ),
    ),
)
