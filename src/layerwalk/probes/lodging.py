"""What a process belongs to, by its control group (/proc/PID/cgroup, cgroups(7)): unit, container.

Anyone may read it, of any process that is seen from here. Sources: systemd's "Control Group APIs
and Delegation", and the groups that Docker, containerd, CRI-O, Podman, LXC and nspawn make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_UNIT = re.compile(r"_?([A-Za-z0-9:_.\\@-]+\.(?:service|socket|scope))")
_SLICE = re.compile(r"_?[A-Za-z0-9:_.\\@-]+\.slice")
USER_MANAGER = re.compile(r"user@\d+\.service")
"""The unit of a user's own service manager, whose units are not the machine's."""

_DIGITS = re.compile(r"(?:^|[/:-])([0-9a-f]{64})(?=$|[/.])")
_NAMED = (
    re.compile(r"(?:^|/)lxc\.payload[./]([\w.-]+)"),
    re.compile(r"(?:^|/)lxc/(?!monitor)([\w.-]+)"),
    re.compile(r"(?:^|/)systemd-nspawn@([\w.\\-]+)\.service/payload(?=/|$)"),
    re.compile(r"(?:^|/)machine-(?!qemu)([\w.\\-]+)\.scope(?=/|$)"),
    re.compile(r"(?:^|/)ecs/[0-9a-f]{32}/([0-9a-f]{32}-\d+)(?=/|$)"),
)
"""Containers that are called by a name: LXC's and its kin's, nspawn's, and Fargate's."""

_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")
_SYSTEMD = ("", "name=systemd")
_MOST_BYTES = 65536
_FIELDS = 3


@dataclass(frozen=True)
class Lodging:
    """The systemd unit and the container that a process is part of; empty for none.

    ``unit`` may be one of a user's own manager, or of one inside the container; ``keeper`` is the
    one that this machine's own systemd knows, where that is the same or holds a container.
    """

    unit: str = ""
    container: str = ""
    keeper: str = ""


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
    own = [paths[kind] for kind in _SYSTEMD if _units(paths.get(kind, ""))] or [*paths.values()]
    unit, keeper = (_innermost(own[0]), _keeper(own[0])) if own else ("", "")
    container = _container([*own, *paths.values()])
    return Lodging(unit, container, keeper if unit == keeper or container else "")


def _innermost(path: str) -> str:
    """The unit that names a process best: a service before a scope, and not a user's manager."""
    units = _units(path)
    own = [unit for unit in units if not USER_MANAGER.fullmatch(unit)] or units
    return ([unit for unit in own if not unit.endswith(".scope")] or own or [""])[-1]


def _units(path: str) -> list[str]:
    return [hit[1] for hit in map(_UNIT.fullmatch, path.split("/")) if hit]


def _keeper(path: str) -> str:
    """The unit that systemd itself takes a process to be of: the first one below the slices."""
    for part in path.strip("/").split("/"):
        if _SLICE.fullmatch(part):
            continue
        hit = _UNIT.fullmatch(part)
        return hit[1] if hit and not USER_MANAGER.fullmatch(part) else ""
    return ""


def _container(paths: list[str]) -> str:
    """The innermost container: a name, where it has one, else its digits."""
    return next((found for path in paths for found in _last_of(path)), "")


def _last_of(path: str) -> Iterator[str]:
    digits = _DIGITS.findall(path)
    if digits:
        yield digits[-1]
    for pattern in _NAMED:
        for name in pattern.findall(path)[-1:]:
            yield _ESCAPED.sub(_unescaped, name)


def _unescaped(hit: re.Match[str]) -> str:
    """Read what systemd-escape(1) wrote, where it prints."""
    char = chr(int(hit[1], 16))
    return char if char.isascii() and char.isprintable() else hit[0]
