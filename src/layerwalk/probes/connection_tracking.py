"""This machine's table of tracked connections, read from /proc: nothing goes on the wire.

Anyone may read it. /proc/sys/net and /proc/thread-self/net answer for the network namespace of the
calling thread: the count and what was dropped are the namespace's, the maximum is the machine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from layerwalk.probes.facts import Outcome, TrackingFact, TrackingTimeout

SETTINGS = Path("/proc/sys/net/netfilter")
STATISTICS = Path("/proc/thread-self/net/stat/nf_conntrack")

_PREFIX = "nf_conntrack_"
_TIMEOUT = "tcp_timeout_"
_NAMES = {"chainlength": "chaintoolong"}
"""One column carries the name of what it counted in an earlier kernel."""


@dataclass(frozen=True)
class Table:
    """One look at it; ``counted`` are its statistics since the namespace began, by their names."""

    count: int
    maximum: int
    counted: dict[str, int] = field(default_factory=dict)


Look = Callable[[], Table | None]


def table() -> Table | None:
    """Look at the table; ``None`` where nothing tracks connections."""
    count, maximum = _setting("count"), _setting("max")
    if count is None or maximum is None:
        return None
    return Table(count, maximum, statistics())


def statistics() -> dict[str, int]:
    """Read the statistics, added up over all processors; they are hexadecimal."""
    found: dict[str, int] = {}
    with suppress(OSError, ValueError):
        head, *lines = STATISTICS.read_text(encoding="ascii").splitlines()
        names = [_NAMES.get(name, name) for name in head.split()]
        for line in lines:
            for name, value in zip(names, line.split(), strict=False):
                found[name] = found.get(name, 0) + int(value, 16)
    return found


class TrackingWatch:
    """Watches the table from its making on, from the thread that made it."""

    def __init__(self, look: Look = table) -> None:
        self._look = look
        self._first = look()

    def fact(self) -> TrackingFact:
        """How full it was, and what it dropped since then."""
        now = self._look()
        if now is None:
            return TrackingFact(outcome=Outcome.ANSWERED, in_use=False)
        first = self._first or now
        rises = {
            name: max(value - first.counted[name], 0)
            for name, value in now.counted.items()
            if name in first.counted
        }
        return TrackingFact(
            outcome=Outcome.ANSWERED,
            count=max(first.count, now.count),
            maximum=now.maximum,
            buckets=_setting("buckets") or 0,
            dropped=rises.get("drop"),
            dropped_early=rises.get("early_drop"),
            failed=rises.get("insert_failed"),
            too_long=rises.get("chaintoolong"),
            timeouts=tuple(_timeouts()),
        )


def _timeouts() -> Iterator[TrackingTimeout]:
    """How long an entry of TCP lasts, by its state."""
    with suppress(OSError):
        for path in sorted(SETTINGS.glob(f"{_PREFIX}{_TIMEOUT}*")):
            name = path.name.removeprefix(_PREFIX)
            value = _setting(name)
            if value is not None:
                yield TrackingTimeout(state=name.removeprefix(_TIMEOUT), seconds=float(value))


def _setting(name: str) -> int | None:
    try:
        return int((SETTINGS / f"{_PREFIX}{name}").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
