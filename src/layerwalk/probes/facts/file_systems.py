"""A file system that a process may need: its room, and what ties the process to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_HARDLY_ANY, _NEARLY = 1 << 20, 0.95


class Tie(StrEnum):
    """What ties a process to a file system, the closest first."""

    OPEN = "has files open on it"
    FOLDER = "works in a folder on it"
    NAMED = "is told of it when it starts"
    USUAL = "may write there, as any program"
    NONE = "sees it"


@dataclass(frozen=True, kw_only=True)
class FileSystem:
    """One look at a file system (statvfs(3)), by the place where the process has it mounted.

    ``free`` and ``size`` are in bytes, ``free_inodes`` and ``inodes`` are counts; free is what this
    process may still take: what is kept for root counts for root alone. Where there is no number of
    inodes (btrfs) both are 0. ``turned`` tells that the kernel has made it read-only by itself,
    after an error, ``changed`` that a file in its top folder was written to while the walk went on.
    """

    place: str
    kind: str
    tie: Tie = Tie.NONE
    size: int = 0
    free: int = 0
    inodes: int = 0
    free_inodes: int = 0
    turned: bool = False
    changed: bool = False

    @property
    def full(self) -> bool:
        """Whether not one byte, or not one file more, fits."""
        return self.out_of_room or self.out_of_inodes

    @property
    def out_of_room(self) -> bool:
        """Whether there is no block left."""
        return self.size > 0 and self.free <= 0

    @property
    def out_of_inodes(self) -> bool:
        """Whether there is no inode left."""
        return self.inodes > 0 and self.free_inodes <= 0

    @property
    def short(self) -> bool:
        """Whether it is full, or so nearly that hardly anything fits: less than 1 MiB, and 5 %."""
        hardly = self.size > 0 and self.free < _HARDLY_ANY and self.used >= _NEARLY
        return self.full or hardly

    @property
    def used(self) -> float:
        """The share of its room that is taken, 0 to 1."""
        return 1 - self.free / self.size if self.size else 0.0

    @property
    def words(self) -> str:
        """Its place, and what is the matter with it."""
        if self.turned:
            return f"{self.place} ({self.kind}) was made read-only by the kernel"
        if self.out_of_inodes:
            return f"{self.place} ({self.kind}) has not one of its {self.inodes} inodes left"
        if self.out_of_room:
            return f"{self.place} ({self.kind}) is full"
        return f"{self.place} ({self.kind}) is {self.used:.0%} full"
