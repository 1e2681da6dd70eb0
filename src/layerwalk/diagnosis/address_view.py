"""What is known of one address: the observations that causes speak of, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.path_view import PathView
from layerwalk.diagnosis.port_view import PortView
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    ControlFact,
    EchoFact,
    HopLossFact,
    Outcome,
    PathMtuFact,
    Refusal,
    TraceFact,
    TraceKind,
    Try,
)


@dataclass(frozen=True)
class AddressView(PortView):
    """The way out, the port, and here the host itself and the path to it."""

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

    @property
    def answering_port(self) -> int:
        """Another port that answers SYNs, 0 where none is known."""
        ports = self.control.ports if self.control else ()
        own = (f.port for f in ports if any(a.responder == self.bare for a in f.answers))
        return next(own, 0)

    @cached_property
    def other_answers(self) -> tuple[Answer, ...]:
        """All answers to probes other than SYNs to the port, sent to arrive."""
        answers = [*self.echo.answers] if self.echo else []
        if self.control:
            answers += [a for fact in self.control.ports for a in fact.answers]
            answers += self.control.udp
        if self.scan:
            answers += self.scan.answers
        if self.options:
            every = (a for it in self.options.variants for a in it.answers)
            answers += [a for a in every if a.kind is not AnswerKind.RST]  # forged, perhaps
        return tuple(answer for answer in answers if not self.by_us(answer))

    @cached_property
    def alive(self) -> tuple[Answer, ...]:
        """Answers by the host itself to anything but the looks at the port."""
        traced = (a for _, a in self.path.answered())
        opened = AnswerKind.SYN_ACK
        tries = (t.answer for flow in self.flows.flows for t in flow.tries) if self.flows else ()
        flows = (answer for answer in tries if answer and answer.kind is opened)
        others = (*self.other_answers, *(a for a in traced if a.kind is not AnswerKind.RST), *flows)
        return tuple(a for a in others if a.arrived(self.bare))

    @cached_property
    def heard_nothing(self) -> bool:
        """Whether nobody at all, neither host nor router, has answered anything."""
        return not (self.alive or self.other_answers or self.syn_answers or self.path.expired())

    @property
    def next_hop_is_dead(self) -> bool:
        """Whether the next hop stays silent on the link, and nothing else was heard either."""
        neighbour = self.neighbour
        silent = neighbour is not None and neighbour.outcome is Outcome.SILENT
        return silent and self.heard_nothing

    @property
    def works(self) -> bool:
        """Whether a program gets its connection, or without a port any sign of life."""
        return self.connects if self.port is not None else bool(self.alive)

    @property
    def fails(self) -> bool:
        """Whether it is known that a program would not get it; not measured is not known."""
        if self.works or self.stuck:
            return not self.works
        if self.port is None:
            return any(answer.refusal is not None for answer in self.other_answers)
        return self.connect is not None or self.port_is_dead or self.path_has_spoken

    @property
    def stuck(self) -> bool:
        """Whether packets do not even get past the next hop."""
        known = self.route is not None and self.route.outcome.measured and bool(self.links)
        return (known and not self.leaves) or self.next_hop_is_dead

    @property
    def path_has_spoken(self) -> bool:
        """Whether a router says why nothing arrives, and nothing suggests that the rest does."""
        if self.alive or self.connects or any(fact.refused_locally for fact in self.syns):
            return False
        of_syns = {
            a.refusal for a in self.syn_answers if a.refusal is not Refusal.HOST or a.looked_first
        }
        said = {*of_syns, *(answer.refusal for answer in self.other_answers)}
        return bool(self.path.loop) or bool(said - {None})

    @property
    def is_reported_absent(self) -> bool:
        """Whether a router says that nobody has the address."""
        answers = (*self.syn_answers, *self.other_answers)
        return any(answer.refusal is Refusal.HOST for answer in answers)

    @property
    def hop_loss(self) -> HopLossFact | None:
        """What each hop answered when it was asked again and again."""
        fact = self.last(HopLossFact)
        return fact if fact and fact.outcome.measured else None

    @cached_property
    def path(self) -> PathView:
        """The path, by all traces."""
        traces = tuple(f for _, f in self.all(TraceFact) if f.outcome.measured)
        way = self.route
        on_link = way is not None and self.has_way_out and not way.gateway
        if self.hop_loss:
            traces += (_asked_again(self.hop_loss, self.bare),)
        return PathView(self.bare, way.source if way else "", traces, on_link=on_link)

    @property
    def path_mtu(self) -> PathMtuFact | None:
        """How large packets may be, if that was measured."""
        fact = self.last(PathMtuFact)
        return fact if fact and fact.outcome.measured else None


def _asked_again(fact: HopLossFact, target: str) -> TraceFact:
    """Write what expired at each hop as a trace of its own."""
    heard = [hop for hop in fact.hops if hop.expired]
    kinds = {True: AnswerKind.ECHO_REPLY, False: AnswerKind.TIME_EXCEEDED}
    tries = tuple(
        Try(
            hop=it.hop,
            kind=TraceKind.ICMP,
            answer=Answer(
                kind=kinds[it.address == target],
                responder=it.address,
                hop=it.hop,
                rtt_s=it.best_s or 0.0,
            ),
            again=True,
        )
        for it in heard
    )
    return TraceFact(outcome=Outcome.ANSWERED, address=fact.address, tries=tries)
