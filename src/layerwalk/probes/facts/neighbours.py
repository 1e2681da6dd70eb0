"""How much room the kernel has for neighbours: one table a family, for the whole machine."""

from __future__ import annotations

from dataclasses import dataclass

_NEARLY = 0.9


@dataclass(frozen=True, kw_only=True)
class NeighbourTable:
    """The table of one family: its entries in all network namespaces, and where it ends.

    ``limit`` is gc_thresh3 (kernel's ip-sysctl), 0 where there is none. ``refused`` counts the
    entries that could not be made for want of room while somebody looked; the kernel's log then
    says "neighbour table overflow".
    """

    entries: int
    limit: int
    refused: int = 0

    @property
    def crowded(self) -> bool:
        """Whether it is full, or nearly so."""
        return bool(self.refused) or (self.limit > 0 and self.entries >= _NEARLY * self.limit)

    @property
    def words(self) -> str:
        """How full it is."""
        refused = f", {self.refused} more were refused meanwhile" if self.refused else ""
        return f"{self.entries} of {self.limit} entries{refused}"
