"""How the connection suffers from this machine's own end, in words; empty where it does not."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.probes.facts import IntakeFact, endpoint

_SHARE = 4
"""A round trip of so small a part of the wait does not explain it."""


def suffering(host: AddressView) -> str:
    """Say how our own connection fares, where it does not fare as it should."""
    return _of_service(host) if host.standpoint.serves else _of_client(host)


def slowness(host: AddressView) -> str:
    """Say the same, where it is time that is lacking: what is wrong, but soon, is no lack of it."""
    here = ServerView(host)
    if host.standpoint.serves and here.accepts is not False and not (here.unheard or here.mute):
        fact = here.intake
        ended_s = (fact.closed_s or fact.answered_s or 0.0) if fact else 0.0
        return suffering(host) if here.late or ended_s >= _SLOW_S else ""
    return suffering(host)


_SLOW_S = 1.0


def _of_client(host: AddressView) -> str:
    """What a machine that is starved does to a connection of its own: it comes about late.

    The path does so, too: by round trips as long, and by losing the SYN, which the kernel tells.
    """
    made = host.connect
    if made is None or not host.lags or made.repeats:
        return ""
    if not 0 < made.rtt_s < made.waited_s / _SHARE:
        return ""
    return f"the connection to {_where(host)} comes about only after {made.waited_s:.1f} s"


def _of_service(host: AddressView) -> str:
    here, where = ServerView(host), _where(host)
    if not here.suffers or here.intake is None:
        return ""
    if here.unheard:
        return f"{where} answers our own SYNs not at all"
    return f"our own connection to {where} is {_served(here, here.intake)}"


def _served(here: ServerView, fact: IntakeFact) -> str:
    if here.accepts is False:
        return f"not accepted in {fact.waited_s:.1f} s"
    if here.broken_off:
        return "closed without an answer"
    if here.mute:
        return f"not answered in {fact.waited_s:.1f} s"
    if here.errs:
        return f"answered with HTTP {fact.status}"
    return f"served only after {max(fact.taken_s or 0.0, fact.answered_s or 0.0):.1f} s"


def _where(host: AddressView) -> str:
    return host.address if host.port is None else endpoint(host.address, host.port)
