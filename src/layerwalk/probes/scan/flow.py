"""The flow that a scan asks on: its source port, and sequence numbers that nobody can guess."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from random import Random

from layerwalk.probes.wire.packets import Peer

_WORD = 0xFFFF


@dataclass(frozen=True)
class Flow:
    """One source port to every port of one peer.

    The lower half of each sequence number evens out the port in the checksum (RFC 1071), which is
    then the same for all. What an outsider would have to guess is ``high`` and ``even``, 32 bits,
    besides the source port: a forged answer never counts. All tries of a port have one number, so
    that one reset takes back whichever of them arrived.
    """

    peer: Peer
    source_port: int
    high: int
    even: int

    @classmethod
    def drawn(cls, peer: Peer, source_port: int, random: Random) -> Flow:
        """Draw the numbers."""
        return cls(peer, source_port, random.randrange(1, _WORD), random.randrange(_WORD))

    def number(self, port: int) -> int:
        """The sequence number of the SYN to a port."""
        return self.high << 16 | (self.even - port) % _WORD

    def expects(self, port: int, acknowledged: int) -> bool:
        """Whether a segment from this port acknowledges our SYN to it, and nothing else."""
        return acknowledged == self.number(port) + 1

    @property
    def source(self) -> bytes:
        """Our own address."""
        return ip_address(self.peer.source.partition("%")[0]).packed

    @property
    def target(self) -> bytes:
        """The other end's address."""
        return ip_address(self.peer.dst).packed
