"""Who listens on a port of this machine's own, and whether that is where clients come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.own_addresses import home
from layerwalk.probes.facts import Link, Listener, ListenersFact


@dataclass(frozen=True)
class ListeningView:
    """One address of this machine, and the listeners of the port that is walked to."""

    host: AddressView

    @property
    def listeners(self) -> ListenersFact | None:
        """Who listens on the port, at whatever address, where that could be seen."""
        fact = self.host.last(ListenersFact)
        return fact if fact and fact.outcome.measured else None

    @cached_property
    def taking(self) -> tuple[Listener, ...]:
        """The listeners that take connections to the address, the one bound closest first."""
        found = self.listeners.taking(self.host.bare) if self.listeners else ()
        fitting = (one for one in found if self._is_met_here(one))
        return tuple(sorted(fitting, key=lambda one: one.everywhere))

    @property
    def elsewhere(self) -> tuple[Listener, ...]:
        """The port's listeners that do not."""
        every = self.listeners.listeners if self.listeners else ()
        return tuple(one for one in every if one not in self.taking)

    @property
    def looped(self) -> bool:
        """Whether a listener bound to loopback takes what this machine itself sends there."""
        inner = {link.name for link in self.host.links if link.loopback}
        found = (one for one in self.elsewhere if one.interface in inner)
        return any(one.takes(self.host.bare) for one in found)

    @property
    def listens(self) -> bool | None:
        """Whether somebody takes connections to the address; ``None`` where it is not known."""
        return None if self.listeners is None else bool(self.taking)

    @property
    def owner(self) -> str:
        """The process that accepts, as a person names it; empty where it was not seen."""
        return next((one.owner for one in self.taking if one.owner), "")

    @property
    def handed_on(self) -> str:
        """Where NAT sends a client's connection instead; empty where it is not known to."""
        rules = self.host.firewall
        return rules.handed_on if rules and rules.outcome.measured else ""

    @property
    def home(self) -> Link | None:
        """The interface that has the address."""
        return home(self.host.links, self.host.address)

    def _is_met_here(self, one: Listener) -> bool:
        """Whether a listener that is bound to an interface is met by who comes to the address."""
        own = self.home
        return one.interface in {"", own.name if own else "", own.master if own else ""}
