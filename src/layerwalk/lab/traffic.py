"""What a host sends by itself, has sent before, and has seen of others, as data."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Stream:
    """Datagrams that a host sends all the time: so many a second, of so many bytes each.

    `priority` is their SO_PRIORITY, by which a queue with classes may sort them; with `seconds`
    they end after so long.
    """

    to: str
    port: int = 9
    rate: float = 100.0
    size: int = 1000
    priority: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class Crowd:
    """So many clients that connect to a port, again about `after_s` seconds after each is closed.

    Who is not let in tries anew as often.
    """

    address: str
    port: int
    count: int
    after_s: float = 0.3


class Leftover(Enum):
    """What keeps a source port of a host taken."""

    CONNECTED = "connected"  # a connection that stays open
    CLOSED = "closed"  # one that was closed here: in TIME_WAIT
    BOUND = "bound"  # bound to the host's own address, and never connected


@dataclass(frozen=True)
class Hoard:
    """So many source ports that a host has taken towards an address and port, and how.

    `age_s` is how long ago at least the last was taken when the network stands. With `dual` they
    are taken by sockets of IPv6 that speak IPv4 (RFC 4291 2.5.5.2).
    """

    address: str
    port: int
    count: int
    leftover: Leftover = Leftover.CONNECTED
    age_s: float = 0.0
    dual: bool = False


@dataclass(frozen=True)
class Tracked:
    """So large a part of the machine's maximum is tracked already, 1.0 for all of it.

    Entries that are not `lasting` have seen no reply in earnest: where the table is full, the
    kernel throws them out to make room.
    """

    share: float
    lasting: bool = True
