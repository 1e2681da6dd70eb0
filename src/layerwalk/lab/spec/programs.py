"""A program of its own that serves a port of a host, and what it is short of, as data."""

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """What a program needs before it answers a request."""

    NOTHING = "nothing"
    ROOM = "room"  # writes a file to its spool
    CHILD = "child"  # forks a process that answers
    TIME = "time"  # computes for a while
    MEMORY = "memory"  # takes memory itself
    GROWING_CHILD = "growing child"  # forks a process that takes memory, and answers


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
    `left` leaves so many bytes, and `names` takes that many inodes. Its control groups leave it so
    many `processors` and `memory_mib` (0: all that there is); for a request it computes `burns_s`
    seconds of processor time, or takes `takes_mib` of memory, as its need is.
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
    backlog: int = 128
    processors: float = 0.0
    memory_mib: int = 0
    burns_s: float = 0.0
    takes_mib: int = 0
