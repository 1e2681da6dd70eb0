"""What is said of each packet: its evidence, and how the probe fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from layerwalk.probes.facts import Evidence
from layerwalk.probes.wire.record import Direction, Record
from layerwalk.session.entries import entry_of
from layerwalk.session.plain import shortened

_LONGEST = 400
_TCP, _RST = 6, 0x04


class Comments:
    """The comments on the packets of one walk."""

    def __init__(self, records: Sequence[Record], evidence: Sequence[Evidence]) -> None:
        self._records = records
        self._headings: Mapping[str, tuple[str, str]] = {
            it.step: _heading(it) for it in evidence if it.step
        }
        self._answers: dict[int, Record] = {}
        for record in records:
            if record.probe is not None:
                self._answers.setdefault(record.probe, record)

    def on(self, place: int) -> str:
        """Comment on the packet at this place: ``e7 syn: TTL 3, no answer. SYN to …``."""
        record = self._records[place]
        name, finding = self._headings.get(record.measurement, (record.measurement, ""))
        leaves = record.direction is Direction.OUT
        said = self._sent(place) if leaves else self._came(record)
        if record.kernel:
            said = f"{record.kernel} {'from' if leaves else 'to'} the kernel"
        return shortened(f"{name}: {said}. {finding}".rstrip(". "), _LONGEST)

    def _sent(self, place: int) -> str:
        record = self._records[place]
        if record.ethernet:
            return "question on the link"
        answer = self._answers.get(place)
        if _is_reset(record):
            return "reset, so that nothing stays half open"
        if answer is None:
            return f"TTL {_ttl(record)}, no answer"
        trip_ms = max(answer.stamp - record.stamp, 0.0) * 1000
        return f"TTL {_ttl(record)}, answered by {_source(answer)} after {trip_ms:.1f} ms"

    def _came(self, record: Record) -> str:
        if record.ethernet:
            return "answer on the link"
        if record.probe is None:
            return "seen on its port"
        return f"answer to the packet with TTL {_ttl(self._records[record.probe])}"


def _heading(evidence: Evidence) -> tuple[str, str]:
    entry = entry_of(evidence)
    return f"{entry.id} {entry.probe}", entry.finding


def _is_four(record: Record) -> bool:
    return record.data[0] >> 4 == 4  # noqa: PLR2004 - the IP version


def _ttl(record: Record) -> int:
    return record.data[8 if _is_four(record) else 7]


def _source(record: Record) -> str:
    return str(ip_address(record.data[12:16] if _is_four(record) else record.data[8:24]))


def _is_reset(record: Record) -> bool:
    """Whether a packet that we have sent, so one without options of IP, is a TCP reset."""
    protocol, flags = (9, 33) if _is_four(record) else (6, 53)
    return record.data[protocol] == _TCP and bool(record.data[flags] & _RST)
