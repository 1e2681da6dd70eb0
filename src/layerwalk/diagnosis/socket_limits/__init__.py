"""Which time limits a socket has, which of them runs, and after how many seconds it fires. Pure.

Of every socket the kernel's own timers are known (its state, and what sock_diag(7) tells), and of
those that could be asked the limits that the program set on them. Limits that a program keeps for
itself, as most runtimes do, are not in the kernel and not here.
"""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.diagnosis.socket_limits.calls import calls
from layerwalk.diagnosis.socket_limits.closing import closing
from layerwalk.diagnosis.socket_limits.connecting import connecting
from layerwalk.diagnosis.socket_limits.idling import idling
from layerwalk.diagnosis.socket_limits.limit import Limit
from layerwalk.diagnosis.socket_limits.resending import resending
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.tcp_settings import TcpSettings

__all__ = ["Limit", "Outlook", "outlook"]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A socket's limits: those that run first, by when they fire, then those that would.

    ``complete`` is whether the limits that the program set on it are among them.
    """

    limits: tuple[Limit, ...] = ()
    complete: bool = False

    @property
    def first(self) -> Limit | None:
        """The one that fires first if nothing happens from now on."""
        return next((one for one in self.limits if one.in_s is not None), None)


def outlook(live: LiveSocket, settings: TcpSettings | None) -> Outlook:
    """Work out a socket's limits; without ``settings``, those that don't depend on them."""
    row, options = live.socket, live.options
    found = [
        *connecting(row, options, settings),
        *resending(row, options, settings),
        *idling(row, options),
        *closing(row, settings),
        *calls(row, options, settings),
    ]
    running = [(one.in_s, one) for one in found if one.in_s is not None]
    first = [one for _, one in sorted(running, key=lambda pair: pair[0])]
    rest = [one for one in found if one.in_s is None]
    return Outlook(limits=(*first, *rest), complete=options is not None)
