"""What is known of a port of this machine's own: who listens, and whether the service serves.

What hangs on a service that suffers (an exhausted resource, a full queue) asks here: ``suffers``
says that a connection of our own was not served as it should be, and the others say in which way.
"""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.diagnosis.listening_view import ListeningView
from layerwalk.probes.facts import Held, IntakeFact, Outcome, ServiceFact, Unit

_LATE_S = 1.0
"""An own connection that waits so long to be accepted is late, whatever a program's patience."""

_SERVER_ERROR = 500


@dataclass(frozen=True)
class ServerView(ListeningView):
    """One address of this machine: who listens there, and how our own connection was served."""

    @property
    def service(self) -> ServiceFact | None:
        """The units that fit the port, where a service manager was asked."""
        fact = self.host.last(ServiceFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def unit(self) -> Unit | None:
        """The unit that fits best."""
        return self.service.unit if self.service else None

    @property
    def intake(self) -> IntakeFact | None:
        """What became of our own connection."""
        fact = self.host.last(IntakeFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def cut(self) -> bool:
        """Whether our own connection was stopped before it was known what becomes of it."""
        fact = self.host.last(IntakeFact)
        return fact is not None and fact.outcome is Outcome.CANCELLED

    @property
    def connects(self) -> bool:
        """Whether our own connection was made, be it only into the queue."""
        return self.intake is not None and self.intake.made

    @property
    def served_otherwise(self) -> str:
        """What else than a listener takes the port's connections; empty where nothing does."""
        if self.handed_on:
            return f"NAT hands the port on to {self.handed_on}"
        otherwise = self.connects and not self.looped
        return "connections are taken, by something else than a listener" if otherwise else ""

    @property
    def accepts(self) -> bool | None:
        """Whether the program accepted it; ``None`` where that is not known.

        A listener that waits for data before it accepts (TCP_DEFER_ACCEPT) has not had its turn.
        """
        fact = self.intake
        if fact is None or (fact.made and fact.held is not Held.QUEUE and fact.taken_s is None):
            return None
        return fact.taken_s is not None

    @property
    def late(self) -> bool:
        """Whether it was accepted, or answered, later than the failing program waits."""
        fact, limit_s = self.intake, self.host.timeout_s
        if fact is None:
            return False
        times = [fact.taken_s or 0.0, (fact.answered_s or 0.0) if limit_s else 0.0]
        return max(times) > (limit_s or _LATE_S)

    @property
    def mute(self) -> bool:
        """Whether it was made, and nothing came where something should."""
        fact = self.intake
        asked = fact is not None and (bool(fact.asked) or fact.awaited)
        return asked and self.connects and not self._answered and not self.broken_off

    @property
    def broken_off(self) -> bool:
        """Whether the other end closed or reset it and had not said anything."""
        fact = self.intake
        return fact is not None and fact.closed_s is not None and not self._answered

    @property
    def errs(self) -> bool:
        """Whether the answer is an error of the server's own (HTTP 5xx)."""
        return self.intake is not None and (self.intake.status or 0) >= _SERVER_ERROR

    @property
    def unheard(self) -> bool:
        """Whether our own SYNs to the port got no answer at all, and others wait there, too.

        Where nobody waits, rules may keep out this machine itself, and nobody else: the kernel
        answers for a service, however busy that is.
        """
        fact = self.intake
        waits = fact is not None and bool(fact.full or fact.overflows or fact.queue or fact.crowded)
        return waits and fact is not None and fact.outcome is Outcome.SILENT

    @property
    def serves_in_time(self) -> bool | None:
        """Whether our own connection was served as it should be; ``None`` where it is not known."""
        if self.intake is None or (not self.connects and not self.unheard):
            return None
        wrong = self.unheard or self.late or self.mute or self.broken_off or self.errs
        return not (wrong or self.accepts is False)

    @property
    def suffers(self) -> bool:
        """Whether it is known not to have been: late, wrongly, or not at all."""
        return self.serves_in_time is False

    @property
    def _answered(self) -> bool:
        return self.intake is not None and self.intake.answered_s is not None
