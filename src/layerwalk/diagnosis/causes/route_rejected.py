"""A local route or policy rule refuses the target.

## Why it times out
The kernel is told to throw such packets away: a `blackhole` route silently, `unreachable` and
`prohibit` with an error. Programs that try again until a limit of their own report a time-out.

## Evidence
The route that the kernel would take is of a refusing type, or a policy rule with a refusing action
matches before any table is looked at.

## What to do
Remove the route or the rule, or give a more specific one. Ask first who put it there: refusing
routes are set against leaks, by VPN clients as a kill switch, and by routing daemons for summaries.

## Easily mistaken for
A missing route (`no-route`), or a firewall rule of this machine (`firewall-drop`,
`firewall-reject`).
"""

from __future__ import annotations

import re

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
from layerwalk.probes.facts import Outcome, RouteFact, RouteKind

_REFUSING = {RouteKind.BLACKHOLE, RouteKind.UNREACHABLE, RouteKind.PROHIBIT}


def judge(host: AddressView) -> Judgement:
    """The look-up ends at a refusing route or rule."""
    route = host.route
    if route is None:
        return unknown("the kernel's route could not be asked for")
    evidence = host.ids(RouteFact)
    refuses = route.outcome is Outcome.REJECTED or (
        not host.has_way_out and route.kind in _REFUSING
    )
    if not refuses:
        return ruled_out(evidence, "no refusing route or rule matches")
    what = f'policy rule "{route.rule}"' if route.rule else f'route "{route.route or route.kind}"'
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"this machine's own {what} refuses {host.address}{route.asked}.",
        where={"kind": "local", "rule": route.rule or route.route},
    )


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """Look at rules and routes, then remove the one that refuses."""
    text = judgement.where.get("rule", "")
    return (
        Advice(
            on="client",
            action="See the policy rules and the refusing routes.",
            command="ip rule; ip -6 rule; ip route show table all; ip -6 route show table all",
        ),
        Advice(
            on="client",
            action=f'Remove "{text}", or add a more specific route, once its owner agrees.',
            command=_removed(str(text)),
            changes_state=True,
        ),
    )


_RULE = re.compile(r"(?P<number>\d+):\s+from ")


def _removed(text: str) -> str:
    """Write the command that takes this route, or this rule by its number, away."""
    rule = _RULE.match(text)
    if rule:
        return f"ip rule del pref {rule['number']}"
    return f"ip route del {text}" if text else ""


CAUSE = Cause(
    id="route-rejected",
    title="A local route or rule refuses the target",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=("no-route", "firewall-reject", "resolver-unreachable"),
    examples=(
        Example(
            name="blackhole",
            facts=(
                samples.route(
                    outcome=Outcome.REJECTED,
                    kind=RouteKind.BLACKHOLE,
                    interface="",
                    errno="EINVAL",
                    route="blackhole 198.51.100.0/24",
                ),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(name="usable", facts=(samples.route(),), expect=Status.RULED_OUT),
        Example(name="not asked", facts=(), expect=Status.UNKNOWN),
    ),
)
