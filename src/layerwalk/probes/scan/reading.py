"""From packets to replies: whatever is no answer to a SYN of this scan is nothing."""

from __future__ import annotations

import struct

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.facts.ports import Reason, ScanState
from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.reasons import Reply, reason_of
from layerwalk.probes.wire.parse import read

_LAYOUTS = {
    4: (struct.Struct("!B8xB2x4s4xHH4xIxB"), 0x45, 0xFF),
    6: (struct.Struct("!B5xBx16s16xHH4xIxB"), 0x60, 0xF0),
}
"""Where a TCP header comes first: the first byte (and which bits of it count), the protocol, the
source address, both ports, the acknowledgement and the flags."""

_SYN_ACK, _RST = 0x12, 0x04
_FATES = {
    AnswerKind.SYN_ACK: (ScanState.OPEN, Reason.SYN_ACK),
    AnswerKind.RST: (ScanState.CLOSED, Reason.RESET),
}


class Reader:
    """Reads the answers to one flow; never raises for what came in."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._layout, self._first, self._mask = _LAYOUTS[flow.peer.version]
        self._target = flow.target

    def reply(self, packet: bytes | memoryview) -> Reply | None:
        """Read one packet from its IP header on. What is usual takes one look."""
        if len(packet) < self._layout.size:
            return None
        first, protocol, source, port, ours, acknowledged, flags = self._layout.unpack_from(packet)
        if protocol != 6 or first & self._mask != self._first:
            return self._seldom(bytes(packet))
        mine = source == self._target and ours == self._flow.source_port
        if not (mine and self._flow.expects(port, acknowledged)):
            return None
        if flags & _RST:
            return Reply(port, ScanState.CLOSED, Reason.RESET)
        if flags & _SYN_ACK == _SYN_ACK:
            return Reply(port, ScanState.OPEN, Reason.SYN_ACK)
        return None

    def _seldom(self, packet: bytes) -> Reply | None:
        """Read an ICMP error, or a segment behind IP options, as all other probes do."""
        flow, heard = self._flow, read(packet)
        if heard is None or heard.identity.protocol != "tcp":
            return None
        mine, port = heard.identity, heard.identity.second
        if (mine.address, mine.first) != (flow.peer.dst, flow.source_port):
            return None
        if mine.number != flow.number(port):
            return None
        if heard.icmp_type is None or heard.icmp_code is None:
            fate = _FATES.get(heard.kind)
            return Reply(port, *fate) if fate else None
        reason = reason_of(flow.peer.version, heard.icmp_type, heard.icmp_code)
        return Reply(port, ScanState.FILTERED, reason, heard.responder) if reason else None
