"""Invented walks of a server's own end."""

from dataclasses import replace

from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.samples import server as samples
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    Fact,
    Link,
    LinksFact,
    Listener,
    Outcome,
    Role,
    Standpoint,
    Target,
)
from tests.unit.diagnosis.views import labelled

OWN, SIX = samples.OWN, "2001:db8::10"
EVERYWHERE, EVERYWHERE_6 = samples.listener(), samples.listener("::")


def links(*addresses: str, **changes: object) -> LinksFact:
    lo = Link(
        name="lo",
        index=1,
        up=True,
        carrier=True,
        mtu=65536,
        loopback=True,
        addresses=("127.0.0.1/8", "::1/128"),
    )
    own = Link(name="eth0", index=2, up=True, carrier=True, mtu=1500, addresses=addresses)
    return LinksFact(outcome=Outcome.ANSWERED, links=(lo, replace(own, **changes)))  # type: ignore[arg-type]


BOTH = links(f"{OWN}/24", f"{SIX}/64", "fe80::1/64")


def view(
    *facts: Fact, host: str = OWN, client: str = "", timeout_s: float | None = None
) -> WalkView:
    stood = Standpoint(role=Role.SERVER, client=client)
    return WalkView(Target(host, host, 5432), labelled(facts), timeout_s, standpoint=stood)


def any_address(*listeners: Listener, client: str = "", known: LinksFact = BOTH) -> WalkView:
    return view(known, samples.listeners(*listeners), host="", client=client)


def concluded(*facts: Fact, listener: Listener = EVERYWHERE) -> Conclusion:
    return conclude(view(*samples.base(), samples.listeners(listener), samples.rules(), *facts))
