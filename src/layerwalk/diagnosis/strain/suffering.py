"""How the connection suffers from this machine's own end, in words; empty where it does not."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.probes.facts import endpoint


def suffering(host: AddressView) -> str:
    """Say how our own connection fares, where it does not fare as it should."""
    return _of_service(host) if host.standpoint.serves else _of_client(host)


def _of_client(host: AddressView) -> str:
    """What a machine that is starved does to a connection of its own: it comes about late."""
    if not (host.lags and host.connect):
        return ""
    return f"the connection to {_where(host)} comes about only after {host.connect.waited_s:.1f} s"


def _of_service(host: AddressView) -> str:
    here = ServerView(host)
    if not here.suffers or here.intake is None:
        return ""
    fact, where = here.intake, _where(host)
    if here.unheard:
        return f"{where} answers our own SYNs not at all"
    if here.accepts is False:
        return f"our own connection to {where} is not accepted in {fact.waited_s:.1f} s"
    if here.broken_off:
        return f"our own connection to {where} is closed without an answer"
    if here.mute:
        return f"our own connection to {where} is not answered in {fact.waited_s:.1f} s"
    if here.errs:
        return f"our own request to {where} is answered with HTTP {fact.status}"
    late_s = max(fact.taken_s or 0.0, fact.answered_s or 0.0)
    return f"our own connection to {where} is served only after {late_s:.1f} s"


def _where(host: AddressView) -> str:
    return host.address if host.port is None else endpoint(host.address, host.port)
