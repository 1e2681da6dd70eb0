"""How long this machine's kernel tries to connect: its settings, from /proc/sys/net.

Nothing goes on the wire, and no rights are needed. /proc/sys/net answers for the network namespace
of the calling thread. IPv6 uses the same settings.
"""

from __future__ import annotations

from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Outcome, TimersFact

SETTINGS = Path("/proc/sys/net/ipv4")

_LONGEST_MS = 120_000
"""TCP_RTO_MAX of kernels that have no setting for it."""


def timers(_ctx: ProbeContext, settings: Path = SETTINGS) -> TimersFact:
    """Read the settings; those that an older kernel lacks have its fixed values."""
    try:
        return TimersFact(
            outcome=Outcome.ANSWERED,
            syn_retries=_number(settings / "tcp_syn_retries"),
            linear_timeouts=_number(settings / "tcp_syn_linear_timeouts", 0),
            longest_s=_number(settings / "tcp_rto_max_ms", _LONGEST_MS) / 1000,
        )
    except OSError as error:
        detail = f"{error.filename}: {error.strerror}"
        return TimersFact(outcome=outcome_of(error, opening=True), detail=detail)
    except ValueError as error:
        return TimersFact(outcome=Outcome.FAILED, detail=str(error))


def _number(path: Path, absent: int | None = None) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        if absent is None:
            raise
        return absent
