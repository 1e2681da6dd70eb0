"""A service of its own on loopback, for tests of what it is short of: in groups, with limits."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

GROUPS = Path("/sys/fs/cgroup")
SERVICE = """
import os, signal, socket, sys, threading, time
host, kind, amount = sys.argv[1], sys.argv[2], sys.argv[3]
six = ":" in host
listener = socket.socket(socket.AF_INET6 if six else socket.AF_INET)
listener.bind((host, 0))
listener.listen(64)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
OK = b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok"
def burn():
    end = time.process_time() + float(amount)
    while time.process_time() < end:
        pass
def grow():
    block = bytearray(int(amount) << 20)
    block[::4096] = bytes([1]) * len(block[::4096])
def child():
    if os.fork():
        raise ChildProcessError
kinds = {"burns": burn, "grows": grow, "forks": child, "serves": lambda: None}
print(listener.getsockname()[1], flush=True)
while True:
    try:
        taken = listener.accept()[0]
    except OSError:
        time.sleep(0.05)
        continue
    with taken:
        try:
            taken.recv(4096)
            if kind == "grows" and os.fork():
                continue
            kinds[kind]()
            taken.sendall(OK)
        except ChildProcessError:
            pass
        except OSError:
            pass
        if os.getpid() != os.getpgrp():
            os._exit(0)
"""


@contextlib.contextmanager
def group(controller: str, **files: int) -> Iterator[Path]:
    """A group of the first version of its own; two underscores stand for the dot in a name."""
    if not (GROUPS / controller / "cgroup.procs").exists():
        pytest.skip(f"the machine has no control group of version 1 for {controller}")
    made = GROUPS / controller / f"test-{os.getpid()}-{time.monotonic_ns()}"
    try:
        made.mkdir()
    except OSError as error:
        pytest.skip(f"this user may make no control group: {error.strerror}")
    try:
        for name, value in files.items():
            (made / name.replace("__", ".")).write_text(str(value), encoding="ascii")
        yield made
    finally:
        _emptied(made)


def _emptied(made: Path) -> None:
    """Take a group away, as soon as the last of its processes is gone."""
    for _ in range(500):
        try:
            made.rmdir()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"{made} is still in use")


@contextlib.contextmanager
def service(
    host: str, kind: str, amount: str = "0", group: Path | None = None
) -> Iterator[tuple[int, str]]:
    """Run the service in a group; gives its process and its address with its port."""

    def become() -> None:
        os.setpgid(0, 0)
        if group:
            (group / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    with subprocess.Popen(
        [python, "-c", SERVICE, host, kind, amount],
        preexec_fn=become,  # noqa: PLW1509  # limits are taken on between fork and exec
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            yield process.pid, f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
