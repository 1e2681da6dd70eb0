"""TCP options as they come in (RFC 9293 3.2, RFC 7323, RFC 2018)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_NAMES = {2: "mss", 3: "window-scale", 4: "sack-permitted", 5: "sack", 8: "timestamps", 34: "tfo"}


@dataclass(frozen=True)
class Options:
    """The options' names in their order, the MSS, and the first SACK block."""

    names: tuple[str, ...] = ()
    mss: int | None = None
    sack: tuple[int, int] | None = None


def read_options(data: bytes) -> Options:
    """Read options until they end or make no sense."""
    names: list[str] = []
    mss: int | None = None
    sack: tuple[int, int] | None = None
    while data and data[0] != 0:
        if data[0] == 1:
            data = data[1:]
            continue
        kind, length = data[0], data[1] if len(data) > 1 else 0
        if length < 2 or length > len(data):
            break
        names.append(_NAMES.get(kind, str(kind)))
        if (kind, length) == (2, 4):
            mss = struct.unpack_from("!H", data, 2)[0]
        elif kind == 5 and length >= 10:
            sack = struct.unpack_from("!II", data, 2)
        data = data[length:]
    return Options(tuple(names), mss, sack)
