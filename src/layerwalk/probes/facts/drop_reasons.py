"""For which reasons the kernel itself dropped packets while ours were on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint

MEANINGS: Mapping[str, str] = {
    "NETFILTER_DROP": "a firewall rule, or connection tracking, dropped it",
    "IP_RPFILTER": "the reverse path filter dropped it",
    "IP_INNOROUTES": "there is no route for it",
    "IP_OUTNOROUTES": "there is no route out for it",
    "IP_INVALID_SOURCE": "its source is impossible (martian)",
    "IP_LOCAL_SOURCE": "its source is an address of this machine itself",
    "IP_LOCALNET": "it is of the loopback network, and came from outside",
    "IP_CSUM": "its checksum is wrong",
    "TCP_CSUM": "its checksum is wrong",
    "NO_SOCKET": "it came to TCP, where no socket waits for it",
    "SOCKET_FILTER": "a filter on the socket dropped it",
    "SOCKET_RCVBUFF": "the socket's receive buffer was full",
    "SOCKET_BACKLOG": "the socket's backlog was full",
    "NEIGH_FAILED": "its next hop did not answer on the link",
    "NEIGH_QUEUEFULL": "too many waited for the next hop's answer",
    "QDISC_DROP": "the interface's queue dropped it",
    "TC_EGRESS": "a filter of the interface (tc) dropped it",
    "TC_INGRESS": "a filter of the interface (tc) dropped it",
    "XDP": "a program on the interface (XDP) dropped it",
    "BPF_CGROUP_EGRESS": "a BPF program of the control group dropped it",
    "CPU_BACKLOG": "a processor's input queue was full",
    "XFRM_POLICY": "an IPsec policy dropped it",
}
"""By the kernel's own names (include/net/dropreason-core.h)."""


@dataclass(frozen=True, kw_only=True)
class DropReason:
    """A reason, the function that gave it, and how often in each burst; ``quiet`` without one.

    ``own`` says that the kernel dropped them while it sent for this very walk.
    """

    reason: str
    place: str
    counts: tuple[int, ...]
    quiet: int = 0
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class DropReasonsFact(Fact):
    """What the event skb:kfree_skb said in bursts of ``sent`` SYNs each (kernel's trace/events).

    The event tells neither addresses nor namespace, so that ``reasons`` are only those that came
    up as often as there were SYNs, each time, and hardly without them.
    """

    probe: ClassVar[str] = "drop-reasons"
    layer: ClassVar[int] = 4

    address: str
    port: int
    sent: tuple[int, ...] = ()
    reasons: tuple[DropReason, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The reasons by their names."""
        return frozenset(it.reason for it in self.reasons)

    @property
    def finding(self) -> str:
        """The reasons and what they mean, or that there were none."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        bursts = " and ".join(map(str, self.sent))
        said = f"of bursts of {bursts} SYNs to {endpoint(self.address, self.port)}"
        if not self.reasons:
            return f"{said}, the kernel of this machine dropped none, nor their answers"
        return (
            f"{said}, or their answers, the kernel dropped: {'; '.join(map(_told, self.reasons))}"
        )

    @property
    def command(self) -> str:
        """The same by hand, where the tracing file system is mounted."""
        return "perf trace -e skb:kfree_skb --filter 'reason > 2'"


def _told(one: DropReason) -> str:
    meaning = MEANINGS.get(one.reason, "")
    explained = f" ({meaning})" if meaning else ""
    counts = " and ".join(map(str, one.counts))
    return f"{counts} for {one.reason} in {one.place}{explained}"
