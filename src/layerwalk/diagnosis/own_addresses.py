"""Which of this machine's own addresses a client may come to, where it is the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from layerwalk.probes.facts import (
    IPV6,
    Evidence,
    Link,
    LinksFact,
    Listener,
    ListenersFact,
    Target,
    Unmeasured,
    family_of,
)

_MOST = 4
"""How many addresses of a family are walked to, where only a port was named."""


def own_addresses(target: Target, client: str, evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Give the addresses to walk to: those that were named, or those that listeners take.

    Where they take none that is meant, all that a client may come to; so, too, the first IPv4
    address where clients of that family alone are left out. Empty until that can be known.
    """
    if target.address is not None:
        return (target.host,)
    if target.host:
        return target.addresses
    facts = [e.fact for e in evidence]
    links = next((fact.links for fact in facts if isinstance(fact, LinksFact)), None)
    known = any(isinstance(it, Unmeasured) and it.name == "listeners" for it in facts)
    found = [fact for fact in facts if isinstance(fact, ListenersFact)]
    if links is None or not (found or known):
        return ()
    family = target.family or (family_of(client) if client else None)
    candidates = [it for it in _outside(links, client) if family in {None, family_of(it)}]
    return _chosen(candidates, found[-1].listeners if found else (), alone=family is None)


def _chosen(
    candidates: Sequence[str], listeners: Sequence[Listener], *, alone: bool
) -> tuple[str, ...]:
    taken = [it for it in candidates if any(one.takes(it) for one in listeners)]
    if not taken:
        return _few(candidates)
    left_out = [it for it in candidates if family_of(it) != IPV6]
    if alone and left_out and not set(left_out) & set(taken):
        return (left_out[0], *_few(taken))
    return _few(taken)


def _few(addresses: Sequence[str]) -> tuple[str, ...]:
    families = (4, IPV6)
    return tuple(
        address
        for family in families
        for address in [it for it in addresses if family_of(it) == family][:_MOST]
    )


def _outside(links: Iterable[Link], client: str) -> list[str]:
    """The addresses that others may come to; those of loopback for one who is on this machine."""
    every = [(link, _bare(it)) for link in links for it in link.addresses]
    at_home = bool(client) and (
        ip_address(client.partition("%")[0]).is_loopback or client in {it for _, it in every}
    )
    live = [it for link, it in every if link.up and link.carrier is not False]
    outside = [it for it in live if not _is_loopback(it)]
    outside = outside or [it for _, it in every if not _is_loopback(it)]
    routed = [it for it in outside if not ip_address(it.partition("%")[0]).is_link_local]
    return [it for _, it in every if at_home and _is_loopback(it)] or (
        routed or outside or [it for _, it in every]
    )


def home(links: Iterable[Link], address: str) -> Link | None:
    """The interface that has an address."""
    bare = _value(address)
    for link in links:
        if any(_value(_bare(it)) == bare for it in link.addresses):
            return link
    return None


def _bare(prefixed: str) -> str:
    return prefixed.partition("/")[0]


def _value(address: str) -> IPv4Address | IPv6Address:
    return ip_address(address.partition("%")[0])


def _is_loopback(address: str) -> bool:
    return _value(address).is_loopback
