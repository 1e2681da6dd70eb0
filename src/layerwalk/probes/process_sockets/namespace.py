"""The sockets of the network namespace that a process is in, by the best means that there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from layerwalk.probes.facts.sockets import Socket
from layerwalk.probes.quarters import Quarters
from layerwalk.probes.sock_diag import Pick, dump
from layerwalk.probes.sock_diag.proc_table import proc_table

_Result = TypeVar("_Result")


def rows_of(pid: int, pick: Pick, *, info: bool) -> tuple[list[Socket], list[str]]:
    """List the TCP sockets in a process's network, and say what could not be told of them.

    Raises:
        ProcessLookupError: there is no such process.
        OSError: the sockets can't be listed in any way.
    """
    try:
        return list(within_network(pid, lambda: dump(pick=pick, info=info))), []
    except PermissionError:
        rows = _by_proc(pid, pick)
    gap = (
        f"this user may not enter the network of process {pid} (it takes CAP_SYS_ADMIN): listed by"
        f" /proc/{pid}/net/tcp, which knows neither marks nor the limits of listeners' queues"
    )
    return rows, [gap]


def within_network(pid: int, call: Callable[[], _Result]) -> _Result:
    """Call something in the network namespace of a process.

    Raises:
        ProcessLookupError: there is no such process.
        PermissionError: this user may not look at it, or not enter.
    """
    try:
        with Path(f"/proc/{pid}/ns/net").open("rb") as network:
            if Path(f"/proc/{pid}/ns/net").samefile("/proc/thread-self/ns/net"):
                return call()
            return Quarters(pid=pid, network=network.fileno()).within(call)
    except FileNotFoundError as error:
        raise ProcessLookupError(*error.args) from error


def _by_proc(pid: int, pick: Pick) -> list[Socket]:
    folder = Path(f"/proc/{pid}/net")
    try:
        rows = [row for version in (4, 6) for row in proc_table(version, folder)]
    except FileNotFoundError as error:
        raise ProcessLookupError(*error.args) from error
    return [row for row in rows if pick.means(row)]
