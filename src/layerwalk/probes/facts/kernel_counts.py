"""What of the kernel's counters of trouble moved while a walk was probing, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.link_counts import Rise

MEANINGS: Mapping[str, str] = {
    "TcpExtListenOverflows": "connections dropped because a listener's accept queue was full",
    "TcpExtListenDrops": "SYNs or final ACKs that a listener dropped, for whatever reason",
    "TcpExtTCPReqQFullDrop": "SYNs dropped because a listener's SYN queue was full",
    "TcpExtTCPReqQFullDoCookies": "SYNs answered by a cookie because a SYN queue was full",
    "TcpExtSyncookiesFailed": "ACKs with a SYN cookie that was not valid",
    "TcpExtTCPBacklogDrop": "packets dropped because a busy socket's backlog was full",
    "TcpExtTCPRcvQDrop": "packets dropped because a socket's receive buffer was full",
    "TcpExtTCPTimeWaitOverflow": "TIME_WAIT sockets cut short (tcp_max_tw_buckets)",
    "TcpExtTCPMemoryPressures": "times that TCP came under memory pressure (tcp_mem)",
    "TcpExtTCPAbortOnMemory": "connections aborted for lack of memory, or for too many orphans",
    "TcpExtPFMemallocDrop": "packets dropped because memory was left for emergencies only",
    "TcpExtPAWSActive": "answers to SYNs dropped because their timestamp was too old",
    "TcpExtPAWSEstab": "segments dropped because their timestamp was too old",
    "TcpExtTCPMD5NotFound": "segments dropped because they had no MD5 signature",
    "TcpExtTCPMD5Failure": "segments dropped because their MD5 signature was wrong",
    "TcpExtTCPMinTTLDrop": "segments dropped because their TTL was below a socket's least",
    "TcpExtIPReversePathFilter": "packets dropped by the reverse path filter (rp_filter)",
    "IpExtInNoRoutes": "IPv4 packets that came in and had no route onward",
    "IpExtInTruncatedPkts": "IPv4 packets that came in cut short",
    "IpExtInCsumErrors": "IPv4 packets that came in with a wrong checksum",
    "IpInAddrErrors": "IPv4 packets for an address that is not this machine's, or martian",
    "IpInDiscards": "IPv4 packets that came in and were discarded for lack of memory",
    "IpOutDiscards": "IPv4 packets discarded on their way out: by a rule, a queue, lack of memory",
    "IpOutNoRoutes": "IPv4 packets that had no route out",
    "IpReasmFails": "IPv4 packets whose pieces never came together",
    "Ip6InNoRoutes": "IPv6 packets that came in and had no route onward",
    "Ip6InTruncatedPkts": "IPv6 packets that came in cut short",
    "Ip6InAddrErrors": "IPv6 packets for an address that is not this machine's",
    "Ip6InDiscards": "IPv6 packets that came in and were discarded",
    "Ip6OutDiscards": "IPv6 packets discarded on their way out: by a rule, a queue, lack of memory",
    "Ip6OutNoRoutes": "IPv6 packets that had no route out",
    "Ip6ReasmFails": "IPv6 packets whose pieces never came together",
    "TcpInCsumErrors": "TCP segments that came in with a wrong checksum",
    "UdpInCsumErrors": "UDP datagrams that came in with a wrong checksum",
    "UdpRcvbufErrors": "UDP datagrams dropped because a socket's receive buffer was full",
    "UdpSndbufErrors": "UDP datagrams dropped because a socket's send buffer was full",
    "IcmpOutRateLimitGlobal": "ICMP messages not sent: the machine's limit of them was reached",
    "softnet_dropped": "packets dropped by the whole machine because a processor's input queue "
    "was full (netdev_max_backlog)",
    "softnet_flow_limit": "packets dropped by the whole machine because one flow filled a "
    "processor's input queue",
    "conntrack_drop": "packets dropped because connection tracking could not take them in",
    "conntrack_early_drop": "tracked connections thrown out early to make room for new ones",
    "conntrack_insert_failed": "packets dropped because their new entry clashed with another",
    "conntrack_chaintoolong": "packets dropped because a chain of the tracking table was too long",
    "rx_errs": "frames that came in broken",
    "rx_drop": "frames that came in and were dropped (some are often of no use to this machine)",
    "rx_fifo": "frames lost because the card's receive ring was full",
    "tx_errs": "frames that could not be sent",
    "tx_drop": "packets dropped on their way out of an interface",
    "tx_fifo": "frames lost because the card's transmit ring was full",
    "tx_carrier": "frames lost because the carrier went away",
}
"""By the kernel's own names (snmp_counter; the last few with an interface before them)."""


@dataclass(frozen=True, kw_only=True)
class KernelCountsFact(Fact):
    """The counters of ``MEANINGS`` from a walk's first packet to its last, and what rose of them.

    They are those of the walk's network namespace, but for softnet's, which are the machine's.
    ``seconds`` is how long was looked, ``watched`` how many of them could be read. Whatever else
    the machine did meanwhile is counted, too.
    """

    probe: ClassVar[str] = "kernel-counts"
    layer: ClassVar[int] = 0
    of_machine: ClassVar[bool] = True

    seconds: float = 0.0
    watched: int = 0
    rises: tuple[Rise, ...] = ()

    def rise(self, counter: str) -> int:
        """What one counter rose by, over all interfaces where it is one of theirs."""
        return sum(it.by for it in self.rises if it.counter.rpartition(" ")[2] == counter)

    @property
    def finding(self) -> str:
        """What rose, and what that means."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        if not self.rises:
            return f"none of {self.watched} counters of trouble rose on this machine while probing"
        told = "; ".join(f"{it.by} {_meaning(it.counter)}" for it in self.rises)
        return f"on this machine, while probing: {told}"

    @property
    def command(self) -> str:
        """The same by hand: what rose since it was asked last."""
        return "nstat; cat /proc/net/softnet_stat /proc/net/dev"


def _meaning(counter: str) -> str:
    interface, _, name = counter.rpartition(" ")
    meaning = MEANINGS.get(name, "")
    return f"{meaning} ({interface or name})" if meaning else f"of {counter}"
