"""The kernel's counters of trouble, around all that a walk does: two looks, nothing on the wire.

Anyone may read them. /proc/thread-self/net answers for the network namespace of the calling thread;
softnet_stat alone counts for the whole machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from layerwalk.probes.connection_tracking import statistics
from layerwalk.probes.facts import KernelCountsFact, Outcome, Rise
from layerwalk.probes.facts.kernel_counts import MEANINGS
from layerwalk.probes.network_counters import devices, numbers, pairs

SOFTNET = Path("/proc/thread-self/net/softnet_stat")

_COLUMNS = {
    2: "rx_errs",
    3: "rx_drop",
    4: "rx_fifo",
    10: "tx_errs",
    11: "tx_drop",
    12: "tx_fifo",
    14: "tx_carrier",
}
"""Of /proc/net/dev: each interface's eight columns in, then eight out (net/core/net-procfs.c)."""

_SOFTNET = {1: "softnet_dropped", 10: "softnet_flow_limit"}

Look = Callable[[], Mapping[str, int]]


def every_counter() -> dict[str, int]:
    """Look at all of them, those of interfaces by ``eth0 rx_errs``."""
    found = {**pairs("snmp"), **pairs("netstat"), **numbers("snmp6")}
    known = {name: value for name, value in found.items() if name in MEANINGS}
    tracked = {f"conntrack_{name}": value for name, value in statistics().items()}
    known |= {name: value for name, value in tracked.items() if name in MEANINGS}
    return known | dict(_of_devices()) | _of_processors()


def _of_devices() -> Iterator[tuple[str, int]]:
    for device, columns in devices():
        if device != "lo":
            for number, name in _COLUMNS.items():
                if number < len(columns):
                    yield f"{device} {name}", columns[number]


def _of_processors() -> dict[str, int]:
    """Add up what the input queues of all processors have dropped; columns are hexadecimal."""
    found: dict[str, int] = {}
    with suppress(OSError, ValueError):
        for line in SOFTNET.read_text(encoding="ascii").splitlines():
            columns = [int(word, 16) for word in line.split()]
            for number, name in _SOFTNET.items():
                if number < len(columns):
                    found[name] = found.get(name, 0) + columns[number]
    return found


class KernelWatch:
    """Watches the counters from its making on, from the thread that made it."""

    def __init__(self, look: Look = every_counter) -> None:
        self._look = look
        self._began_s = time.monotonic()
        self._first = look()

    def fact(self) -> KernelCountsFact:
        """What rose since then; a counter that came later, or began anew, did not."""
        now = self._look()
        seconds = round(time.monotonic() - self._began_s, 3)
        if not (self._first and now):
            detail = "the kernel's counters could not be read"
            return KernelCountsFact(outcome=Outcome.FAILED, detail=detail)
        both = {name: now[name] - value for name, value in self._first.items() if name in now}
        return KernelCountsFact(
            outcome=Outcome.ANSWERED,
            seconds=seconds,
            watched=len(both),
            rises=tuple(Rise(name, by) for name, by in both.items() if by > 0),
        )
