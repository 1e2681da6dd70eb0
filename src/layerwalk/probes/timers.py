"""How long this machine's kernel tries to connect and waits: its settings, from /proc/sys/net.

Nothing goes on the wire, and no rights are needed. /proc/sys/net answers for the network namespace
of the calling thread. IPv6 uses the same settings.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Outcome, TimersFact
from layerwalk.probes.tcp_settings import tcp_settings

SETTINGS = Path("/proc/sys/net/ipv4")
TRACKING = Path("/proc/sys/net/netfilter")

_LONGEST_MS = 120_000
"""TCP_RTO_MAX of kernels that have no setting for it."""

_OF_TCP = "nf_conntrack_tcp_timeout_"
_GENERIC = "nf_conntrack_generic_timeout"


def timers(_ctx: ProbeContext, settings: Path = SETTINGS, tracking: Path = TRACKING) -> TimersFact:
    """Read the settings; those that an older kernel lacks have its fixed values."""
    try:
        return TimersFact(
            outcome=Outcome.ANSWERED,
            syn_retries=_number(settings / "tcp_syn_retries"),
            linear_timeouts=_number(settings / "tcp_syn_linear_timeouts", 0),
            longest_s=_number(settings / "tcp_rto_max_ms", _LONGEST_MS) / 1000,
            tcp=tcp_settings(settings),
            tracked_s=_tracked(tracking),
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


def _tracked(folder: Path) -> dict[str, float]:
    """Read the time limits of connection tracking; nothing where it is not loaded, or hidden."""
    found: dict[str, float] = {}
    for path in sorted(folder.glob(f"{_OF_TCP}*")):
        with suppress(OSError, ValueError):
            found[path.name.removeprefix(_OF_TCP)] = float(_number(path))
    with suppress(OSError, ValueError):
        found["generic"] = float(_number(folder / _GENERIC))
    return found
