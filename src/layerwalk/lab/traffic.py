"""What a host sends by itself, as data."""

from dataclasses import dataclass


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
