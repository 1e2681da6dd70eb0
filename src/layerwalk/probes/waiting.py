"""How long silence must last before it means something, and what answers amount to."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, Refusal
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

WHOLE_SILENCE_S = 4.0
"""A router reports a host that does not answer on its link some 3.1 s after the first packet
(three questions, a second apart); until then silence proves nothing. Where the target is a second
away and neighbours must first find each other, both ways, its answer takes three round trips."""

_NO_WIRE = "there is no wire to send on"

_LOOK_S = 0.05
_LOOKED_FOR_S, _REPORTS_S = 3.0, 0.2
_ROUND_TRIPS, _LATEST_S = 3, 1.0
_MARGIN_S = 0.1
_LULL_S, _SHORT_S = 0.06, 0.01


def patience_s(rtt_s: float | None) -> float:
    """How long an answer may take where the slowest so far took ``rtt_s``; 0 where none came.

    Three round trips; where one is long by itself, a second more than it.
    """
    known_s = rtt_s or 0.0
    return min(_ROUND_TRIPS * known_s, known_s + _LATEST_S)


def barred(wire: Wire | None, protocol: str) -> str:
    """Why no packets of a protocol (``tcp``, ``udp``, ``echo``) can be sent; empty if they can."""
    return _NO_WIRE if wire is None else wire.means.bars(protocol)


def until_silent(
    done: Callable[[], bool], peer: Peer, ctx: ProbeContext, wire: Wire, quiet_s: float
) -> bool:
    """Wait until ``done``, or until silence can be trusted; tells whether it was done.

    Where the target answers anything at all, that is ``quiet_s`` or some of its round trips from
    now; where it answers nothing, 4 s after the first packet to it.
    """
    began = ctx.clock()
    while not done():
        if ctx.cancel.is_set():
            return False
        rtt_s = wire.known.rtt_s(peer)
        waited = ctx.clock() - began
        if rtt_s is not None and waited >= max(quiet_s, patience_s(rtt_s) + _MARGIN_S):
            return False
        if waited >= quiet_s and silence_is_whole(peer, wire):
            return False
        wire.wait(done, _LOOK_S, ctx.cancel)
    return True


def await_lull(ctx: ProbeContext, wire: Wire, at_most_s: float) -> None:
    """Wait until the walk's other probes have sent nothing for a moment, and no longer than so.

    Counters of the whole machine rise by their answers, too.
    """
    began, since, sent = ctx.clock(), ctx.clock(), wire.packets
    while ctx.clock() - since < _LULL_S and ctx.clock() - began < at_most_s:
        if ctx.pause(_SHORT_S):
            return
        if wire.packets != sent:
            since, sent = ctx.clock(), wire.packets


def silence_is_whole(peer: Peer, wire: Wire) -> bool:
    """Whether all has been waited for that may come late: the target's answer, a router's report.

    Where the report has come, after the three seconds that a router takes for it, those on other
    packets have come with it.
    """
    known = wire.known
    heard_s = known.listened_s(peer)
    reported = heard_s >= _LOOKED_FOR_S and known.is_absent(peer.dst)
    return heard_s >= WHOLE_SILENCE_S or (reported and known.absent_s(peer) >= _REPORTS_S)


def outcome_of_answers(
    answers: Sequence[Answer], *, sent: int, refused: int, cancelled: bool
) -> Outcome:
    """Say in one word what came of ``sent`` packets, ``refused`` of them by our own kernel."""
    kinds = {answer.kind for answer in answers}
    if kinds & {AnswerKind.ECHO_REPLY, AnswerKind.SYN_ACK, AnswerKind.UDP}:
        return Outcome.ANSWERED
    if AnswerKind.RST in kinds:
        return Outcome.REFUSED
    errors = [a for a in answers if a.kind is AnswerKind.UNREACHABLE]
    if errors:
        routing = {Refusal.NO_ROUTE, Refusal.HOST}
        return Outcome.UNREACHABLE if errors[0].refusal in routing else Outcome.REJECTED
    if refused and not sent:
        return Outcome.REJECTED
    if cancelled:
        return Outcome.CANCELLED
    return Outcome.SILENT if sent else Outcome.NOT_RUN


def refused_by_rule(error: int) -> bool:
    """Whether the kernel would not send because of a local rule (measured: EPERM)."""
    return error == errno.EPERM
