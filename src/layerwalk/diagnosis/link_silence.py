"""A next hop that does not answer on the link: how sure it is that nobody is there."""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.probes.facts import IPV6, NeighbourFact, family_of


def silent_on_link(found: Judgement, neighbour: NeighbourFact) -> Judgement:
    """Say what else would look so, and what decides.

    Who is there may keep silent to this machine alone: Linux answers no ARP request whose sender
    its rp_filter would not take (arp_process in the kernel). The kernel's own three questions may
    all be lost on a bad link; ours are more.
    """
    own = bool(neighbour.asked)
    return replace(
        found,
        status=found.status if own else Status.LIKELY,
        alternatives=() if own else ("packet-loss",),
        decide_by=_deciding(neighbour) + ("" if own else _ASK_MORE),
    )


_ASK_MORE = " Only the kernel has asked, three times: with raw sockets the walk asks more often."


def _deciding(neighbour: NeighbourFact) -> str:
    address = neighbour.address.partition("%")[0]
    six = family_of(address) == IPV6
    ask = f"ndisc6 {address} IFACE" if six else f"arping -c 3 -I IFACE {address}"
    settings = "a rule there" if six else "rp_filter, arp_ignore or a rule there"
    return (
        f"From another machine of that link: does {address} answer ({ask})? Then it is there, and "
        f"keeps silent to this one: {settings} drops the questions."
    )
