"""Whether this machine's reverse path filter may be what keeps the answers from a program."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.probes.facts import IPV6, EchoFact, Outcome, family_of


def filtering(host: AddressView) -> tuple[str, ...]:
    """The interfaces that filter by reverse path; IPv6 has no such setting."""
    if family_of(host.bare) == IPV6:
        return ()
    return tuple(link.name for link in host.links if link.rp_filter and not link.loopback)


def ways_in(host: AddressView) -> frozenset[str]:
    """The interfaces on which packet sockets saw answers come in; nothing without raw sockets."""
    own = (answer for answer in (*host.syn_answers, *host.alive) if answer.interface)
    return frozenset(answer.interface for answer in own)


def may_be_filtered(host: AddressView) -> bool:
    """Whether answers come in and do nothing, or none come and nobody could see them."""
    if host.is_local or not filtering(host):
        return False
    if ways_in(host) & {*filtering(host)} and not host.connects:
        return _connect_is_silent(host) or _comes_round(host)
    if host.counters:
        return bool(host.counters.reversed)
    echo = host.last(EchoFact)
    unheard = echo is not None and echo.outcome is Outcome.SILENT
    return host.port is None and unheard and not host.half_open


def _connect_is_silent(host: AddressView) -> bool:
    """Whether the kernel heard nothing for its own SYN: an error would have got through to it."""
    return host.connect is not None and host.connect.outcome is Outcome.SILENT


def _comes_round(host: AddressView) -> bool:
    """Whether answers come in by another interface than the route out."""
    own = host.route.interface if host.route else ""
    return host.port is None and bool(ways_in(host) - {own})
