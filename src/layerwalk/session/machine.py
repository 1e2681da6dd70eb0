"""The machine that is walked from: its name, system, kernel, and what this process may do."""

from __future__ import annotations

import platform
from pathlib import Path

from layerwalk.session.report import Host, Privileges

_NET_ADMIN = 1 << 12


def this_host(*, raw: bool) -> Host:
    """Describe this machine; ``raw`` says whether the raw sockets of this walk opened."""
    return Host(
        name=platform.node(),
        os=_system(),
        kernel=platform.release(),
        privileges=Privileges(raw=raw, admin=_may_administer()),
    )


def _system() -> str:
    try:
        return str(platform.freedesktop_os_release().get("PRETTY_NAME", ""))
    except OSError:
        return platform.system()


def _may_administer() -> bool:
    """Whether CAP_NET_ADMIN is in force for this thread (capabilities(7))."""
    try:
        lines = Path("/proc/thread-self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    held = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
    return bool(int(held, 16) & _NET_ADMIN)
