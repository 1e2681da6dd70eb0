"""An ordinary user's tests run as root of a user namespace, where the kernel makes one.

The process that starts the tests goes there before it has a second thread (user_namespaces(7)), and
all that it starts is born there. The files stay the machine's, with the user's rights on them; the
network is one with a loopback and nothing else, for a thread comes back only to what is its own.
"""

import contextlib
import getpass
import os
import subprocess
from pathlib import Path

from layerwalk.lab import kernel, permission, tools

LISTS = Path("/etc")  # where shadow keeps subuid and subgid
NOBODY = 65534
_MAP = "read go; newuidmap {pid} {users} && newgidmap {pid} {groups}"


def enter() -> bool:
    """Become root of an own user namespace if need be; tells whether namespaces can be made."""
    if permission.has_rights():
        return True
    if not _allowed():
        return False
    with contextlib.suppress(KeyError, OSError):  # the temporary folders stay this user's
        os.environ.setdefault("LOGNAME", getpass.getuser())
    uid, gid = os.geteuid(), os.getegid()
    script = _MAP.format(pid=os.getpid(), users=spare(uid, "subuid"), groups=spare(gid, "subgid"))
    silent, pipe = subprocess.DEVNULL, subprocess.PIPE
    # newuidmap(1) may map more than oneself, but only from outside and once there is an inside.
    with subprocess.Popen(["sh", "-c", script], stdin=pipe, stderr=silent) as outside:
        kernel.unshare(kernel.CLONE_NEWUSER)
        outside.communicate(b"go\n")
    _map_oneself(uid, gid)
    kernel.unshare(kernel.CLONE_NEWNET)
    tools.ip_batch(["link set dev lo up"])
    return permission.has_rights()


def knows_others() -> bool:
    """Whether this process may act as nobody: as root, where more than one user is mapped."""
    rows = Path("/proc/self/uid_map").read_text("ascii").splitlines()
    spans = [tuple(map(int, row.split())) for row in rows]
    return os.geteuid() == 0 and any(at <= NOBODY < at + count for at, _, count in spans)


def spare(own: int, name: str, lists: Path = LISTS) -> str:
    """Give the map that has oneself as root, and ids up to nobody's if the list has so many spare.

    Source: subuid(5), newuidmap(1).
    """
    alone = f"0 {own} 1"
    try:
        rows = [line.split(":") for line in (lists / name).read_text("utf-8").splitlines()]
    except OSError:
        return alone
    known = {str(os.geteuid()), os.environ.get("LOGNAME", "")}
    for row in rows:
        if row[0] in known and row[2:] and int(row[2]) >= NOBODY:
            return f"{alone} 1 {row[1]} {NOBODY}"
    return alone


def _allowed() -> bool:
    asked = [*permission.OWN_SPACE, "unshare", "--net", "true"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def _map_oneself(uid: int, gid: int) -> None:
    """Write what is not mapped yet; groups only after giving up setgroups(2)."""
    own = Path("/proc/self")
    if not (own / "uid_map").read_text("ascii"):
        (own / "uid_map").write_text(f"0 {uid} 1\n", "ascii")
    if not (own / "gid_map").read_text("ascii"):
        (own / "setgroups").write_text("deny", "ascii")
        (own / "gid_map").write_text(f"0 {gid} 1\n", "ascii")
