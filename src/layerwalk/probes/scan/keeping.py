"""The packets of a scan for ``--pcap``: up to half of what the file takes, the rest is counted.

The other half is left to what the verdict rests on. The kernel's resets are not among them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from layerwalk.probes.scan.stencil import SYN, Stencil
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.record import Direction, Record
from layerwalk.probes.wire.recording import Recording, measuring


class Keeping:
    """Keeps what leaves and comes back; ``on`` says whether anybody wants that."""

    def __init__(self, recording: Recording, peer: Peer) -> None:
        self.on = recording.most > 0
        self._recording = recording
        self._left = recording.most // 2
        self._interface = peer.interface
        self._places: dict[int, int] = {}

    def sent(self, stencil: Stencil, ports: Sequence[int]) -> None:
        """These ports were written to, with what the stencil holds."""
        stamp = time.time()
        for place, port in enumerate(ports if self.on else ()):
            kept = self._keep(stamp, Direction.OUT, stencil.packet(place))
            if kept is not None and stencil.flags == SYN:
                self._places[port] = kept

    def heard(self, port: int, packet: bytes) -> None:
        """An answer of this port has come in."""
        self._keep(time.time(), Direction.IN, packet, self._places.get(port))

    def _keep(
        self, stamp: float, direction: Direction, data: bytes, probe: int | None = None
    ) -> int | None:
        """Keep a packet where there is room; gives its place among all records."""
        if self._left <= 0:
            return self._recording.keep(None)
        self._left -= 1
        return self._recording.keep(
            Record(
                stamp=stamp,
                direction=direction,
                interface=self._interface,
                data=data,
                length=len(data),
                measurement=measuring.get(),
                probe=probe,
            )
        )
