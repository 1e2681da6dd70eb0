"""What becomes of packets on this machine and its link: reason enough to look no further."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.probes.facts import ReversePathFact


def goes_astray(host: AddressView) -> bool:
    """Whether now one and now another machine gets the packets, and they lead elsewhere.

    What gets lost then, and at which pace, says nothing of the way beyond.
    """
    return host.neighbour is not None and host.neighbour.divides


def answers_end_here(host: AddressView) -> bool:
    """Whether a rule of this machine's drops the answers for certain, or its reverse path filter.

    What the target does with connections does not show in those that come to nothing, then.
    """
    if host.connects:
        return False
    ruled = host.firewall is not None and host.firewall.decisive("in", "drop") is not None
    counted = host.last(ReversePathFact)
    filtered = counted is not None and counted.outcome.measured and counted.drops_answers
    return ruled or (filtered and counted is not None and counted.dropped >= counted.sent)
