"""The kernel's links, addresses, routes, rules, neighbours and queues: rtnetlink(7).

Nothing goes on the wire, and no rights are needed. The kernel of the calling thread's network
namespace is asked; ``Origin.enter`` brings a thread into another one. A walk asks it before
anything else, so the little that is asked is read here: a library for all of netlink takes longer
to load than a healthy walk's first answer to come.
"""

from layerwalk.probes.rtnetlink.asking import Rtnetlink
from layerwalk.probes.rtnetlink.attributes import Attributes
from layerwalk.probes.rtnetlink.local import AddressMessage, LinkMessage, NeighbourMessage, Queue
from layerwalk.probes.rtnetlink.ways import RouteMessage, RuleMessage

__all__ = [
    "AddressMessage",
    "Attributes",
    "LinkMessage",
    "NeighbourMessage",
    "Queue",
    "RouteMessage",
    "Rtnetlink",
    "RuleMessage",
]
