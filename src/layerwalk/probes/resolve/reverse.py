"""The name of an address, from a configured nameserver (PTR, RFC 1035 3.5, RFC 3596 2.5).

On the wire: one question, once more where it stays unanswered. Needs no rights.
"""

from __future__ import annotations

import re

import dns.reversename

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.resolve.exchange import Server, ask
from layerwalk.probes.resolve.messages import question

LISTEN_S = 1.4
_LONGEST = 253
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]{1,63})*")


def reverse(address: str, server: str, ctx: ProbeContext) -> str | None:
    """Ask for a name: empty where there is none that is a host's, ``None`` where nobody answers."""
    began = ctx.clock()
    turned = str(dns.reversename.from_address(address.partition("%")[0]))
    heard = ask(
        Server(server),
        {"PTR": question(turned, "PTR")},
        lambda: began + LISTEN_S - ctx.clock(),
        ctx,
    )
    if heard.error is not None or "PTR" not in heard.replies:
        return None
    found = (name.rstrip(".") for name in heard.replies["PTR"].addresses)
    return next((name for name in found if is_name(name)), "")


def is_name(text: str) -> bool:
    """Whether a text is a host's name and nothing that a terminal could mistake."""
    return len(text) <= _LONGEST and _NAME.fullmatch(text) is not None
