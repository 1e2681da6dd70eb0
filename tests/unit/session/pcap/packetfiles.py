"""Reading a packet file back, by a reader that is not ours."""

import io
from dataclasses import dataclass
from pathlib import Path

from scapy.utils import RawPcapNgReader


@dataclass(frozen=True)
class Seen:
    """One packet of a file."""

    data: bytes
    length: int
    stamp_ns: int
    interface: str
    link_type: int
    direction: int
    comment: str

    @property
    def evidence(self) -> str:
        """The id that the comment begins with."""
        return self.comment.split()[0]


def seen_in(file: bytes | Path) -> list[Seen]:
    """Read every packet of a file."""
    data = file.read_bytes() if isinstance(file, Path) else file
    return [_seen(packet, notes) for packet, notes in RawPcapNgReader(io.BytesIO(data))]


def _seen(packet: bytes, notes: object) -> Seen:
    high, low = (getattr(notes, name) for name in ("tshigh", "tslow"))
    comments = getattr(notes, "comments", None) or [b""]
    return Seen(
        data=packet,
        length=getattr(notes, "wirelen", 0),
        stamp_ns=(high << 32) + low,
        interface=(getattr(notes, "ifname", None) or b"").decode(),
        link_type=getattr(notes, "linktype", 0),
        direction=getattr(notes, "direction", 0),
        comment=comments[0].decode(),
    )
