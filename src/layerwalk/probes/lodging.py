"""What a process belongs to, by its control group (/proc/PID/cgroup, cgroups(7)): unit, container.

Anyone may read it, of any process that is seen from here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_UNIT = re.compile(r"[^/]+\.(?:service|socket|scope)")
_CONTAINER = re.compile(r"(?:^|[/:-])([0-9a-f]{64})(?=$|[/.])")
_SYSTEMD = ("", "name=systemd")
_MOST_BYTES = 65536
_FIELDS = 3


@dataclass(frozen=True)
class Lodging:
    """The systemd unit and the container that a process is part of; empty for none."""

    unit: str = ""
    container: str = ""


def lodging(pid: int, proc: Path = _PROC) -> Lodging:
    """Look at the control groups of a process."""
    with suppress(OSError), (proc / str(pid) / "cgroup").open("rb") as file:
        return read_lodging(file.read(_MOST_BYTES).decode(errors="replace"))
    return Lodging()


def read_lodging(text: str) -> Lodging:
    """Take both out of the lines ``number:controllers:path``. Pure.

    Where version 1 has a group for each controller, systemd's own names the unit. The containers of
    Docker, containerd, CRI-O and Podman are known by their 64 hexadecimal digits.
    """
    lines = [line.split(":", 2) for line in text.splitlines()]
    paths = {line[1]: line[2] for line in lines if len(line) == _FIELDS}
    own = [path for kind, path in paths.items() if kind in _SYSTEMD] or [*paths.values()]
    units = [part for path in own for part in path.split("/") if _UNIT.fullmatch(part)]
    named = [unit for unit in units if not unit.endswith(".scope")] or units
    hits = (_CONTAINER.search(path) for path in paths.values())
    return Lodging(
        unit=named[-1] if named else "", container=next((hit[1] for hit in hits if hit), "")
    )
