"""A name turned into addresses: by the hosts file, every nameserver, and the system itself.

On the wire: DNS questions to the configured nameservers, and to nobody else (and whatever the
system's own resolver sends). Needs no rights. It ends when all have answered, and after about 3 s
where some stay silent.
"""

from __future__ import annotations

import socket
from dataclasses import replace
from functools import partial

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ResolveFact, Target, family_of
from layerwalk.probes.resolve.gathering import Gathered, gather
from layerwalk.probes.resolve.messages import askable
from layerwalk.probes.resolve.nameserver import Lookup
from layerwalk.probes.resolve.order import chosen, ordered, usable
from layerwalk.probes.resolve.settings import (
    Files,
    candidates,
    files_of,
    here,
    hosts_entries,
    sources_of,
)

__all__ = ["Files", "resolve"]

UNASKED = "the system's own resolver was not asked: its questions would leave as any program's do"
_FOLLOWED = {"files", "dns"}


def resolve(target: Target, ctx: ProbeContext, files: Files | None = None) -> ResolveFact:
    """Find a target's addresses, and who knows them.

    The outcome is ``answered`` where anybody said anything about the name, a denial included; else
    that of the first nameserver. An address as target is its own answer.
    """
    literal = _literal(target)
    if literal:
        right = target.family in {None, family_of(literal)}
        error = "" if right else f"the address is not an IPv{target.family} address"
        return ResolveFact(
            outcome=Outcome.ANSWERED,
            name=target.host,
            family=target.family,
            addresses=(literal,) if right else (),
            system_error=error,
        )
    return _asked(target, ctx, files or files_of(ctx.origin))


def _asked(target: Target, ctx: ProbeContext, files: Files) -> ResolveFact:
    settings = here(files)
    names = tuple(filter(askable, candidates(target.host, settings)))
    asks = bool(names) and not _is_localhost(target.host)
    lookup = Lookup(names=names, family=target.family, edns=settings.edns, tcp=settings.tcp)
    gathered = gather(target.host, settings.nameservers if asks else (), lookup, ctx)
    servers = settings.nameservers if asks else ()
    fact = ResolveFact(
        outcome=Outcome.ANSWERED,
        name=target.host,
        family=target.family,
        nameservers=tuple(gathered.nameservers[server] for server in servers),
        asked_names=names if asks else (),
        hosts=hosts_entries(files.read(files.hosts), target.host, str(files.hosts)),
        sources=sources_of(files.read(files.nsswitch)),
        nsswitch_file=str(files.nsswitch),
        defaulted=settings.defaulted,
        system_error=gathered.system.error if gathered.system else "",
        system_pending=gathered.system is None,
        detail=UNASKED if gathered.alone else "",
        system_s=gathered.system_s,
        timeout_s=settings.timeout_s,
        attempts=settings.attempts,
    )
    if gathered.alone:
        fact = replace(fact, system_pending=not _FOLLOWED.issuperset(fact.sources))
    fact = replace(fact, addresses=_addresses(fact, target, gathered, ctx))
    return replace(fact, outcome=Outcome.CANCELLED if ctx.cancel.is_set() else _outcome(fact))


def _addresses(
    fact: ResolveFact, target: Target, gathered: Gathered, ctx: ProbeContext
) -> tuple[str, ...]:
    """Take the system's answer, a denial too; where it did not find out, do as it would."""
    if gathered.system is not None and gathered.system.final:
        return gathered.system.addresses
    found = chosen(fact.hosts, fact.nameservers, fact.sources, target.family)
    return ordered(found, partial(usable, origin=ctx.origin))


def _outcome(fact: ResolveFact) -> Outcome:
    outcomes = [answer.outcome for answer in fact.nameservers]
    if fact.addresses or Outcome.ANSWERED in outcomes:
        return Outcome.ANSWERED
    if outcomes:
        return outcomes[0]
    return Outcome.SILENT if fact.system_pending else Outcome.ANSWERED


def _literal(target: Target) -> str:
    """Write a target that is an address as one, inet_aton's short forms included (``127.1``)."""
    if target.address is not None:
        return str(target.address)
    try:
        return socket.inet_ntoa(socket.inet_aton(target.host))
    except (OSError, UnicodeError, ValueError):
        return ""


def _is_localhost(name: str) -> bool:
    """Tell a name that never leaves this machine (RFC 6761 section 6.3)."""
    return name.rstrip(".").lower().rpartition(".")[2] == "localhost"
