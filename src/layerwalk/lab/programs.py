"""Programs of their own on a host: each a process, with limits and a spool as its spec says."""

import contextlib
import errno
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from layerwalk.lab import kernel
from layerwalk.lab.errors import LabError
from layerwalk.lab.services import listening
from layerwalk.lab.spec.programs import Failing, Need, Program

SPOOL = "/mnt"  # a folder that every machine has; mounted over in the host's own mount namespace
_BLOCK = 4096
_USER = 54321  # nobody's, so that nobody else's processes count
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def start(program: Program, enter: Callable[[], None]) -> None:
    """Start a program and return once it listens; LabError where it does not.

    It goes into its control groups by ``enter``.
    """
    if program.spool:
        kernel.mount("tmpfs", SPOOL, "tmpfs", options=program.spool)
        _fill(program)
    reading, writing = os.pipe()
    parent = os.getpid()
    if os.fork() == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            kernel.die_with_parent(parent)
            enter()
            _run(program, writing)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as ready:
        if not ready.read(1):
            raise LabError(f"the program on port {program.port} did not start")


def _fill(program: Program) -> None:
    with contextlib.suppress(OSError):
        for number in range(program.names):
            Path(SPOOL, f"name-{number}").touch()
    if program.left is None:
        return
    with Path(SPOOL, "filling").open("wb", buffering=0) as file:
        while _free() > program.left and file.write(bytes(_BLOCK)):
            pass


def _free() -> int:
    told = os.statvfs(SPOOL)
    return told.f_bavail * told.f_frsize


def _run(program: Program, ready: int) -> None:
    """Listen, take on the limits, and serve until killed."""
    addresses = [program.address] if program.address else ["0.0.0.0", "::"]
    listeners = [
        listening(socket.SOCK_STREAM, one, program.port, program.backlog) for one in addresses
    ]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _become(program)
    os.dup2(ready, 1)  # a number that is taken anyway
    os.close(ready)
    _hold(program)
    os.write(1, b"!")
    os.dup2(0, 1)
    while True:
        for one in select.select(listeners, [], [])[0]:
            _take(one, program)


def _become(program: Program) -> None:
    if program.tasks:
        resource.setrlimit(resource.RLIMIT_NPROC, (program.tasks, program.tasks))
        with contextlib.suppress(OSError):  # where there is only one user, that one will do
            os.setgroups([])
            os.setresgid(_USER, _USER, _USER)
            os.setresuid(_USER, _USER, _USER)


def _hold(program: Program) -> None:
    """Keep so many files open, those that are open anyway among them."""
    if program.files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (program.files, program.files))
    open_now = len(os.listdir("/proc/self/fd")) - 1  # noqa: PTH208 - less the one that looks
    with contextlib.suppress(OSError):
        for _ in range(program.held - open_now):
            os.open(os.devnull, os.O_RDONLY)


def _take(listener: socket.socket, program: Program) -> None:
    try:
        taken, _ = listener.accept()
    except OSError as error:
        if error.errno == errno.EMFILE:
            time.sleep(0.02)
        return
    with taken:
        _hear(taken, program)
        _answer(taken, program)


def _hear(taken: socket.socket, program: Program) -> None:
    """Wait for a request; who computes has had one by then, or takes it as it comes."""
    if program.need is Need.TIME:
        _burn(program.burns_s)
    taken.settimeout(0.05 if program.need is Need.TIME else 5)
    with contextlib.suppress(TimeoutError):
        taken.recv(_BLOCK)


def _burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def _grow(size_mib: int) -> None:
    block = bytearray(size_mib << 20)
    block[::_BLOCK] = b"\1" * len(block[::_BLOCK])


def _answer(taken: socket.socket, program: Program) -> None:
    need: Callable[[socket.socket], None] = {
        Need.NOTHING: lambda it: it.sendall(_OK),
        Need.TIME: lambda it: it.sendall(_OK),
        Need.MEMORY: lambda it: _after_growing(it, program),
        Need.GROWING_CHILD: lambda it: _by_a_child(it, program),
        Need.ROOM: _after_writing,
        Need.CHILD: lambda it: _by_a_child(it, program),
    }[program.need]
    try:
        need(taken)
    except (BlockingIOError, OSError):
        if program.failing is Failing.ERROR:
            taken.sendall(_ERROR)
        elif program.failing is Failing.HANG:
            time.sleep(3600)


def _after_writing(taken: socket.socket) -> None:
    file = Path(SPOOL, "request")
    file.write_bytes(bytes(_BLOCK))
    file.unlink()
    taken.sendall(_OK)


def _after_growing(taken: socket.socket, program: Program) -> None:
    _grow(program.takes_mib)
    taken.sendall(_OK)


def _by_a_child(taken: socket.socket, program: Program) -> None:
    if os.fork() == 0:
        _after_growing(taken, program)
        os._exit(0)
