"""Whether this machine's connection tracking keeps new connections from being made."""

from __future__ import annotations

from layerwalk.diagnosis.port_view import PortView


def kept_back(host: PortView) -> int:
    """How many SYNs to the port certainly never left this machine, as far as that was counted."""
    by_counters = host.counters.unsent if host.counters and host.keeps_back else 0
    return max(sum(fact.refused_locally for fact in host.syns), by_counters)


def full_table_drops(host: PortView) -> bool:
    """Whether a full table drops at least as many packets as never left, and some never did.

    Tracking comes before the rules that filter (NF_IP_PRI_CONNTRACK), so that none of them is met.
    """
    fact = host.tracking
    unsent = kept_back(host)
    return fact is not None and fact.drops and 0 < unsent <= (fact.dropped or 0)
