"""What a wire needs from whatever carries its packets."""

from __future__ import annotations

from typing import Protocol

from layerwalk.probes.wire.packets import Packet


class Means(Protocol):
    """How packets leave, and how their answers come back: each is handed in as it arrives."""

    @property
    def raw(self) -> bool:
        """Whether packets are written and read whole, down to their headers."""

    def bars(self, protocol: str) -> str:
        """Why no packets of this protocol can be sent; empty where they can."""

    def is_dear(self, protocol: str) -> bool:
        """Whether each packet of this protocol costs so much that others go first."""

    def watch(self, port: int) -> None:
        """Hand in what comes for this local port from now on."""

    def send(self, packet: Packet) -> int:
        """Send; returns 0, or the errno with which the kernel refused."""

    def undo(self, packet: Packet) -> Packet | None:
        """Take a SYN back that may be held half open; where that takes a packet, return it."""

    def give_up(self, packet: Packet) -> None:
        """Stop waiting for a packet's answer, where waiting costs something."""

    def dropped(self) -> int:
        """How many packets that may have been answers this machine has dropped so far."""

    def close(self) -> None:
        """Let go of everything; waits for nothing on the network."""
