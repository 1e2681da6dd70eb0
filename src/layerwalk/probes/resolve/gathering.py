"""All that know the name, asked at the same time, each in a thread of its own.

The threads are daemons and report through a queue: one that hangs is left behind.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

from layerwalk.probes.context import SLICE_S, ProbeContext
from layerwalk.probes.facts import NameserverAnswer, Outcome, ResolveFact
from layerwalk.probes.resolve.exchange import LISTEN_S, TCP_LOOK_S
from layerwalk.probes.resolve.nameserver import Lookup, inquire
from layerwalk.probes.resolve.system import SystemAnswer, system_lookup

SILENT_S = 0.6
"""After so long a silence of all it is told, so that others may find out why."""

GRACE_S = 0.25
"""How long the system's answer is waited for once every nameserver has had its chance."""

ENOUGH_S = 0.6
"""How long nameservers are still waited for once the name's address is known."""

_SLOWEST_S = LISTEN_S * 4 / 3 + 2 * TCP_LOOK_S

_Item = tuple[str, NameserverAnswer | SystemAnswer | Exception, float]
_Items = queue.SimpleQueue[_Item]


@dataclass
class Gathered:
    """What came, by nameserver, and the system's answer where it came.

    ``alone`` says that the system was not asked: what it sends would not leave as the walk does.
    """

    alone: bool = False
    nameservers: dict[str, NameserverAnswer] = field(default_factory=dict)
    system: SystemAnswer | None = None
    system_s: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the system has the name's address; any nameserver, where it is not asked."""
        if self.alone:
            return any(answer.addresses for answer in self.nameservers.values())
        return self.system is not None and bool(self.system.addresses)

    @property
    def settled(self) -> bool:
        """Whether nothing more is waited for once every nameserver has had its say."""
        return self.alone or self.system is not None


def gather(name: str, servers: Sequence[str], lookup: Lookup, ctx: ProbeContext) -> Gathered:
    """Ask every nameserver, and the system, and collect what they say in time."""
    items: _Items = queue.SimpleQueue()
    for server in servers:
        _start(items, server, partial(inquire, server, lookup, ctx), ctx)
    gathered = Gathered(alone=not ctx.origin.plain)
    if not gathered.alone:
        _start(items, "", partial(system_lookup, name, lookup.family), ctx)
    _collect(gathered, items, servers, lookup, ctx)
    for server in servers:
        outcome = Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
        unheard = NameserverAnswer(server=server, outcome=outcome, detail="not heard in time")
        gathered.nameservers.setdefault(server, unheard)
    return gathered


def _start(
    items: _Items, who: str, ask: Callable[[], NameserverAnswer | SystemAnswer], ctx: ProbeContext
) -> None:
    def report() -> None:
        began = ctx.clock()
        try:
            answer: NameserverAnswer | SystemAnswer | Exception = ask()
        except Exception as error:  # noqa: BLE001 - it is raised again where it can be seen
            answer = error
        items.put((who, answer, round(ctx.clock() - began, 4)))

    own = copy_context()
    threading.Thread(target=own.run, args=(report,), daemon=True, name=f"resolve {who}").start()


def _collect(
    gathered: Gathered, items: _Items, servers: Sequence[str], lookup: Lookup, ctx: ProbeContext
) -> None:
    began = ctx.clock()
    until_s = began + (_SLOWEST_S if servers else LISTEN_S)
    enough_s, told_s = until_s, began + SILENT_S
    while (left_s := until_s - ctx.clock()) > 0 and not ctx.cancel.is_set():
        if gathered.settled and len(gathered.nameservers) == len(servers):
            return
        came = _take(items, gathered, min(left_s, SLICE_S / 5))
        if came and gathered.known:
            enough_s = min(enough_s, ctx.clock() + ENOUGH_S)
        if ctx.clock() >= enough_s:
            lookup.enough.set()
        if ctx.clock() >= told_s and not (gathered.nameservers or gathered.known) and _raw(ctx):
            told_s = until_s
            ctx.progress(_so_far(servers, lookup))
        if came and servers and len(gathered.nameservers) == len(servers):
            until_s = min(until_s, ctx.clock() + _grace_s(gathered))
    if not gathered.settled:
        gathered.system_s = round(ctx.clock() - began, 4)


def _raw(ctx: ProbeContext) -> bool:
    """Whether the next hop can be asked for meanwhile: the kernel's own entry settles later."""
    return ctx.wire is not None and ctx.wire.means.raw


def _so_far(servers: Sequence[str], lookup: Lookup) -> ResolveFact:
    """The look-up as it stands where nobody has said anything."""
    silent = (NameserverAnswer(server=server, outcome=Outcome.SILENT) for server in servers)
    name = next(iter(lookup.names), "")
    return ResolveFact(
        outcome=Outcome.SILENT, name=name, family=lookup.family, nameservers=tuple(silent)
    )


def _grace_s(gathered: Gathered) -> float:
    """How long to wait on for the system: not at all where nobody could have told it anything."""
    silent = all(it.outcome is Outcome.SILENT for it in gathered.nameservers.values())
    return 0.0 if silent else GRACE_S


def _take(items: _Items, gathered: Gathered, wait_s: float) -> bool:
    """Put away the next item; tell whether one came. A thread's own failure is raised here."""
    try:
        who, answer, took_s = items.get(timeout=wait_s)
    except queue.Empty:
        return False
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, SystemAnswer):
        gathered.system, gathered.system_s = answer, took_s
    else:
        gathered.nameservers[who] = answer
    return True
