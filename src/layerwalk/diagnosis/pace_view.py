"""What is known of when and how fast the port takes SYNs, and of what it does with handshakes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.syn_models import Fit, Schedule, fitted
from layerwalk.diagnosis.syn_view import SynView
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    FlowsFact,
    HandshakeFact,
    Outcome,
    PortState,
    StrayAckFact,
    SynPaceFact,
)

_MUCH = 0.9
_TRIPS = 3
"""Neighbours may have to be found first, there and back."""

_AT_ONCE_S = 0.05
"""Sooner than a look at the port sends its second SYN."""


@dataclass(frozen=True)
class PaceView(SynView):
    """The SYNs of this walk by their time, and what became of those that were answered."""

    @property
    def pace(self) -> SynPaceFact | None:
        """How SYNs at several paces fare, if that was tried."""
        fact = self.last(SynPaceFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def handshake(self) -> HandshakeFact | None:
        """What the target makes of a connection, if that was asked."""
        fact = self.last(HandshakeFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def stray_ack(self) -> StrayAckFact | None:
        """What the silent port answers to an ACK of no connection, if one was sent."""
        fact = self.last(StrayAckFact)
        return fact if fact and fact.outcome.measured else None

    @cached_property
    def fit(self) -> Fit | None:
        """What decides about SYNs: chance, their rate, or the time; ``None`` where none fails."""
        if self.pace is None or not self.pace.schedule:
            return None
        alone = fitted(self.pace.schedule)
        return alone if alone and alone.decided_by else fitted(self.schedule) or alone

    @property
    def only_the_port_suffers(self) -> bool:
        """Whether it is no chance that decides about SYNs, or other packets are hardly lost."""
        if self.fit is not None and self.fit.decided_by:
            return True
        return self.pace is not None and self.pace.failed.rate > _MUCH and self.pace.spares_others

    @cached_property
    def schedule(self) -> Schedule:
        """When SYNs of one sort were sent, and which were answered: many at once, then by pace."""
        found: list[tuple[float, bool]] = []
        for evidence in self.evidence:
            fact = evidence.fact
            if isinstance(fact, FlowsFact) and fact.outcome.measured:
                firsts = [flow.tries[0] for flow in fact.flows if flow.tries]
                burst = [(it.sent_s, _is_syn_ack(it.answer)) for it in firsts]
                found += [(evidence.started_s + when, worked) for when, worked in burst]
            if isinstance(fact, SynPaceFact) and fact.outcome.measured:
                found += [(evidence.started_s + when, worked) for when, worked in fact.schedule]
        return tuple(sorted(found))

    @property
    def some_syns_fail(self) -> bool:
        """Whether of SYNs that should be answered alike some were, and others were not.

        On a slow path a look may end, or send again, before any answer can be there.
        """
        tallies = self.loss.tallies if self.loss else ()
        lost = any(it.kind == "SYN" and 0 < it.answered < it.sent for it in tallies)
        quick = self.trip_s < _AT_ONCE_S
        late = quick and any(f.sent > 1 and f.state is PortState.OPEN for f in self.syns)
        enough_s = _TRIPS * self.trip_s
        silent = any(f.state is PortState.SILENT and f.waited_s >= enough_s for f in self.syns)
        return lost or late or silent or self._flows_fail or self.unanswered_again

    @property
    def trip_s(self) -> float:
        """The shortest round trip of a SYN that was answered, or of the sample; 0 of none."""
        own = [answer.rtt_s for fact in self.syns for answer in fact.answers]
        own += [it.trips.best_s for it in self.loss.usable if it.trips] if self.loss else []
        return min(own, default=0.0)

    @property
    def _flows_fail(self) -> bool:
        """Whether of many SYNs at once any got something else than a SYN-ACK."""
        tries = [one for flow in self.flows.flows for one in flow.tries] if self.flows else []
        return any(not _is_syn_ack(one.answer) for one in tries)

    @property
    def unanswered_again(self) -> bool:
        """Whether a second connection was not even answered."""
        return self.handshake is not None and self.handshake.outcome is Outcome.SILENT


def _is_syn_ack(answer: Answer | None) -> bool:
    return answer is not None and answer.kind is AnswerKind.SYN_ACK
