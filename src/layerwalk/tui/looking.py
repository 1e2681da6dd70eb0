"""Who looks at live sockets for the app: the kernel's own lists, or what a test makes up."""

from __future__ import annotations

from typing import Protocol

from layerwalk.probes.facts.live_sockets import LiveSocket, SocketsSeen
from layerwalk.session import sockets
from layerwalk.session.sockets import Sight, Which


class Looker(Protocol):
    """Looks at sockets. Both calls take a moment, and raise BadInput where nothing is told."""

    def look(self, which: Which) -> Sight:
        """List sockets, those that wait for something first."""

    def look_again(self, sight: Sight, one: LiveSocket) -> LiveSocket | None:
        """Look at one of them, with its options; nothing where it is gone."""


class Kernel:
    """Looks at those that there are; ``nameless``, it leaves out what programs call themselves."""

    def __init__(self, *, nameless: bool = False) -> None:
        self._nameless = nameless

    def look(self, which: Which) -> Sight:
        """List sockets.

        Raises:
            BadInput: there is no such process, or the kernel lists its sockets to nobody.
        """
        return self._shown(sockets.look(which))

    def look_again(self, sight: Sight, one: LiveSocket) -> LiveSocket | None:
        """Look at one of them.

        Raises:
            BadInput: the kernel tells nothing any more.
        """
        found = sockets.look_again(sight, one)
        if found is None:
            return None
        return self._shown(Sight(seen=SocketsSeen(sockets=(found,)))).seen.sockets[0]

    def _shown(self, sight: Sight) -> Sight:
        return sockets.nameless(sight) if self._nameless else sight
