"""A server's way back to the client that a person named: what keeps its answers on this machine."""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.own_addresses import home
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import IPV6, LinksFact, Outcome, RouteFact, family_of

ON_THE_WAY = frozenset({"no-route", "route-rejected", "gateway-unreachable"})
"""The causes that are judged on the way back as a client judges them on its way out."""

FILTER = "reverse-path-filter"
_STRICT = 1


def client_view(view: WalkView) -> AddressView | None:
    """Give what is known of the client, where one was named that is not this machine itself."""
    client = view.standpoint.client
    if not (view.standpoint.serves and client):
        return None
    host = view.of(client)
    return None if home(host.links, client) is not None else host


def back_to(host: AddressView, judgement: Judgement) -> Judgement:
    """Say of a judgement that it is about the way back."""
    text = f"on the way back to client {host.address}, {judgement.explanation}"
    return replace(judgement, explanation=text)


def filtered(view: WalkView, client: AddressView) -> Judgement | None:
    """Judge the filter that a client's SYN meets where it comes in by the target's interface.

    Strict, it drops what this machine would answer by another one (ip-sysctl: rp_filter). Whether
    the SYN does come in there nobody here can know.
    """
    route = client.route
    if route is None or route.outcome is not Outcome.ANSWERED or not client.has_way_out:
        return None
    homes = [home(client.links, address) for address in view.addresses]
    strict = [link for link in homes if link and link.rp_filter == _STRICT and not link.loopback]
    crossed = [link.name for link in strict if link.name != route.interface]
    if family_of(client.bare) == IPV6 or not crossed:
        return None
    name = crossed[0]
    return Judgement(
        status=Status.LIKELY,
        evidence=client.ids(RouteFact, LinksFact),
        explanation=f"what client {client.address} sends to an address of {name} is answered by "
        f"{route.interface}, and the reverse path filter of {name} is strict: it drops what comes "
        "in there.",
        where={"kind": "local", "interface": name},
        decide_by="Does TcpExtIPReversePathFilter rise while the client tries (nstat -az)?",
    )
