"""Whether this process may make namespaces, and who says no where it may not.

Root may; an ordinary user first becomes root of a user namespace, where the kernel allows it.
Sources: user_namespaces(7), capabilities(7), Documentation/admin-guide/sysctl/user.rst. The setting
kernel.unprivileged_userns_clone is Debian's, kernel.apparmor_restrict_unprivileged_userns Ubuntu's.
"""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

OWN_SPACE = ("unshare", "--user", "--map-root-user", "--")
_SYS_ADMIN, _NET_ADMIN = 21, 12  # bit numbers, linux/capability.h
_NUMBER = re.compile(r"\[Errno \d+\] ")
_REFUSED = re.compile(r"(?:^|: )unshare: (.+)")


class Setting(NamedTuple):
    """A setting of the kernel's: the value that forbids, one that allows, and whether for root."""

    name: str
    forbids: int
    allows: int
    stops_root: bool = False


SETTINGS = (
    Setting("kernel.apparmor_restrict_unprivileged_userns", 1, 0),
    Setting("kernel.unprivileged_userns_clone", 0, 1),
    Setting("user.max_user_namespaces", 0, 10000),
    *(Setting(f"user.max_{kind}_namespaces", 0, 10000, True) for kind in ("net", "mnt", "uts")),
)

Read = Callable[[str], int | None]


def has_rights() -> bool:
    """Whether this process may make network namespaces as it is."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(it for it in status.splitlines() if it.startswith("CapEff:"))
    held = int(line.split()[1], 16)
    return bool(held >> _SYS_ADMIN & 1) and bool(held >> _NET_ADMIN & 1)


def value_of(name: str) -> int | None:
    """Read one of the kernel's settings; None where this kernel has none of that name."""
    try:
        return int(Path("/proc/sys", name.replace(".", "/")).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def explained(complaint: str, read: Read = value_of) -> str:
    """Turn what a keeper ended with into one line; names the setting if the kernel refused."""
    words = _NUMBER.sub("", "".join(complaint.strip().splitlines()[-1:]))
    found = _REFUSED.search(words)
    if not found:
        return words or "the process that holds the lab ended without a word"
    for setting in SETTINGS:
        if read(setting.name) == setting.forbids and (setting.stops_root or not has_rights()):
            return _named(setting)
    return _unnamed(found[1])


def _named(setting: Setting) -> str:
    mend = f"sysctl -w {setting.name}={setting.allows}"
    if setting.stops_root:
        return f"{setting.name} is {setting.forbids}, so nobody may make one; as root: {mend}"
    told = f"{setting.name} is {setting.forbids}, so only root may make one"
    return f"{told}: use sudo, or as root {mend}" if os.geteuid() else f"{told} with all rights"


def _unnamed(words: str) -> str:
    if words.endswith(os.strerror(errno.ENOSPC)):
        return "as many stand as the kernel allows: see the limits user.max_*_namespaces"
    if has_rights():
        return f"the kernel refuses to make one ({words})"
    if os.geteuid():
        return f"the kernel lets no ordinary user make one here ({words}): use sudo"
    needed = "it takes CAP_SYS_ADMIN and CAP_NET_ADMIN, which a container's root seldom has"
    return f"the kernel refuses to make one ({words}): {needed}"
