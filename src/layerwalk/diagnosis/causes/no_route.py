"""This machine has no route to the address.

## Why it times out
It fails at once with "network is unreachable", which programs often wrap into a time-out of their
own after a few tries.

## Evidence
The kernel, asked for the route that it would take, has none: no network of its own, no static
route and no default route covers the address.

## What to do
Add the route or the default gateway, or find out what removed it (DHCP lease, VPN client, a
network restart). For one address family only, check that this family is set up at all.

## Easily mistaken for
A route that refuses on purpose (`route-rejected`), or an interface that is down and has taken its
routes with it (`link-down`).
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
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
from layerwalk.probes.facts import IPV6, Outcome, RouteFact, RouteKind, family_of


def judge(host: AddressView) -> Judgement:
    """The kernel's look-up found nothing."""
    if host.route is None:
        return unknown("the kernel's route could not be asked for")
    evidence = host.ids(RouteFact)
    if host.has_way_out:
        return ruled_out(evidence, f"the route goes out by {host.route.interface}")
    if host.route.kind is not RouteKind.NONE or host.route.outcome is not Outcome.UNREACHABLE:
        return ruled_out(evidence, "a route matches, but refuses")
    what = f"{host.address}{host.route.asked}"
    lost = [link.name for link in host.links if not (link.up or link.loopback) and link.addresses]
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"the kernel has no route to {what} ({host.route.errno}).",
        where={"kind": "local", "address": host.address},
        alternatives=("link-down",) if lost else (),
        decide_by=f"Did the route go out by {lost[0]}, which is switched off?" if lost else "",
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Look at the table, add the route, keep it."""
    address = str(judgement.where.get("address", ""))
    version = " -6" if address and family_of(address) == IPV6 else ""
    return (
        Advice(
            on="client",
            action="See which routes there are.",
            command=f"ip{version} route show table all",
        ),
        Advice(
            on="client",
            action="Add the missing route, or the default route.",
            command=f"ip{version} route add {address} via GATEWAY",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Find out what removed it, so that it stays.",
            command="journalctl -b -u systemd-networkd -u NetworkManager",
        ),
    )


_NONE = samples.route(
    outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="", errno="ENETUNREACH"
)

CAUSE = Cause(
    id="no-route",
    title="No route to the target",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("resolver-unreachable",),
    examples=(
        Example(name="none", facts=(samples.links(), _NONE), expect=Status.CONFIRMED),
        Example(name="default route", facts=(samples.route(),), expect=Status.RULED_OUT),
        Example(name="not asked", facts=(), expect=Status.UNKNOWN),
    ),
)
