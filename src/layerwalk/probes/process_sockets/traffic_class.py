"""Whether borrowing a socket would change how its packets are treated.

On a machine with the controllers net_cls or net_prio of cgroups v1, whoever is handed a socket by
pidfd_getfd(2) gives it the class and the priorities of the group that it is in itself
(net/core/scm.c, kernel's cgroup-v1/net_cls). Where ours are not those of the socket's owner, its
sockets are left alone.
"""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")
_SETTINGS = {"net_cls": "net_cls.classid", "net_prio": "net_prio.ifpriomap"}


def keeps_class(pid: int, proc: Path = _PROC) -> bool:
    """Tell whether a socket of a process is treated as before after it was borrowed.

    Raises:
        OSError: the process has ended, or may not be looked at.
    """
    theirs, ours = _groups(proc / str(pid)), _groups(proc / "self")
    return all(_alike(one, theirs.get(one), ours.get(one), proc) for one in _SETTINGS)


def _groups(home: Path) -> dict[str, str]:
    """The group of a process by controller: ``7:net_cls,net_prio:/path`` (cgroups(7))."""
    found: dict[str, str] = {}
    for line in (home / "cgroup").read_text(encoding="utf-8", errors="replace").splitlines():
        _, controllers, path = line.split(":", 2)
        found |= dict.fromkeys(controllers.split(","), path)
    return found


def _alike(controller: str, theirs: str | None, ours: str | None, proc: Path) -> bool:
    if theirs == ours:
        return True
    mount = _mounted(controller, proc)
    if None in {mount, theirs, ours}:
        return False
    try:
        first, second = (
            (Path(f"{mount}{group}") / _SETTINGS[controller]).read_text(encoding="ascii")
            for group in (theirs, ours)
        )
    except (OSError, ValueError):
        return False
    return first == second


def _mounted(controller: str, proc: Path) -> str | None:
    """Where the whole of a controller's groups is mounted (proc_pid_mountinfo(5))."""
    text = (proc / "self/mountinfo").read_text(encoding="utf-8", errors="replace")
    for line in text.splitlines():
        about, _, rest = line.partition(" - ")
        kind, _, options = [*rest.split(), "", "", ""][:3]
        root, point = [*about.split(), *[""] * 5][3:5]
        if kind == "cgroup" and controller in options.split(",") and root == "/":
            return point
    return None
