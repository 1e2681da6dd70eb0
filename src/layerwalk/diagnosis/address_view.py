"""What is known of one address: the observations that causes speak of, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from layerwalk.diagnosis.path_view import PathView
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ConnectFact,
    ControlFact,
    EchoFact,
    Evidence,
    Fact,
    FirewallFact,
    Link,
    LinksFact,
    NeighbourFact,
    Outcome,
    PathMtuFact,
    PortState,
    RouteFact,
    RouteKind,
    SynFact,
    TraceFact,
)

F = TypeVar("F", bound=Fact)

_STATES = (PortState.OPEN, PortState.CLOSED, PortState.REJECTED, PortState.LOCAL, PortState.SILENT)
_ERRNOS = {"ECONNREFUSED": PortState.CLOSED, "EHOSTUNREACH": PortState.REJECTED}


@dataclass(frozen=True)
class AddressView:
    """All evidence of one address, and what it amounts to."""

    address: str
    port: int | None
    evidence: tuple[Evidence, ...]

    def all(self, kind: type[F]) -> Iterator[tuple[str, F]]:
        """Every fact of a kind with its id, in the order of arrival."""
        return ((e.id, e.fact) for e in self.evidence if isinstance(e.fact, kind))

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of a kind."""
        found = [fact for _, fact in self.all(kind)]
        return found[-1] if found else None

    def ids(self, *kinds: type[Fact]) -> tuple[str, ...]:
        """The ids of all measured facts of these kinds."""
        return tuple(
            e.id for e in self.evidence if isinstance(e.fact, kinds) and e.fact.outcome.measured
        )

    # This machine's side

    @property
    def route(self) -> RouteFact | None:
        """The route to the address."""
        return self.last(RouteFact)

    @property
    def has_way_out(self) -> bool:
        """Whether the kernel has a usable route."""
        return self.route is not None and self.route.outcome is Outcome.ANSWERED

    @property
    def links(self) -> tuple[Link, ...]:
        """This machine's interfaces."""
        fact = self.last(LinksFact)
        return fact.links if fact else ()

    @property
    def link(self) -> Link | None:
        """The interface that the route uses."""
        name = self.route.interface if self.route else ""
        return next((link for link in self.links if link.name == name), None)

    @property
    def neighbour(self) -> NeighbourFact | None:
        """What the next hop answered on the link."""
        return self.last(NeighbourFact)

    @property
    def firewall(self) -> FirewallFact | None:
        """What the local rules say."""
        return self.last(FirewallFact)

    @property
    def is_local(self) -> bool:
        """Whether the address is this machine's own."""
        return self.route is not None and self.route.kind is RouteKind.LOCAL

    # The port

    @cached_property
    def syns(self) -> tuple[SynFact, ...]:
        """The looks at the port that were really taken."""
        return tuple(f for _, f in self.all(SynFact) if f.outcome.measured)

    @property
    def connect(self) -> ConnectFact | None:
        """The real connection attempt, if it was made."""
        fact = self.last(ConnectFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def connects(self) -> bool:
        """Whether a real connection came about."""
        return self.connect is not None and self.connect.outcome is Outcome.ANSWERED

    @cached_property
    def syn_state(self) -> PortState:
        """The port by SYNs alone: the best that any look has seen."""
        states = {fact.state for fact in self.syns}
        return next((state for state in _STATES if state in states), PortState.UNKNOWN)

    @cached_property
    def port_state(self) -> PortState:
        """The port by SYNs, and where they may not be sent, by the real connection."""
        if self.syns:
            return self.syn_state
        if self.connect is None:
            return PortState.UNKNOWN
        if self.connects:
            return PortState.OPEN
        silent = self.connect.outcome is Outcome.SILENT
        return PortState.SILENT if silent else _ERRNOS.get(self.connect.errno, PortState.UNKNOWN)

    @cached_property
    def silence_is_sure(self) -> bool:
        """Whether the port was silent for as long as it takes to believe it."""
        return any(fact.last_look and fact.state is PortState.SILENT for fact in self.syns)

    @property
    def syn_answers(self) -> tuple[Answer, ...]:
        """Everything that came back for SYNs to the port that could arrive."""
        return tuple(a for fact in self.syns for a in fact.answers if not self._by_us(a))

    # The host

    @property
    def echo(self) -> EchoFact | None:
        """The echoes, if they were sent."""
        fact = self.last(EchoFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def control(self) -> ControlFact | None:
        """The other ports, if they were tried."""
        fact = self.last(ControlFact)
        return fact if fact and fact.outcome.measured else None

    @cached_property
    def other_answers(self) -> tuple[Answer, ...]:
        """All answers to probes other than SYNs to the port, sent to arrive."""
        answers = [*self.echo.answers] if self.echo else []
        if self.control:
            answers += [a for fact in self.control.ports for a in fact.answers]
            answers += self.control.udp
        return tuple(answer for answer in answers if not self._by_us(answer))

    def _by_us(self, answer: Answer) -> bool:
        """Whether this machine's own kernel reports a failure, and nobody on the network."""
        own = self.route.source.partition("%")[0] if self.route else ""
        return not self.is_local and answer.is_icmp_error and answer.responder == own

    @cached_property
    def alive(self) -> tuple[Answer, ...]:
        """Answers by the host itself to anything but the port."""
        traced = (a for _, a in self.path.answered() if a.kind is not AnswerKind.TIME_EXCEEDED)
        others = (*self.other_answers, *(a for a in traced if a.kind is not AnswerKind.RST))
        return tuple(a for a in others if a.responder == self.bare)

    @cached_property
    def heard_nothing(self) -> bool:
        """Whether nobody at all, neither host nor router, has answered anything."""
        return not (self.alive or self.other_answers or self.syn_answers or self.path.expired())

    @property
    def bare(self) -> str:
        """The address without a scope, as it stands in packets."""
        return self.address.partition("%")[0]

    @cached_property
    def path(self) -> PathView:
        """The path, by all traces."""
        traces = tuple(f for _, f in self.all(TraceFact) if f.outcome.measured)
        return PathView(self.bare, self.route.source if self.route else "", traces)

    @property
    def path_mtu(self) -> PathMtuFact | None:
        """How large packets may be, if that was measured."""
        fact = self.last(PathMtuFact)
        return fact if fact and fact.outcome.measured else None
