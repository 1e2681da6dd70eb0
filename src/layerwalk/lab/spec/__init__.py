"""A network as data: what a lab builds.

Nothing here touches the machine. A fault is one network turned into another by
`Network.with_host`, `Network.with_end` and their like.
"""

from layerwalk.lab.spec.host import HOSTS_FILE, NSSWITCH, Host
from layerwalk.lab.spec.names import Answering, NameServer, Record
from layerwalk.lab.spec.network import Network
from layerwalk.lab.spec.routing import Route, RouteType, Rule
from layerwalk.lab.spec.services import Manner, Service
from layerwalk.lab.spec.wiring import FAMILIES, End, Family, Impairment, Link, family_of
from layerwalk.lab.traffic import Crowd, Stream, Tracked

__all__ = [
    "FAMILIES",
    "HOSTS_FILE",
    "NSSWITCH",
    "Answering",
    "Crowd",
    "End",
    "Family",
    "Host",
    "Impairment",
    "Link",
    "Manner",
    "NameServer",
    "Network",
    "Record",
    "Route",
    "RouteType",
    "Rule",
    "Service",
    "Stream",
    "Tracked",
    "family_of",
]
