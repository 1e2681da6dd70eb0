"""The SYN-ACKs for connections of the kernel's own, whose SYNs were never seen here."""

from __future__ import annotations

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.wire.parse import Heard

_MOST_FLOWS = 1024
_SEVERAL = 2

Flow = tuple[str, int, int]


class Handshakes:
    """Keeps the first SYN-ACK of each flow, and notes where others contradict it.

    Only one acknowledgement can be that of the kernel's SYN. Where several come, all but one are
    forged, and which one is not can't be told: the flow then has no handshake that may be used.
    """

    def __init__(self) -> None:
        self._known: dict[Flow, dict[int, Heard]] = {}

    def note(self, heard: Heard) -> bool:
        """Take in what answers no packet of ours; tells whether it is a SYN-ACK worth noting."""
        if heard.kind is not AnswerKind.SYN_ACK:
            return False
        mine = heard.identity
        flow = (mine.address, mine.first, mine.second)
        if flow not in self._known and len(self._known) >= _MOST_FLOWS:
            return False
        known = self._known.setdefault(flow, {})
        if mine.number in known or len(known) >= _SEVERAL:
            return False
        known[mine.number] = heard
        return True

    def of(self, address: str, ports: tuple[int, int]) -> Heard | None:
        """The SYN-ACK of a flow; ``None`` where there is none, or more than one."""
        known = self._known.get((address, *ports), {})
        return next(iter(known.values())) if len(known) == 1 else None
