"""What is known of the way out of this machine: route, link, next hop, local rules."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.diagnosis.evidence_view import EvidenceView
from layerwalk.probes.facts import (
    Answer,
    DropReasonsFact,
    FirewallFact,
    Link,
    LinksFact,
    NeighbourFact,
    Outcome,
    RouteFact,
    RouteKind,
    RuleTraceFact,
    TrackingFact,
)


@dataclass(frozen=True)
class WayOut(EvidenceView):
    """This machine's own part."""

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
    def drop_reasons(self) -> frozenset[str]:
        """Why this machine's kernel dropped as many packets as were sent, where it told."""
        fact = self.last(DropReasonsFact)
        return fact.names if fact and fact.outcome.measured else frozenset()

    @property
    def rule_trace(self) -> RuleTraceFact | None:
        """What the kernel's own trace says of the local rules, if it was asked."""
        fact = self.last(RuleTraceFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def tracking(self) -> TrackingFact | None:
        """How full this machine's table of tracked connections is, if that was looked at."""
        fact = self.last(TrackingFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def leaves(self) -> bool:
        """Whether packets can leave at all: a route, on a link that is up."""
        if not self.has_way_out or not self.links:
            return False
        link = self.link
        return self.is_local or link is None or (link.up and link.carrier is not False)

    @property
    def is_local(self) -> bool:
        """Whether the address is this machine's own."""
        return self.route is not None and self.route.kind is RouteKind.LOCAL

    def by_us(self, answer: Answer) -> bool:
        """Whether this machine's own kernel reports a failure, and nobody on the network."""
        own = self.route.source.partition("%")[0] if self.route else ""
        return not self.is_local and answer.is_icmp_error and answer.responder == own
