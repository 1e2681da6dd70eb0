"""The file while walks go on: each packet is in it at once, so that a killed walk leaves it whole.

What the measurements find is known only at their end, so the comments here name the measurement
alone; when all walks are over, the finished file takes its place.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from layerwalk import __version__
from layerwalk.probes.wire.record import LONGEST, Direction, Record
from layerwalk.session.pcap import blocks
from layerwalk.session.pcap.blocks import LinkType
from layerwalk.session.plain import shortened
from layerwalk.session.saving import opened_beside

UNFINISHED = "written while the walk went on: broken off before what was found could be noted"
_LONGEST = 400


class Growing:
    """Appends packets to the file that ``path`` names, which is begun with the first of them.

    Where it can't be written, or no more of it can, the walk goes on without; what is there ends
    with a whole packet. Used by the threads of several walks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._links: dict[tuple[str, LinkType], int] = {}
        self._descriptor = -1
        self._length = 0
        self._over = False

    def add(self, record: Record, target: str) -> None:
        """Append a packet of the walk to this target."""
        with self._lock:
            if self._over:
                return
            try:
                self._append(record, target)
            except OSError:
                self._end()

    def close(self) -> None:
        """Append nothing more."""
        with self._lock:
            self._end()

    def _append(self, record: Record, target: str) -> None:
        if self._descriptor < 0:
            self._begin()
        link = link_of(record)
        data = b"" if link in self._links else blocks.interface(*link, LONGEST)
        number = self._links.setdefault(link, len(self._links))
        stamp_ns, seen = round(record.stamp * 1e9), (record.data, record.length)
        self._write(data + blocks.packet(number, stamp_ns, seen, _notes(record, target)))

    def _begin(self) -> None:
        path = Path(os.path.realpath(self._path))
        beside, self._descriptor = opened_beside(path)
        try:
            self._write(blocks.section(f"layerwalk {__version__}", UNFINISHED))
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise

    def _write(self, data: bytes) -> None:
        """Write blocks whole, as a disk may have room for a part of them only."""
        written = os.write(self._descriptor, data)
        if written < len(data):
            os.ftruncate(self._descriptor, self._length)
            raise OSError
        self._length += written

    def _end(self) -> None:
        self._over = True
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def link_of(record: Record) -> tuple[str, LinkType]:
    """The interface of a packet, and what packets begin with there."""
    return record.interface, LinkType.ETHERNET if record.ethernet else LinkType.IP


def _notes(record: Record, target: str) -> tuple[str, int]:
    way = "sent" if record.direction is Direction.OUT else "heard"
    kernel = " by the kernel" if record.kernel else ""
    comment = f"{record.measurement or 'walk'} of the walk to {target}: {way}{kernel}"
    return shortened(comment, _LONGEST), record.direction
