"""What systemd says of the units of this machine, and what they logged last.

It is asked on the system bus, and by its own tool where there is no bus that can be asked. Both
only read, and anyone may ask for states.
"""

from __future__ import annotations

import os
from threading import Event

from layerwalk.probes.firewall.tools import ToolError, Tools
from layerwalk.probes.lodging import USER_MANAGER
from layerwalk.probes.systemd.address import bus_paths
from layerwalk.probes.systemd.door import BusError, opened
from layerwalk.probes.systemd.entry import Choice, Chosen, Entry, Wish
from layerwalk.probes.systemd.tool import by_tool

__all__ = ["PATIENCE_S", "Choice", "Chosen", "Entry", "Wish", "units"]

PATIENCE_S = 3.0
BY_BUS, BY_TOOL = "systemd by D-Bus", "systemd by systemctl"


def units(wish: Wish, tools: Tools, cancel: Event) -> tuple[Chosen, str]:
    """Choose among systemd's units; beside them, who was asked.

    Raises:
        ToolError: systemd can't be asked.
    """
    try:
        return by_bus(wish, cancel), BY_BUS
    except BusError as error:
        if error.mute:  # its own tool would wait for the same process
            raise ToolError(str(error)) from error
        return _by_tool(wish, tools, error), BY_TOOL


def _by_tool(wish: Wish, tools: Tools, why: BusError) -> Chosen:
    try:
        return by_tool(wish, tools)
    except ToolError as error:
        if error.missing:
            words = f"{error}, and {why}"
            raise ToolError(words, missing=True) from error
        raise


def by_bus(wish: Wish, cancel: Event) -> Chosen:
    """Choose among what systemd tells on the bus.

    Raises:
        BusError: there is no bus that tells.
    """
    with opened(bus_paths(os.environ), PATIENCE_S) as sock:
        from layerwalk.probes.systemd.bus import Bus  # late: it loads D-Bus
        from layerwalk.probes.systemd.manager import Manager

        manager = Manager(Bus(sock, cancel, PATIENCE_S))
        told = {**wish.processes, **manager.unit_of([*wish.processes])}
        named = (it for it in told.values() if it and not USER_MANAGER.fullmatch(it))
        own = tuple(dict.fromkeys(named))
        chosen = wish.choice(manager.entries([*own, *wish.names]), own)
        return tuple((manager.whole(entry), fit) for entry, fit in chosen)
