"""From packets to replies: whatever is no answer to a SYN of this scan is nothing."""

from __future__ import annotations

import struct
from typing import NamedTuple

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.facts.ports import Reason, ScanState
from layerwalk.probes.scan.ear import Heap
from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.reasons import Reply, reason_of
from layerwalk.probes.wire.parse import read

_OPEN, _CLOSED = (ScanState.OPEN, Reason.SYN_ACK), (ScanState.CLOSED, Reason.RESET)
_FATES = {0x12: _OPEN, 0x14: _CLOSED}
"""By the flags of a whole answer: SYN and ACK, or RST and ACK."""

_BY_KIND = {AnswerKind.SYN_ACK: _OPEN, AnswerKind.RST: _CLOSED}
_TCP = b"\6"


class _Layout(NamedTuple):
    """Where things are in a packet whose TCP header comes first, and its first byte."""

    first: bytes
    protocol: int
    source: int
    ports: int

    @property
    def flags(self) -> int:
        """Where the flags are."""
        return self.ports + 13


_LAYOUTS = {4: _Layout(b"\x45", 9, 12, 20), 6: _Layout(b"\x60", 6, 8, 40)}


class Reader:
    """Reads the answers to one flow; never raises for what came in."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._layout = _LAYOUTS[flow.peer.version]
        self._target = flow.target
        self._ours = flow.source_port.to_bytes(2)

    def replies(self, heap: Heap) -> list[Reply]:
        """Read many packets: all at a glance where they are alike, else each by itself."""
        found = self._usual(heap)
        if found is None:
            found = [reply for reply in map(self.reply, heap.packets()) if reply]
        return found

    def _usual(self, heap: Heap) -> list[Reply] | None:
        """Read what is nothing but SYN-ACKs and resets of the target; ``None`` where more is."""
        layout, count = self._layout, len(heap.lengths)
        flags = heap.column(layout.flags)
        alike = (
            min(heap.lengths) > layout.flags
            and _FATES.keys() >= set(flags)
            and heap.column(0) == layout.first * count
            and heap.column(layout.protocol) == _TCP * count
            and heap.column(layout.source, len(self._target)) == self._target * count
            and heap.column(layout.ports + 2, 2) == self._ours * count
        )
        if not alike:
            return None
        ports = struct.unpack(f"!{count}H", heap.column(layout.ports, 2))
        numbers = struct.unpack(f"!{count}I", heap.column(layout.ports + 8, 4))
        expects = self._flow.expects
        return [
            Reply(port, *_FATES[flag])
            for port, number, flag in zip(ports, numbers, flags, strict=True)
            if expects(port, number)
        ]

    def reply(self, packet: bytes) -> Reply | None:
        """Read one packet from its IP header on, as all other probes do."""
        flow, heard = self._flow, read(packet)
        if heard is None or heard.identity.protocol != "tcp":
            return None
        mine, port = heard.identity, heard.identity.second
        if (mine.address, mine.first) != (flow.peer.dst, flow.source_port):
            return None
        if mine.number != flow.number(port):
            return None
        if heard.icmp_type is None or heard.icmp_code is None:
            fate = _BY_KIND.get(heard.kind)
            return Reply(port, *fate) if fate else None
        reason = reason_of(flow.peer.version, heard.icmp_type, heard.icmp_code)
        return Reply(port, ScanState.FILTERED, reason, heard.responder) if reason else None
