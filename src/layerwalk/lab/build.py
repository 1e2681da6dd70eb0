"""Build a network in namespaces of this machine, run programs in it, and take it down.

The lab is held by processes, not by names: whatever ends the process that made it ends the lab.
"""

import contextlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from layerwalk.lab import kernel, permission, tools
from layerwalk.lab.control_groups import check
from layerwalk.lab.errors import LabError
from layerwalk.lab.spec import Network

_BOOT = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from layerwalk.lab.keeper import main; sys.exit(main())"
)
# Whoever runs the lab may have proxies and resolver options of their own; a lab has none.
_PERSONAL = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
_RESOLVER = {"RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES"}
_GO_THERE = 'cd "$1" && shift && exec "$@"'


class Lab:
    """A network that stands. Made by `build`; `close` takes it down, as does leaving `with`."""

    def __init__(self, network: Network, keeper: "subprocess.Popen[bytes]") -> None:
        self.network = network
        self._keeper = keeper
        self._own_user_space = not permission.has_rights()
        self._pids = self._await_pids()

    def pid(self, host: str) -> int:
        """Return a process that holds this host's namespaces."""
        try:
            return self._pids[host]
        except KeyError:
            raise LookupError(f"no host {host} in this lab") from None

    def argv(self, host: str, argv: Sequence[str], cwd: str | None = None) -> list[str]:
        """Return the command that runs `argv` on this host, in the same process."""
        entering = ["nsenter", "--target", str(self.pid(host)), "--net", "--mount", "--uts"]
        if self._own_user_space:
            entering += ["--user", "--preserve-credentials"]
        there = cwd or str(Path.cwd())
        return [*entering, "--", "/bin/sh", "-c", _GO_THERE, "sh", there, *argv]

    def popen(self, host: str, argv: Sequence[str], **kwargs: Any) -> "subprocess.Popen[Any]":
        """Start a program on this host; keywords as for `subprocess.Popen`.

        The process is the program itself: its pid and its signals are the program's.
        """
        cwd = kwargs.pop("cwd", None)
        kwargs["env"] = environment(kwargs.get("env"))
        there = os.fspath(cwd) if cwd else None
        return subprocess.Popen(self.argv(host, argv, there), **kwargs)

    def run(
        self,
        host: str,
        argv: Sequence[str],
        *,
        input: str | None = None,  # noqa: A002  # subprocess.run calls it so
        timeout_s: float = 60.0,
        env: Mapping[str, str] | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program on this host to its end; subprocess.TimeoutExpired after `timeout_s`."""
        return subprocess.run(
            self.argv(host, argv),
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            timeout=timeout_s,
            env=environment(env),
            capture_output=True,
            text=True,
            check=False,
        )

    @contextlib.contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """Put the calling thread into this host's network namespace, not into its files.

        LabError where the lab was built without root: a thread can't change its user namespace.
        """
        if self._own_user_space:
            raise LabError("only root can go inside a lab; run a program there instead")
        with Path("/proc/thread-self/ns/net").open("rb") as home:
            with Path("/proc", str(self.pid(host)), "ns/net").open("rb") as there:
                kernel.setns(there.fileno(), kernel.CLONE_NEWNET)
            try:
                yield
            finally:
                kernel.setns(home.fileno(), kernel.CLONE_NEWNET)

    def close(self) -> None:
        """Take the lab down and everything that runs in it; a second time does nothing."""
        self._keeper.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _await_pids(self) -> dict[str, int]:
        assert self._keeper.stdin is not None  # noqa: S101  # it was started with pipes
        assert self._keeper.stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            self._keeper.stdin.write(pickle.dumps(sys.path) + pickle.dumps(self.network))
            self._keeper.stdin.flush()
        answer = self._keeper.stdout.readline()
        if not answer:
            raise LabError(permission.explained(self._keeper.communicate()[1].decode()))
        found = json.loads(answer)
        if "error" in found:
            raise LabError(permission.explained(found["error"]))
        pids: dict[str, int] = found["pids"]
        return pids


def build(network: Network) -> Lab:
    """Build a network and return once all its listeners listen; LabError where that fails.

    UnavailableError where this machine has not what it takes.
    """
    check(network)
    command = [] if permission.has_rights() else permission.OWN_SPACE
    python = [sys.executable, "-I", "-S", "-c", _BOOT]
    try:
        keeper = subprocess.Popen(
            [*command, *python],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the process that holds us
        )
    except FileNotFoundError as error:
        raise LabError(f"{error.filename} is not installed") from error
    try:
        return Lab(network, keeper)
    except BaseException:
        keeper.communicate()
        raise


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a program in the lab: this one, with no proxy or resolver options.

    What is given is taken as it is; only PATH gets the system folders.
    """
    found = tools.environment()
    if given is not None:
        return {"PATH": found["PATH"], **given}
    own = {name for name in found if name.lower() in _PERSONAL or name in _RESOLVER}
    return {name: value for name, value in found.items() if name not in own}
