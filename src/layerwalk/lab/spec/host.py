"""A machine as data: all that the lab sets up in one namespace."""

from dataclasses import dataclass

from layerwalk.lab.spec.names import NameServer
from layerwalk.lab.spec.programs import Program
from layerwalk.lab.spec.routing import Route, Rule
from layerwalk.lab.spec.services import Service
from layerwalk.lab.traffic import Crowd, Hoard, Stream, Tracked

HOSTS_FILE = "127.0.0.1 localhost\n::1 localhost\n"
NSSWITCH = "hosts: files dns\n"


@dataclass(frozen=True)
class Host:
    """A machine: its routes, rules, listeners and files. A router forwards.

    `firewall` is a ruleset for `nft -f`; `sysctls` are pairs ("net.ipv4.ip_forward", "1");
    `neighbours` are words for `ip neigh add`, `queues` lines for `tc`. `tracked` are
    connections in its connection-tracking table already; `programs` are processes of their own.
    """

    name: str
    router: bool = False
    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    firewall: str = ""
    sysctls: tuple[tuple[str, str], ...] = ()
    neighbours: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    streams: tuple[Stream, ...] = ()
    name_servers: tuple[NameServer, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    hoards: tuple[Hoard, ...] = ()
    tracked: Tracked | None = None
    programs: tuple[Program, ...] = ()
    hosts_file: str = HOSTS_FILE
    resolv_conf: str = ""
    nsswitch_conf: str = NSSWITCH
