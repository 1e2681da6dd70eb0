"""Opening the wire: by raw sockets where this process has the right to, else by the kernel."""

from __future__ import annotations

from layerwalk.probes.wire.kernel.means import KernelMeans
from layerwalk.probes.wire.raw import RawMeans
from layerwalk.probes.wire.wire import Wire


def open_wire(*, raw: bool = True) -> Wire:
    """Open the wire; without ``raw``, or the right to it, it has what the kernel gives everyone."""
    if raw:
        try:
            return Wire(RawMeans)
        except OSError:
            pass
    return Wire(KernelMeans)
