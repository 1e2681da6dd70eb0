"""A next hop that is there, and for which the kernel has no room in its neighbour table."""

from __future__ import annotations

from layerwalk.diagnosis.model import Advice, Judgement
from layerwalk.probes.facts import IPV6, NeighbourFact, family_of

_FULL = "this machine's neighbour table is full"


def explained(neighbour: NeighbourFact) -> str:
    """Say that it is full, and what for."""
    words = neighbour.table.words if neighbour.table else ""
    role = "gateway " if neighbour.gateway else ""
    there = " (it answers when it is asked)" if neighbour.macs else ""
    return (
        f"{_FULL} ({words}): it can make no entry for {role}{neighbour.address} on "
        f"{neighbour.interface}, so nothing is sent there{there}."
    )


def advice(judgement: Judgement) -> tuple[Advice, ...]:
    """Make room, and find out who fills it; nothing where that is not what was found."""
    if _FULL not in judgement.explanation:
        return ()
    address = str(judgement.where.get("address", ""))
    version = 6 if address and family_of(address) == IPV6 else 4
    setting = f"net.ipv{version}.neigh.default.gc_thresh"
    return (
        Advice(
            on="client",
            action="Make the table larger, on the host itself and not in a container: it is one "
            "for all network namespaces. gc_thresh3 is its end, gc_thresh2 where it is cleared.",
            command=f"sysctl -w {setting}3=16384 {setting}2=8192 {setting}1=2048",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="See what fills it: a scan of a large network, a wide prefix on one link, or "
            "many containers; split what is one large network.",
            command="ip -s neigh show nud all | awk '{print $3}' | sort | uniq -c",
        ),
        Advice(
            on="client",
            action='See since when: the kernel\'s log says "neighbour table overflow".',
            command="dmesg | grep -i 'table overflow'",
        ),
    )
