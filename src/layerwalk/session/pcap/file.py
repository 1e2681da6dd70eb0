"""The file that ``--pcap`` names: a section for each walk, written when all are over.

Until then it grows (``growing``), so that what a walk has seen outlives it however it ends.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from layerwalk import __version__
from layerwalk.probes.facts import Evidence, Target
from layerwalk.probes.wire.record import LONGEST, Record
from layerwalk.probes.wire.recording import Recording
from layerwalk.session.pcap import blocks
from layerwalk.session.pcap.comments import Comments
from layerwalk.session.pcap.growing import Growing, link_of
from layerwalk.session.plain import plain
from layerwalk.session.saving import write_whole
from layerwalk.session.targets import BadInput

MOST = 20_000
"""How many packets of a walk are kept; one without options sends some hundred."""

NO_RIGHT = (
    "--pcap needs raw sockets, which this user may not open: say it as root, with sudo, or leave"
    " --pcap out"
)


class PacketFile:
    """Takes in the packets of walks, ``most`` of each, and saves them under ``path``."""

    most = MOST

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sections: list[bytes] = []
        self._growing = Growing(path)
        self._lock = threading.Lock()

    def begin(self, recording: Recording, target: Target) -> None:
        """Have a walk's packets kept, and written as they come, until the file is saved."""
        name = plain(target.input)
        recording.begin(self.most, lambda record: self._growing.add(record, name))

    def add(self, recording: Recording, evidence: Sequence[Evidence], target: Target) -> None:
        """Take in what a walk has sent and heard."""
        missed = f"; {recording.missed} more packets were not kept" if recording.missed else ""
        unseen = "" if recording.whole else "; what the kernel sent by itself was not kept"
        comment = f"walk to {plain(target.input)}{missed}{unseen}"
        with self._lock:
            self._sections.append(section(recording.records, evidence, comment))

    def save(self) -> None:
        """Write the file, in the place of what was written while the walks went on.

        Raises:
            OSError: it can't be written; what stands there is untouched.
        """
        self._growing.close()
        with self._lock:
            whole = b"".join(self._sections)
        if whole:
            write_whole(self.path, (whole,))


def section(records: Sequence[Record], evidence: Sequence[Evidence], comment: str) -> bytes:
    """Write the packets of one walk, in the order of their times."""
    comments = Comments(records, evidence)
    links = {it: number for number, it in enumerate(dict.fromkeys(map(link_of, records)))}
    parts = [blocks.section(f"layerwalk {__version__}", comment)]
    parts += [blocks.interface(name, kind, LONGEST) for name, kind in links]
    for place in sorted(range(len(records)), key=lambda it: records[it].stamp):
        record = records[place]
        parts.append(
            blocks.packet(
                links[link_of(record)],
                round(record.stamp * 1e9),
                (record.data, record.length),
                (comments.on(place), record.direction),
            )
        )
    return b"".join(parts)


def check_right() -> None:
    """Tell, before any walk, whether packets can be kept at all.

    Raises:
        BadInput: this process may not open raw sockets.
    """
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0).close()
    except OSError as error:
        raise BadInput(NO_RIGHT) from error
