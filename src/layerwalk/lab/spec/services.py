"""What a host listens with, as data."""

from dataclasses import dataclass
from enum import Enum


class Manner(Enum):
    """What a service does with a connection or a datagram."""

    HOLD = "hold"  # accepts, then says nothing
    BANNER = "banner"  # accepts, speaks first, then says nothing
    ECHO = "echo"  # sends back what it receives
    BULK = "bulk"  # accepts, and sends its text at once, however long
    CLOSE = "close"  # accepts and closes
    RESET = "reset"  # accepts and resets
    SINK = "sink"  # listens and never accepts
    SLOW = "slow"  # accepts one connection in a while, and closes it


@dataclass(frozen=True)
class Service:
    """A listener. `address` empty: every address of both families.

    A `dual` one is a single socket that takes IPv4 on an IPv6 address, too. A slow one accepts
    every `every_s` seconds. `defer_s` has the kernel hold connections back until
    data comes, for at least so long (TCP_DEFER_ACCEPT).
    """

    port: int
    manner: Manner = Manner.HOLD
    address: str = ""
    text: bytes = b""
    backlog: int = 128
    udp: bool = False
    every_s: float = 1.0
    defer_s: int = 0
    dual: bool = False
