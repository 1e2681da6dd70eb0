"""Who listens on this machine: on the port that is walked to, and what else its process holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import family_of

_ANY = {"0.0.0.0", "::"}
_DIGITS = frozenset("0123456789abcdef")


def shortened(container: str) -> str:
    """Write a container as its tools do: twelve digits of many, or its name."""
    digits = len(container) == 64 and set(container) <= _DIGITS
    return container[:12] if digits else container


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A process that has a socket open, with its systemd unit and container where it has one."""

    pid: int
    name: str
    unit: str = ""
    container: str = ""

    @property
    def words(self) -> str:
        """The process as a person names it."""
        named = bool(self.container) and self.container in self.unit  # a scope that is called so
        unit = "" if named else self.unit
        lodged = f"container {shortened(self.container)}" if self.container else ""
        said = [f"pid {self.pid}", *(it for it in (unit, lodged) if it)]
        return f"{self.name} ({', '.join(said)})"


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A listening TCP socket.

    ``versions`` are the IP versions that it takes connections of. ``queue`` is how many connections
    wait to be accepted and ``limit`` how many may; the kernel stops at one above it. Its socket is
    bound to ``interface`` alone, where one is named. ``holders`` are the processes that can accept.
    """

    address: str
    port: int
    versions: tuple[int, ...]
    queue: int = 0
    limit: int | None = None
    interface: str = ""
    holders: tuple[Holder, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether it is bound to no address of its own."""
        return self.address in _ANY

    @property
    def on_loopback(self) -> bool:
        """Whether nobody outside this machine can get to it."""
        return self.interface == "lo" or ip_address(self.address.partition("%")[0]).is_loopback

    @property
    def overflows(self) -> bool:
        """Whether its queue takes no more."""
        return self.limit is not None and self.queue > self.limit

    def takes(self, address: str) -> bool:
        """Whether it takes connections to an address, as far as addresses decide."""
        if self.everywhere:
            return family_of(address) in self.versions
        return self.address.partition("%")[0] == address.partition("%")[0]

    @property
    def place(self) -> str:
        """Where it listens, as ss(8) writes it."""
        device = f"%{self.interface}" if self.interface else ""
        bare = f"[{self.address}]" if ":" in self.address else self.address
        return f"{bare}{device}:{self.port}"

    @property
    def owner(self) -> str:
        """Who accepts, or nothing where that could not be seen."""
        return self.holders[0].words if self.holders else ""


@dataclass(frozen=True, kw_only=True)
class ListenersFact(Fact):
    """Who listens on a port of this machine, at whatever address.

    ``datagrams`` are the UDP sockets on the same port. ``pid`` and ``process`` name the process
    that the walk was told of, ``others`` are the ports that it listens on besides. ``unseen`` says
    that this user may not see which process some socket belongs to.
    """

    probe: ClassVar[str] = "listeners"
    layer: ClassVar[int] = 4
    of_machine: ClassVar[bool] = True

    port: int
    listeners: tuple[Listener, ...] = ()
    datagrams: tuple[str, ...] = ()
    pid: int | None = None
    process: str = ""
    others: tuple[Listener, ...] = ()
    unseen: bool = False

    def taking(self, address: str) -> tuple[Listener, ...]:
        """Those that take connections to an address."""
        return tuple(one for one in self.listeners if one.takes(address))

    @property
    def finding(self) -> str:
        """Who listens where."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        said = [f"on port {self.port}: {listed(self.listeners) or 'nobody listens'}"]
        if self.datagrams:
            said.append(f"over UDP {', '.join(self.datagrams)}")
        if self.pid is not None and self.others:
            name = self.process or "process"
            said.append(f"{name} (pid {self.pid}) listens on {listed(self.others, owned=False)}")
        return "; ".join(said)

    @property
    def command(self) -> str:
        """The listeners of the port, with their processes and queues."""
        return f"ss -Hltnp 'sport = :{self.port}'"


def listed(listeners: Iterable[Listener], *, owned: bool = True) -> str:
    """Write listeners in one line, those of the same process together."""
    every = tuple(listeners)
    if not owned:
        return ", ".join(dict.fromkeys(one.place for one in every))
    owners = dict.fromkeys(one.owner for one in every)
    told = []
    for owner in owners:
        places = dict.fromkeys(_place(one) for one in every if one.owner == owner)
        told.append(f"{owner or 'a process'} on {', '.join(places)}")
    return "; ".join(told)


def listening(listeners: Iterable[Listener]) -> str:
    """Write as a sentence who listens where: ``nginx (pid 7) listens on 127.0.0.1:80``."""
    every = tuple(listeners)
    owners = dict.fromkeys(one.owner for one in every)
    return "; ".join(
        f"{owner or 'a process'} listens on "
        + ", ".join(dict.fromkeys(one.place for one in every if one.owner == owner))
        for owner in owners
    )


def _place(one: Listener) -> str:
    waiting = f" ({one.queue} waiting, room for {one.limit})" if one.queue and one.limit else ""
    alone = " for IPv6 alone" if one.address == "::" and one.versions == (6,) else ""
    return f"{one.place}{alone}{waiting}"
