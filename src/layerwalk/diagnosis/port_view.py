"""What is known of the port: by SYNs, and by a real connection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.pace_view import PaceView
from layerwalk.probes.facts import (
    NO_PORT,
    Answer,
    AnswerKind,
    ConnectFact,
    CountersFact,
    FirewallFact,
    Outcome,
    PortState,
    Refusal,
)

_STATES = (PortState.OPEN, PortState.CLOSED, PortState.REJECTED, PortState.LOCAL, PortState.SILENT)
_SAMPLED = {str(AnswerKind.SYN_ACK): PortState.OPEN, str(AnswerKind.RST): PortState.CLOSED}
_PATIENCE_S = 2.0
"""Where nobody says how long the program waits."""

_ERRNOS = {"ECONNREFUSED": PortState.CLOSED, "EHOSTUNREACH": PortState.REJECTED}


@dataclass(frozen=True)
class PortView(PaceView):
    """The port that the failing program wants."""

    @property
    def connect(self) -> ConnectFact | None:
        """The real connection, the quickest of several; the last attempt where none was made."""
        made = [fact for fact in self.connections if fact.outcome is Outcome.ANSWERED]
        if made:
            return min(made, key=lambda fact: fact.waited_s)
        return self.connections[-1] if self.connections else None

    @cached_property
    def connections(self) -> tuple[ConnectFact, ...]:
        """Every real attempt, in its order."""
        return tuple(f for _, f in self.all(ConnectFact) if f.outcome.measured)

    @property
    def connects(self) -> bool:
        """Whether a real connection came about."""
        return self.connect is not None and self.connect.outcome is Outcome.ANSWERED

    @property
    def lags(self) -> bool:
        """Whether even the quickest connection took half of what a program waits, or a second."""
        made = self.connect if self.connects else None
        return made is not None and made.waited_s >= (self.timeout_s or _PATIENCE_S) / 2

    @property
    def lacks_port(self) -> bool:
        """Whether connect() found no source port to connect from."""
        return self.connect is not None and self.connect.errno == NO_PORT

    @cached_property
    def syn_state(self) -> PortState:
        """The port by SYNs alone: the best that any look has seen."""
        states = {fact.state for fact in self.syns}
        if self.loss and self.loss.syn_answer:
            states.add(_SAMPLED[self.loss.syn_answer])
        if self.pace and self.pace.good:
            states.add(_SAMPLED[str(self.pace.good)])
        if self.options and self.options.kernels.passes:
            states.add(self.options.kernels.state)
        if self.flows and self.flows.good:
            states.add(_SAMPLED[str(self.flows.good)])
        return next((state for state in _STATES if state in states), PortState.UNKNOWN)

    @cached_property
    def port_state(self) -> PortState:
        """The port by a real connection that is made, else by SYNs, else by one that is not.

        SYNs of our own go without an answer where this machine's NAT translates it back too late
        for a packet socket to know it: there a connection that is reset says more.
        """
        if self.connects:
            return PortState.OPEN
        reset = self.connect is not None and self.connect.outcome is Outcome.REFUSED
        by_nat = reset and bool(self.handed_on) and self.syn_state is PortState.SILENT
        if not by_nat and (self.syn_state is not PortState.UNKNOWN or self.syns):
            return self.syn_state
        if self.connect is None:
            return PortState.UNKNOWN
        silent = self.connect.outcome is Outcome.SILENT
        return PortState.SILENT if silent else _ERRNOS.get(self.connect.errno, PortState.UNKNOWN)

    @property
    def handed_on(self) -> str:
        """Where this machine's NAT sends the connection instead; empty where it is not known to."""
        rules = self.last(FirewallFact)
        return rules.handed_on if rules and rules.outcome.measured else ""

    @cached_property
    def silence_is_sure(self) -> bool:
        """Whether the port was silent for as long as it takes to believe it."""
        return any(fact.last_look and fact.state is PortState.SILENT for fact in self.syns)

    @property
    def counters(self) -> CountersFact | None:
        """What this machine's own counters say, if they were watched."""
        fact = self.last(CountersFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def keeps_back(self) -> bool:
        """Whether this machine itself does not let SYNs to the port out."""
        return self.counters is not None and self.counters.keeps_back

    @cached_property
    def refused_by_us(self) -> bool:
        """Whether this machine's own kernel answered a SYN in the target's place: a local rule.

        A next hop that is missing makes it say "host unreachable", and only that.
        """
        final = {Refusal.PORT, Refusal.PROHIBITED}
        answers = (answer for fact in self.syns for answer in fact.answers)
        return any(self.by_us(answer) and answer.refusal in final for answer in answers)

    @property
    def port_is_dead(self) -> bool:
        """Whether SYNs alone tell that no connection can be made."""
        shut = self.syn_state in {PortState.CLOSED, PortState.REJECTED, PortState.LOCAL}
        return shut or self.silence_is_sure

    @property
    def syn_answers(self) -> tuple[Answer, ...]:
        """Everything that came back for SYNs to the port that could arrive, connect()'s too."""
        answers = [answer for fact in self.syns for answer in fact.answers]
        if self.connect and self.connect.report:
            answers.append(self.connect.report)
        return tuple(answer for answer in answers if not self.by_us(answer))
