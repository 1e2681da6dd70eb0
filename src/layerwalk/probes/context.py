"""What every probe is given besides what it measures."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layerwalk.probes.facts import Fact
from layerwalk.probes.network_counters import unreachable_reports
from layerwalk.probes.origin import HERE, Origin

if TYPE_CHECKING:
    from layerwalk.probes.wire.wire import Wire

SLICE_S = 0.5
"""The longest that a probe may block before it looks at ``cancel`` again."""


def _nowhere(_fact: Fact) -> None:
    """Take no notice of a partial fact."""


@dataclass(frozen=True, kw_only=True)
class ProbeContext:
    """The walk that a probe belongs to.

    ``cancel`` is set when the walk ends early: a probe then returns what it has with the outcome
    ``cancelled``. ``wire`` is ``None`` without raw-socket rights. ``progress`` takes a fact that is
    still growing, for those who watch. ``reports`` counts the "unreachable" messages that this
    machine has had: a router with few of them to give may spend them on others' packets. ``origin``
    opens or prepares every socket that sends: ``ctx.origin.open_socket(family, kind, to=address)``.
    """

    cancel: threading.Event = field(default_factory=threading.Event)
    wire: Wire | None = None
    origin: Origin = HERE
    progress: Callable[[Fact], None] = _nowhere
    clock: Callable[[], float] = time.monotonic
    reports: Callable[[int], int] = unreachable_reports

    def pause(self, seconds: float) -> bool:
        """Wait, unless cancelled meanwhile; tells whether it was."""
        return self.cancel.wait(max(seconds, 0.0))

    def follow(self, sock: socket.socket) -> None:
        """Have the packets of a socket kept, where packets are; to be said before it connects."""
        if self.wire:
            self.wire.recording.follow(sock)
