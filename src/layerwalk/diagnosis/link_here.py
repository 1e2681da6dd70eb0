"""The interface that has this machine's own address, where it is the server: up, or not."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.listening_view import ListeningView
from layerwalk.diagnosis.model import Judgement, Status, ruled_out, unknown
from layerwalk.probes.facts import LinksFact, RouteFact

_LOOK = "ip -br link"


def link_here(host: AddressView) -> Judgement:
    """Nobody gets in by an interface that is off, or that has no carrier.

    One that is off takes its address's local route along. Where that is there, the address is
    served otherwise, as those are that a load balancer keeps on an interface of no use.
    """
    if not host.links:
        return unknown("the interfaces could not be read", unlock=_LOOK)
    evidence, link = host.ids(LinksFact, RouteFact), ListeningView(host).home
    if link is None or link.loopback:
        return ruled_out(evidence, "the address is on no interface that leads outside")
    off, loose = not link.up and not host.is_local, link.up and link.carrier is False
    if not (off or loose):
        return ruled_out(evidence, f"{link.name} is up and has carrier")
    state = "is switched off" if off else "has no carrier: the other end is gone"
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"interface {link.name}, which has {host.address}, {state}.",
        where={"kind": "local", "interface": link.name},
    )
