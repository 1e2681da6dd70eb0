"""A name turned into addresses, by all that know names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ResolveFact, Target
from layerwalk.probes.resolve.gathering import Gathered, gather
from layerwalk.probes.resolve.messages import askable
from layerwalk.probes.resolve.nameserver import Lookup
from layerwalk.probes.resolve.order import chosen, ordered, usable
from layerwalk.probes.resolve.settings import Files, candidates, here, hosts_entries, sources_of

UNASKED = "the system's own resolver was not asked: its questions would leave as any program's do"
_FOLLOWED = {"files", "dns"}


def by_name(target: Target, ctx: ProbeContext, files: Files) -> ResolveFact:
    """Ask for the addresses of a target that is a name."""
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


def _is_localhost(name: str) -> bool:
    """Tell a name that never leaves this machine (RFC 6761 section 6.3)."""
    return name.rstrip(".").lower().rpartition(".")[2] == "localhost"
