"""How much room the kernel has for neighbours (rtnetlink(7), RTM_GETNEIGHTBL).

The tables are the machine's, and their figures are told in every network namespace, to anyone;
/proc/sys has them in the first one only. Formats: linux/neighbour.h.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

from layerwalk.probes.facts import NeighbourTable
from layerwalk.probes.rtnetlink import Rtnetlink
from layerwalk.probes.rtnetlink.attributes import each

_GET_TABLE = 66  # RTM_GETNEIGHTBL
_LIMIT, _CONFIG, _STATS = 4, 5, 7  # NDTA_THRESH3, NDTA_CONFIG, NDTA_STATS
_FULLS = 10
"""The place of ndts_table_fulls, eight bytes each; kernels before 4.1 end earlier."""

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def neighbour_table(version: int) -> NeighbourTable | None:
    """Look at the table of a family; ``refused`` counts since the machine was started.

    ``None`` where the kernel does not tell.
    """
    try:
        for message in _messages():
            found = read_table(message)
            if found and message[0] == _FAMILIES[version]:
                return found
    except (OSError, struct.error):
        return None
    return None


def read_table(message: bytes) -> NeighbourTable | None:
    """Read one table behind its netlink header; ``None`` for the settings of one interface.

    Raises:
        struct.error: it is cut off.
    """
    found = dict(each(message[4:]))
    if _CONFIG not in found:
        return None
    (entries,) = struct.unpack_from("=I", found[_CONFIG], 4)
    (limit,) = struct.unpack_from("=I", found.get(_LIMIT, bytes(4)))
    stats = found.get(_STATS, b"")
    told = len(stats) >= 8 * (_FULLS + 1)
    refused = struct.unpack_from("=Q", stats, 8 * _FULLS)[0] if told else 0
    return NeighbourTable(entries=entries, limit=limit, refused=refused)


def since(before: NeighbourTable | None, now: NeighbourTable | None) -> NeighbourTable | None:
    """Give the later of two looks, with what was refused between them."""
    if before is None or now is None:
        return None
    refused = max(now.refused - before.refused, 0)
    return NeighbourTable(entries=now.entries, limit=now.limit, refused=refused)


def _messages() -> Iterator[bytes]:
    with Rtnetlink() as kernel:
        yield from kernel.every(_GET_TABLE, bytes(4))
