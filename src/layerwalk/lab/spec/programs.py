"""A program of its own that serves a port of a host, and what it is short of, as data."""

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """What a program needs before it answers a request."""

    NOTHING = "nothing"
    ROOM = "room"  # writes a file to its spool
    CHILD = "child"  # forks a process that answers


class Failing(Enum):
    """What it does with a request where it does not get what it needs."""

    ERROR = "error"  # answers HTTP 500
    CLOSE = "close"
    HANG = "hang"


@dataclass(frozen=True)
class Program:
    """A process that answers HTTP requests on a port.

    It may have `files` open, and holds `held` of them; it may have `tasks` processes of its user
    (0: as many as it likes). `spool` are the options of a tmpfs that is mounted for it, of which
    `filled` leaves so many bytes, and `names` takes that many inodes.
    """

    port: int
    address: str = ""
    need: Need = Need.NOTHING
    failing: Failing = Failing.ERROR
    files: int = 0
    held: int = 0
    tasks: int = 0
    spool: str = ""
    left: int | None = None
    names: int = 0
