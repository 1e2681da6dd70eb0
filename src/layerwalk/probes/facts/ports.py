"""The ports that a person asks for, in nmap's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome

Span = tuple[int, int]
"""The first and the last of some ports in a row."""

_MOST = 6
"""How many spans a line names."""

_SAMPLE, _QUICK_S = 100, 0.1
_WHOLE_WAY = 64


class ScanState(StrEnum):
    """What nmap calls a port (its manual, "Port Scanning Basics")."""

    OPEN = "open"
    CLOSED = "closed"
    FILTERED = "filtered"


class Reason(StrEnum):
    """Why it calls it so (``nmap -sS --reason``)."""

    SYN_ACK = "syn-ack"
    RESET = "reset"
    NO_RESPONSE = "no-response"
    NET_UNREACH = "net-unreach"
    HOST_UNREACH = "host-unreach"
    PROTO_UNREACH = "proto-unreach"
    PORT_UNREACH = "port-unreach"
    NET_PROHIBITED = "net-prohibited"
    HOST_PROHIBITED = "host-prohibited"
    ADMIN_PROHIBITED = "admin-prohibited"
    TIME_EXCEEDED = "time-exceeded"
    NO_ROUTE = "no-route"
    BEYOND_SCOPE = "beyond-scope"
    REJECT_ROUTE = "reject-route"


STATES = tuple(ScanState)

Fate = tuple[ScanState, Reason, str]
"""What became of a port: its state, why, and who sent the ICMP error that says so."""


@dataclass(frozen=True)
class PortsAsked:
    """Which ports a person wants to know of, and how many packets a second that may take.

    They are asked in this order, each once, and kept in rows: there may be 65,535 of them.
    """

    spans: tuple[Span, ...]
    rate: int

    @classmethod
    def of(cls, ports: Iterable[int], rate: int) -> PortsAsked:
        """Take ports in the order in which they are named."""
        return cls(tuple(_rows(dict.fromkeys(ports))), rate)

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(last - first + 1 for first, last in self.spans)

    def __iter__(self) -> Iterator[int]:
        """Each port, in order."""
        return (port for first, last in self.spans for port in range(first, last + 1))


@dataclass(frozen=True, kw_only=True)
class PortGroup:
    """Ports that fared alike, ``count`` of them, listed as on a command line: ``22,80-90``.

    ``by`` is who sent the ICMP error that says so, if one did.
    """

    state: ScanState
    reason: Reason
    ports: str
    count: int
    by: str = ""

    def in_words(self, most: int = _MOST) -> str:
        """Name the ports, at most so many rows of them, and why they are called so."""
        rows = self.ports.split(",", most)
        rest = self.count - sum(last - first + 1 for first, last in spans_in(",".join(rows[:most])))
        ports = ", ".join(rows[:most]) + (f" and {rest} more" if rest else "")
        number = f"{self.count}: " if self.count > 1 else ""
        by = f" from {self.by}" if self.by else ""
        return f"{number}{ports} ({self.reason}{by})"


@dataclass(frozen=True, kw_only=True)
class PortsFact(Fact):
    """The state of the ports of one address that were asked to their end.

    ``wanted`` counts those that were to be asked. ``rate`` is in packets a second: what was allowed
    at most, and ``least_rate`` what it came down to. ``prompt`` counts ports that answered at once,
    ``late`` those that did so only when asked again; no round trip took longer than ``slowest_s``
    seconds. ``dropped`` are packets that this machine had no room for, after which all silent
    ports were asked once more; ``refused_locally`` ports that its own rules would not let be asked.
    ``half_open`` is false where they were connection attempts of the kernel's.
    """

    probe: ClassVar[str] = "ports"
    layer: ClassVar[int] = 4

    address: str
    wanted: int
    groups: tuple[PortGroup, ...] = ()
    sent: int = 0
    rate: int = 0
    least_rate: int = 0
    prompt: int = 0
    late: int = 0
    slowest_s: float = 0.0
    dropped: int = 0
    refused_locally: int = 0
    half_open: bool = True

    @property
    def told(self) -> int:
        """How many ports have a state."""
        return sum(group.count for group in self.groups)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The friendliest answer of a port's, where any answered: a sign of life like others."""
        kinds = {ScanState.OPEN: AnswerKind.SYN_ACK, ScanState.CLOSED: AnswerKind.RST}
        found = (kinds[group.state] for group in self.groups if group.state in kinds)
        return tuple(
            Answer(kind=kind, responder=bare, hop=_WHOLE_WAY, rtt_s=self.slowest_s, timed=False)
            for kind, bare in zip(found, [self.address.partition("%")[0]], strict=False)
        )

    @property
    def lossless(self) -> bool:
        """Whether so many ports answered at once, and none late, that nothing can get lost."""
        many = self.outcome.measured and self.prompt >= _SAMPLE
        return many and not (self.late or self.dropped) and self.slowest_s < _QUICK_S

    @property
    def finding(self) -> str:
        """The ports by their state, and what is to be known of how they were asked."""
        if not self.groups:
            return f"ports of {self.address}: {self.detail or self.outcome}"
        parts = [f"{g.state} {g.in_words()}" for g in self.groups]
        return f"ports of {self.address}: {'; '.join([*parts, *self.remarks])}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else is to be known of how they were asked."""
        left = self.wanted - self.told
        again = ": silent ports were asked again"
        slower = f", so the rate came down to {self.least_rate} packets a second"
        said = (
            (
                left > 0,
                f"{left} of {self.wanted} not asked to the end: --budget and --rate allow more",
            ),
            (self.late > 0, f"{self.late} answered only when asked again{slower}"),
            (
                self.dropped > 0,
                f"{self.dropped} packets came faster than they were read here{again}",
            ),
            (self.refused_locally > 0, f"{self.refused_locally} this machine would not ask"),
        )
        return tuple(text for true, text in said if true)

    @property
    def command(self) -> str:
        """The same scan by nmap."""
        version = "-6 " if ":" in self.address else ""
        scan = "-sS" if self.half_open else "-sT"
        spans = (span for group in self.groups for span in spans_in(group.ports))
        ports = written(spans_of(port for a, b in spans for port in range(a, b + 1)))
        rate = f"--max-rate {self.rate} " if self.rate else ""
        return f"nmap {version}{scan} -n -Pn --reason {rate}-p {ports or '-'} {self.address}"


def spans_of(ports: Iterable[int]) -> tuple[Span, ...]:
    """Put ports into rows, in their order: ``1, 2, 3, 7`` becomes ``(1, 3), (7, 7)``."""
    return tuple(_rows(sorted(ports)))


def _rows(ports: Iterable[int]) -> Iterator[Span]:
    first = last = 0
    for port in ports:
        if last and port == last + 1:
            last = port
            continue
        if last:
            yield first, last
        first = last = port
    if last:
        yield first, last


def written(spans: Iterable[Span]) -> str:
    """Write rows of ports as on a command line: ``22,80-90``."""
    return ",".join(f"{a}-{b}" if b > a else str(a) for a, b in spans)


def spans_in(text: str) -> Iterator[Span]:
    """Read rows of ports.

    Raises:
        ValueError: something in it is no row of ports.
    """
    for row in text.split(","):
        first, _, last = row.partition("-")
        yield int(first), int(last or first)


def grouped(fared: Iterable[tuple[int, Fate]]) -> tuple[PortGroup, ...]:
    """Put ports together that fared alike: open ones first, the largest groups first."""
    found: dict[Fate, list[int]] = {}
    for port, fate in fared:
        found.setdefault(fate, []).append(port)
    order = sorted(found, key=lambda it: (STATES.index(it[0]), -len(found[it]), it[1], it[2]))
    return tuple(
        PortGroup(
            state=fate[0],
            reason=fate[1],
            ports=written(spans_of(found[fate])),
            count=len(found[fate]),
            by=fate[2],
        )
        for fate in order
    )


def outcome_of_groups(groups: tuple[PortGroup, ...], *, cancelled: bool) -> Outcome:
    """Say in one word what came of a scan: what the friendliest port did."""
    if cancelled:
        return Outcome.CANCELLED
    if not groups:
        return Outcome.NOT_RUN
    first = groups[0]
    if first.state is ScanState.OPEN:
        return Outcome.ANSWERED
    if first.state is ScanState.CLOSED:
        return Outcome.REFUSED
    silent = all(group.reason is Reason.NO_RESPONSE for group in groups)
    return Outcome.SILENT if silent else Outcome.REJECTED
