"""The whole walk: the name, and one view for each address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.own_addresses import own_addresses
from layerwalk.diagnosis.shortcomings import falls_short
from layerwalk.probes.facts import (
    AS_CLIENT,
    ErrorLineFact,
    Evidence,
    Fact,
    NeighbourFact,
    Outcome,
    PortsAsked,
    ResolveFact,
    RouteFact,
    Standpoint,
    Target,
    Unmeasured,
    family_of,
)

MOST_ADDRESSES = 16
"""How many of a name's addresses are tried."""

_IN_FULL, _MORE_IN_FULL = 4, 2
"""How many are walked with every probe, and how many more of those that turn out to fail.

None more where as many of the first fail already: the walk has its bounds.
"""


@dataclass(frozen=True)
class WalkView:
    """Target and evidence, sorted by what they are about.

    ``timeout_s`` is how long the failing program waits for its connection, ``complaint`` what it
    said, ``ports`` which ports a person wants to know of besides; each is ``None`` where nobody
    told. ``asked`` are the options by which a person says where the walk comes from, as typed;
    ``unheard`` the nameservers while all have been silent for some time and may yet answer;
    ``standpoint`` is the end of the connection that this machine is, ``pid`` the process on it that
    a person names.
    """

    target: Target
    evidence: tuple[Evidence, ...]
    timeout_s: float | None = None
    complaint: Complaint | None = None
    asked: str = ""
    ports: PortsAsked | None = None
    unheard: tuple[str, ...] = ()
    standpoint: Standpoint = AS_CLIENT
    pid: int | None = None
    traces_rules: bool = False

    @cached_property
    def resolve(self) -> tuple[str, ResolveFact] | None:
        """The look-up with its id, where the target is a name."""
        found = [(e.id, e.fact) for e in self.evidence if isinstance(e.fact, ResolveFact)]
        return found[-1] if found else None

    @cached_property
    def resolved(self) -> bool:
        """Whether the name's look-up has ended, one way or another."""
        crashed = any(
            isinstance(e.fact, Unmeasured) and e.fact.name == "resolve" for e in self.evidence
        )
        return crashed or self.resolve is not None

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that are tried, in the system's order."""
        return self._every[:MOST_ADDRESSES]

    @property
    def untried(self) -> tuple[str, ...]:
        """The addresses beyond those."""
        return self._every[MOST_ADDRESSES:]

    @cached_property
    def _every(self) -> tuple[str, ...]:
        if self.standpoint.serves:
            return own_addresses(self.target, self.standpoint.client, self.evidence)
        if self.target.address is not None:
            return (self.target.host,)
        if self.resolve is None:
            return ()
        found = self.resolve[1].addresses
        return _with_room(found, [it for it in self.given if it not in found])

    @property
    def given(self) -> tuple[str, ...]:
        """The addresses that the error line has for the name."""
        lines = [e.fact for e in self.evidence if isinstance(e.fact, ErrorLineFact)]
        return lines[0].addresses if lines else ()

    @cached_property
    def in_full(self) -> tuple[str, ...]:
        """The addresses that are walked with every probe, until it is known what is wrong.

        The rest is only glanced at, which tells whether it works: many addresses stay polite.
        """
        first, beyond = self.addresses[:_IN_FULL], self.addresses[_IN_FULL:]
        enough = len({*first} & {*self._fall_short}) > _MORE_IN_FULL
        more = [a for a in self._fall_short if a in beyond and not enough]
        rivals = [a for a in self._fall_short if a in self.rivals]
        return (*first, *more[:_MORE_IN_FULL], *rivals[:_MORE_IN_FULL])

    @cached_property
    def _fall_short(self) -> tuple[str, ...]:
        """What something is wrong with, in the order in which that came to light."""
        wrong = (e for e in self.evidence if falls_short(e.fact, port=self.target.port))
        return tuple(dict.fromkeys(address for e in wrong for address in _subjects(e)))

    @cached_property
    def rivals(self) -> tuple[str, ...]:
        """The addresses that DNS has, where the hosts file gives another that falls short."""
        if self.resolve is None:
            return ()
        fact = self.resolve[1]
        lines = fact.overriding
        wrong = any(e.address in self._fall_short or self.of(e.address).stuck for e in lines)
        own = [a for a in fact.dns_addresses if a not in self.addresses]
        return tuple(own[:_IN_FULL]) if wrong else ()

    @cached_property
    def hosts(self) -> tuple[AddressView, ...]:
        """One view for each address that programs would really try.

        An address of a family that this machine has no route for is none, where another has one.
        """
        every = tuple(self.of(address) for address in self.addresses)
        routed = {family_of(host.address) for host in every if host.has_way_out}
        tried = tuple(host for host in every if family_of(host.address) in routed)
        return tuple(_with_spares(tried or every))

    @cached_property
    def rival_hosts(self) -> tuple[AddressView, ...]:
        """One view for each of them."""
        return tuple(self.of(address) for address in self.rivals)

    def of(self, address: str, port: int | None = None) -> AddressView:
        """The evidence of one address: its own, and what holds for the whole machine.

        The gateway's silence is everybody's who goes by it; that takes some seconds to know.
        """
        own = [e.fact for e in self.evidence if _about(e, address)]
        gateway = next((fact.gateway for fact in own if isinstance(fact, RouteFact)), "")
        if any(isinstance(fact, NeighbourFact) for fact in own):
            gateway = ""
        chosen = tuple(
            e for e in self.evidence if _about(e, address) or _is_neighbour(e.fact, gateway)
        )
        number = self.target.port if port is None else port
        return AddressView(address, number, chosen, self.timeout_s, standpoint=self.standpoint)

    @property
    def asks_in_vain(self) -> bool:
        """Whether the name has no address because no nameserver answers anything."""
        if self.resolve is None:
            return False
        fact = self.resolve[1]
        return not fact.addresses and all(
            server.outcome is not Outcome.ANSWERED for server in fact.nameservers
        )

    @cached_property
    def silent_nameservers(self) -> tuple[AddressView, ...]:
        """A view for each nameserver, where all are silent, be it only so far."""
        if not self.resolved:
            return tuple(self.of(server, 53) for server in self.unheard)
        return self.nameservers if self.asks_in_vain else ()

    @cached_property
    def nameservers(self) -> tuple[AddressView, ...]:
        """A view for each nameserver that was asked in vain."""
        if self.resolve is None:
            return ()
        return tuple(self.of(n.server, 53) for n in self.resolve[1].nameservers)


def _with_room(found: tuple[str, ...], given: list[str]) -> tuple[str, ...]:
    """Put addresses that a person gave among those that are tried, however many there are."""
    kept = max(0, MOST_ADDRESSES - len(given))
    return (*found[:kept], *given, *found[kept:])


def _is_neighbour(fact: Fact, gateway: str) -> bool:
    return isinstance(fact, NeighbourFact) and fact.gateway and fact.address == gateway


def _with_spares(hosts: Iterable[AddressView]) -> Iterable[AddressView]:
    """Mark the addresses behind the first that takes the connection."""
    taken = False
    for host in hosts:
        yield replace(host, spare=True) if taken else host
        taken = taken or host.connects


def _about(evidence: Evidence, address: str) -> bool:
    return evidence.fact.of_machine or address in _subjects(evidence)


def _subjects(evidence: Evidence) -> Iterable[str]:
    fact = evidence.fact
    if isinstance(fact, NeighbourFact):
        return (fact.destination,)
    names = ("destination", "target", "address", "subject")
    return tuple(str(getattr(fact, name)) for name in names if hasattr(fact, name))
