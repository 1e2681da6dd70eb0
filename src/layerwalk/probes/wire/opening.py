"""Opening the wire: by raw sockets where this process has the right to, else by the kernel."""

from __future__ import annotations

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.kernel.means import KernelMeans
from layerwalk.probes.wire.raw import RawMeans
from layerwalk.probes.wire.wire import Wire


def open_wire(*, raw: bool = True, origin: Origin = HERE) -> Wire:
    """Open the wire; without ``raw``, or the right to it, it has what the kernel gives everyone.

    All that leaves by it has the origin's mark, source and interface, or does not leave.
    """
    if raw:
        try:
            return Wire(lambda take: RawMeans(take, origin), origin)
        except OSError:
            pass
    return Wire(lambda take: KernelMeans(take, origin), origin)
