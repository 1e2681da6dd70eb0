"""The one table that a trace adds to this machine's rules, and its going whatever happens.

The table belongs to a process of nft's that waits for more (NFT_TABLE_F_OWNER, Linux from 5.12 on):
the kernel takes it away when that process ends, and it ends when ours does, however that is. Where
the kernel or nft can't do that, the table is deleted at the end, and at exit; what a killed process
leaves is found by its name, which tells whose it was, and deleted by the next walk.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import time
from contextlib import suppress
from typing import Self

from layerwalk.probes.firewall.tools import ToolError, run
from layerwalk.probes.rule_trace.leftovers import delete, own_name
from layerwalk.probes.rule_trace.netlink import tables

_PATIENCE_S = 1.0
_LOOK_S = 0.002
_SYSTEM_FOLDERS = "/usr/sbin:/sbin"


class TraceTable:
    """Stands while it is entered. ``chains`` is each family's part of the table, on one line.

    Raises:
        ToolError: on entering, where nft is missing or refuses.
    """

    def __init__(self, chains: dict[str, str]) -> None:
        self.name = own_name()
        self._chains = chains
        self._owner: subprocess.Popen[bytes] | None = None
        self._added = False

    def __enter__(self) -> Self:
        """Add it."""
        atexit.register(self.remove)
        try:
            if not self._held():
                self._add()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it away."""
        self.remove()

    def remove(self) -> None:
        """Take it away; a second time does nothing."""
        atexit.unregister(self.remove)
        owner, self._owner = self._owner, None
        if owner:
            _end(owner)
        if self._added:
            self._added = False
            delete([(family, self.name) for family in self._chains])

    def _held(self) -> bool:
        """Have a process own it; tells whether it stands."""
        try:
            self._owner = subprocess.Popen(
                ["nft", "-i"],
                env={**os.environ, "PATH": _path(), "LC_ALL": "C"},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us: its end comes with ours
            )
        except FileNotFoundError as error:
            raise ToolError("nft is not installed", missing=True) from error
        except OSError as error:
            raise ToolError(f"nft: {error}", not_permitted=True) from error
        with suppress(OSError):
            self._tell(self._owner, self._script("flags owner; "))
            if self._stands(self._owner):
                return True
        owner, self._owner = self._owner, None
        _end(owner)
        return False

    def _tell(self, owner: subprocess.Popen[bytes], script: str) -> None:
        if owner.stdin:
            owner.stdin.write(script.encode())
            owner.stdin.flush()

    def _stands(self, owner: subprocess.Popen[bytes]) -> bool:
        until = time.monotonic() + _PATIENCE_S
        wanted = {(family, self.name) for family in self._chains}
        while time.monotonic() < until and owner.poll() is None:
            if wanted <= {*tables()}:
                return True
            time.sleep(_LOOK_S)
        return False

    def _add(self) -> None:
        """Add it the old way: it stays until it is deleted."""
        self._added = True
        for line in self._script("").splitlines():
            run(["nft", line])

    def _script(self, flags: str) -> str:
        return "".join(
            f"table {family} {self.name} {{ {flags}{chains} }}\n"
            for family, chains in self._chains.items()
        )


def _end(owner: subprocess.Popen[bytes]) -> None:
    """End the process that owns the table, and wait until both are gone."""
    if owner.stdin:
        with suppress(OSError):
            owner.stdin.close()
    owner.kill()
    owner.wait()


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), _SYSTEM_FOLDERS])
