"""Receiving: packet sockets that see every answer, whatever the local firewall does with it."""

from __future__ import annotations

from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.filter import program
from layerwalk.probes.wire.parse import read
from layerwalk.probes.wire.tap import Seen, Tap

_ETH_P = {4: 0x0800, 6: 0x86DD}


class Capture:
    """Reads both families and hands on what may be an answer."""

    def __init__(self, take: Take) -> None:
        """Open the sockets.

        Raises:
            PermissionError: no CAP_NET_RAW.
        """
        self._hand_on = take
        self._tap = Tap("capture", _ETH_P, program, self._take)

    def watch(self, port: int) -> None:
        """See TCP and UDP packets to this local port from now on."""
        self._tap.watch(port)

    def dropped(self) -> int:
        """How many packets found no room so far."""
        return self._tap.dropped()

    def close(self) -> None:
        """Stop listening and close the sockets."""
        self._tap.close()

    def _take(self, seen: Seen) -> None:
        heard = None if seen.leaves else read(seen.data)
        if heard is not None:
            self._hand_on(Arrival(heard, seen.interface, seen.stamp, seen.data))
