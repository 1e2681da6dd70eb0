"""Raw sockets as the means of a wire: whole packets out, packet sockets that see every answer."""

from __future__ import annotations

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Take
from layerwalk.probes.wire.capture import Capture
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.sender import Sender


class RawMeans:
    """Sends what it is given byte for byte, and hands in what a packet socket sees."""

    raw = True

    def __init__(self, take: Take, origin: Origin = HERE) -> None:
        """Open the sockets.

        Raises:
            PermissionError: no CAP_NET_RAW, or no right to mark packets.
        """
        self._sender = Sender(origin)
        try:
            self._capture = Capture(take)
        except OSError:
            self._sender.close()
            raise

    def bars(self, _protocol: str) -> str:
        """Nothing is barred."""
        return ""

    def is_dear(self, _protocol: str) -> bool:
        """Every packet costs the same."""
        return False

    def watch(self, port: int) -> None:
        """See TCP and UDP packets to this local port from now on."""
        self._capture.watch(port)

    def send(self, packet: Packet) -> int:
        """Send one packet; returns 0, or the errno with which the kernel refused it."""
        return self._sender.send(packet)

    def undo(self, packet: Packet) -> Packet:
        """The reset that takes a SYN back."""
        return packets.reset(packet)

    def give_up(self, _packet: Packet) -> None:
        """Nothing to do: waiting costs nothing."""

    def dropped(self) -> int:
        """How many packets that may have been answers found no room so far."""
        return self._capture.dropped()

    def close(self) -> None:
        """Stop listening and close the sockets."""
        self._capture.close()
        self._sender.close()
