"""What a lab's host finds in the file system: its own resolver files and its own /sys.

All of it is mounted in the host's private mount namespace, from a tmpfs that has no name there
any more, so nothing is written to the machine and nothing has to be removed.
"""

import contextlib
import os
from pathlib import Path

from layerwalk.lab import kernel
from layerwalk.lab.errors import LabError
from layerwalk.lab.spec import Host

# A caching daemon of the machine would answer for the lab's own nameservers.
CACHES = ("/run/nscd", "/var/run/nscd")
# Root's alone, and iptables-legacy changes nothing without it (iptables(8), option -w).
LOCK = "/run/xtables.lock"
BENCH = "/sys"  # where the files are made: a folder that every machine has, and that is replaced


def mount_files(host: Host) -> None:
    """Give the calling process's mount namespace this host's files; it must be private already."""
    kernel.mount("tmpfs", BENCH, "tmpfs")
    try:
        for path, text in _texts(host).items():
            _bind(path, text)
    finally:
        kernel.unmount(BENCH)
    _hide_caches()
    with contextlib.suppress(OSError):  # a container may not allow it; only /sys/class/net is worse
        kernel.mount("sysfs", "/sys", "sysfs")


def _texts(host: Host) -> dict[str, str]:
    texts = {
        "/etc/resolv.conf": host.resolv_conf,
        "/etc/hosts": host.hosts_file,
        "/etc/nsswitch.conf": host.nsswitch_conf,
    }
    return {**texts, LOCK: ""} if Path(LOCK).exists() else texts


def _bind(path: str, text: str) -> None:
    source = Path(BENCH, Path(path).name)
    source.write_text(text, encoding="utf-8")
    source.chmod(0o644)
    target = os.path.realpath(path)
    if not Path(target).exists():
        raise LabError(f"{path} does not exist on this machine, so a lab can't put its own there")
    kernel.mount(str(source), target, flags=kernel.MS_BIND)


def _hide_caches() -> None:
    for folder in CACHES:
        if Path(folder).is_dir() and not Path(folder).is_symlink():
            kernel.mount("tmpfs", folder, "tmpfs")
