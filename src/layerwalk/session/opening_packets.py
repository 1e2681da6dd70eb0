"""Opening the packets that a piece of evidence holds, for a person who wants to read them."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.session.report import EvidenceEntry

MOST = 6
"""How many packets are opened; the rest look alike."""


def opened_packets(entry: EvidenceEntry) -> tuple[str, ...]:
    """Take the first packets of an evidence apart, one text of several lines each.

    scapy does it; it is loaded only now.
    """
    found = list(dict.fromkeys(_packets(entry.data)))[:MOST]
    if not found:
        return ()
    from layerwalk.probes.wire.dissection import dissected

    return tuple("\n".join(dissected(packet)) for packet in found)


def _packets(data: object) -> Iterator[str]:
    """Find every ``packet`` in the data, however deep it stands."""
    if isinstance(data, dict):
        packet = data.get("packet")
        if isinstance(packet, str) and packet:
            yield packet
        for value in data.values():
            yield from _packets(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _packets(value)
