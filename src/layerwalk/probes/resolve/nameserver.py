"""What one nameserver says about a name, asked as glibc would ask it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Family, NameserverAnswer, Outcome
from layerwalk.probes.origin import OriginError
from layerwalk.probes.resolve.exchange import LISTEN_S, Heard, Server, ask, takes_tcp
from layerwalk.probes.resolve.messages import Kind, Reply, question

_KINDS: dict[Family | None, tuple[Kind, ...]] = {4: ("A",), 6: ("AAAA",), None: ("AAAA", "A")}
_SAYS_NOTHING = {"NOERROR", "NXDOMAIN"}


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What is asked of every nameserver: names in turn, until one has an address.

    ``tcp`` asks over TCP only. ``enough`` is set when nobody needs the answer any more: what came
    until then is it.
    """

    names: tuple[str, ...]
    family: Family | None = None
    edns: bool = False
    tcp: bool = False
    enough: threading.Event = field(default_factory=threading.Event)


def inquire(server: str, lookup: Lookup, ctx: ProbeContext) -> NameserverAnswer:
    """Ask one nameserver for every name in turn, within 2.5 s altogether.

    ``seconds`` is the time until all kinds of addresses were answered for, or listening ended.
    """
    began = ctx.clock()
    heard = _in_turn(server, lookup, began + LISTEN_S, ctx)
    blank = NameserverAnswer(
        server=server, outcome=Outcome.SILENT, seconds=round(ctx.clock() - began, 4)
    )
    if ctx.cancel.is_set():
        return replace(blank, outcome=Outcome.CANCELLED)
    answer = judged(blank, heard, _KINDS[lookup.family])
    silent = answer.outcome is Outcome.SILENT and not lookup.tcp
    if silent and takes_tcp(Server(server), ctx):
        words = "silent over UDP, but takes connections on TCP port 53"
        return replace(answer, detail="; ".join(filter(None, [words, answer.detail])))
    if answer.denies and answer.rcode == "NOERROR" and lookup.family is not None:
        return replace(answer, other_family=_knows_other(server, lookup, ctx))
    return answer


def judged(
    blank: NameserverAnswer, heard: Sequence[Heard], kinds: Sequence[Kind]
) -> NameserverAnswer:
    """Sum up what was heard, name by name, as one answer. Pure."""
    last = heard[-1]
    unanswered = tuple(kind for kind in kinds if kind not in last.replies)
    blank = replace(blank, unanswered=unanswered, detail=_silence(unanswered))
    addresses = tuple(it for kind in kinds if kind in last.replies for it in _of(last, kind))
    if addresses:
        known = replace(blank, outcome=Outcome.ANSWERED, rcode="NOERROR", addresses=addresses)
        return _with_failures(known, last)
    if last.error is not None:
        return _unasked(blank, last.error)
    return _without_address(blank, heard)


def _unasked(blank: NameserverAnswer, error: OSError) -> NameserverAnswer:
    if isinstance(error, OriginError):
        words = error.strerror or str(error)
        return replace(blank, outcome=error.outcome, detail=words, unanswered=())
    return replace(blank, outcome=outcome_of(error), detail=symbol(error), unanswered=())


def _without_address(blank: NameserverAnswer, heard: Sequence[Heard]) -> NameserverAnswer:
    last = heard[-1]
    replies = [reply for one in heard for reply in _telling(one)]
    flaws = [reply.flaw for reply in replies if reply.flaw]
    if flaws:
        return _useless(blank, f"the answer {flaws[0]}")
    misfits = f"{last.misfits} answers that fit no question" if last.misfits else ""
    if misfits and not replies:
        return _useless(blank, misfits)
    denied = any(reply.rcode == "NXDOMAIN" for reply in last.replies.values())
    if not replies or (blank.unanswered and not denied):
        partly = blank.detail if last.replies else ""
        return replace(blank, detail="; ".join(filter(None, [partly, misfits])))
    return replace(blank, outcome=Outcome.ANSWERED, rcode=_gravest(replies))


def _telling(heard: Heard) -> list[Reply]:
    """Leave out what "no such name" makes meaningless: it holds for every kind of question."""
    replies = list(heard.replies.values())
    return [reply for reply in replies if reply.rcode == "NXDOMAIN"] or replies


def _with_failures(known: NameserverAnswer, last: Heard) -> NameserverAnswer:
    """Note the kinds of question that it failed, beside the one that it knew."""
    said = {
        kind: f"the answer {reply.flaw}" if reply.flaw else reply.rcode
        for kind, reply in last.replies.items()
        if reply.flaw or reply.rcode not in _SAYS_NOTHING
    }
    words = [f"to the question for {kind}: {word}" for kind, word in said.items()]
    detail = "; ".join(filter(None, [known.detail, *words]))
    return replace(known, failed=tuple(said), detail=detail)


def _in_turn(server: str, lookup: Lookup, until_s: float, ctx: ProbeContext) -> list[Heard]:
    def left_s() -> float:
        return 0.0 if lookup.enough.is_set() else until_s - ctx.clock()

    kinds = _KINDS[lookup.family]
    heard = []
    for name in lookup.names:
        questions = {kind: question(name, kind, edns=lookup.edns) for kind in kinds}
        heard.append(ask(Server(server, tcp=lookup.tcp), questions, left_s, ctx))
        replies = heard[-1].replies.values()
        ended = heard[-1].error or len(replies) < len(kinds)
        if ended or any(reply.addresses for reply in replies):
            break
    return heard


def _knows_other(server: str, lookup: Lookup, ctx: ProbeContext) -> bool:
    other = replace(lookup, family=4 if lookup.family == 6 else 6)
    return any(
        reply.addresses
        for heard in _in_turn(server, other, ctx.clock() + LISTEN_S / 3, ctx)
        for reply in heard.replies.values()
    )


def _useless(blank: NameserverAnswer, why: str) -> NameserverAnswer:
    return replace(blank, outcome=Outcome.ANSWERED, unanswered=(), detail=why)


def _gravest(replies: Sequence[Reply]) -> str:
    """Choose the code that a look-up ends with: a failure, else "no data", else "no such name".

    FORMERR, too, is one: glibc does not ask again without EDNS (measured with 2.36).
    """
    codes = [reply.rcode for reply in replies]
    failures = [code for code in codes if code not in _SAYS_NOTHING]
    return (failures or sorted(codes))[0]


def _of(heard: Heard, kind: Kind) -> tuple[str, ...]:
    return heard.replies[kind].addresses


def _silence(unanswered: Sequence[Kind]) -> str:
    return f"no answer to the question for {' and '.join(unanswered)}" if unanswered else ""
