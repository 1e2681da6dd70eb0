"""A name turned into addresses: by the hosts file, every nameserver, and the system itself.

On the wire: DNS questions to the configured nameservers, and to nobody else (and whatever the
system's own resolver sends). Needs no rights. It ends when all have answered, and after about 3 s
where some stay silent.
"""

from __future__ import annotations

import socket

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ResolveFact, Target, family_of
from layerwalk.probes.resolve.settings import Files, files_of

__all__ = ["Files", "resolve"]


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
    # Late: an address needs no questions to nameservers, and loading them takes a while.
    from layerwalk.probes.resolve.by_name import by_name

    return by_name(target, ctx, files or files_of(ctx.origin))


def _literal(target: Target) -> str:
    """Write a target that is an address as one, inet_aton's short forms included (``127.1``)."""
    if target.address is not None:
        return str(target.address)
    try:
        return socket.inet_ntoa(socket.inet_aton(target.host))
    except (OSError, UnicodeError, ValueError):
        return ""
