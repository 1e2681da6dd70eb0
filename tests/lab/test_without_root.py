"""An ordinary user's lab: built in a user namespace, refused in one line, gone with its owner."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.errors import LabError
from layerwalk.lab.permission import has_rights
from layerwalk.lab.topology import line

pytestmark = pytest.mark.netns

ORDINARY = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
NO_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")
LAYERWALK = (sys.executable, "-P", "-m", "layerwalk")
# The limits are each user namespace's own, for those made in it.
FORBID = 'echo 0 > "/proc/sys/user/$1" && shift && exec "$@"'
FULL_SCREEN, LAST_LINE = b"\x1b[?1049h", b"help"
MARK = "LAYERWALK_TEST"


@pytest.fixture(params=[ORDINARY, NOBODY], ids=["user", "nobody"])
def user(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Give the words that run a program as an ordinary user."""
    words: tuple[str, ...] = request.param
    if subprocess.run([*words, *LAYERWALK, "--version"], check=False, cwd="/").returncode:
        pytest.skip("nobody may not run this Python, or is not mapped in this user namespace")
    return words


def demo(words: tuple[str, ...], *asked: str) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        Path(home).chmod(0o777)  # nobody keeps a journal, too
        return subprocess.run(
            [*words, *LAYERWALK, "demo", *asked],
            capture_output=True,
            check=False,
            text=True,
            timeout=100,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "XDG_STATE_HOME": home},
            cwd="/",
        )


def marked(mark: str) -> list[int]:
    """The processes that have the mark in their environment, as far as we may look."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def test_it_walks_in_a_network_of_its_own(user: tuple[str, ...]) -> None:
    done = demo(user, "port-closed")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[port-closed]" in done.stdout
    assert "with raw sockets" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("The network is taken down")


def test_it_may_be_walked_without_rights_there(user: tuple[str, ...]) -> None:
    done = demo(user, "port-closed", "--unprivileged")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[port-closed]" in done.stdout
    assert "without raw-socket rights" in done.stdout


@pytest.mark.parametrize(
    ("limit", "words", "who"),
    [
        ("max_user_namespaces", NO_RIGHTS, "only root may make one"),
        ("max_net_namespaces", (), "nobody may make one"),
    ],
)
def test_a_kernel_that_forbids_it_is_named(limit: str, words: tuple[str, ...], who: str) -> None:
    within = ("unshare", "--user", "--map-root-user", "--", "sh", "-c", FORBID, "sh", limit)
    done = demo((*within, *words), "port-closed")
    assert done.returncode == 2
    told = f"layerwalk: the network can't be built here: user.{limit} is 0, so {who}"
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


@contextlib.contextmanager
def shown(words: tuple[str, ...], mark: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Open the demo's app in a terminal of its own; give its process and the far end."""
    far, near = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", *words, *LAYERWALK, "demo", "path-blackhole"],
        stdin=near,
        stdout=near,
        stderr=near,
        env={**os.environ, MARK: mark},
        cwd="/",
    )
    os.close(near)
    try:
        said = b""
        while not (FULL_SCREEN in said and LAST_LINE in said):
            said += os.read(far, 65536)
        yield process, far
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            os.close(far)


def all_end(handles: Sequence[int], far: int) -> bool:
    """Whether these processes end, while somebody reads what they still paint."""
    left = set(handles)
    while left:
        ready, _, _ = select.select([*left, *_still_open(far)], [], [], 30)
        if not ready:
            return False
        left -= set(ready)
        if far in ready and not _read(far):
            os.close(far)
    return True


def _still_open(descriptor: int) -> list[int]:
    try:
        os.fstat(descriptor)
    except OSError:
        return []
    return [descriptor]


def _read(far: int) -> bytes:
    try:
        return os.read(far, 65536)
    except OSError:  # EIO: nobody has the terminal open any more
        return b""


def _type(far: int, keys: bytes) -> None:
    os.write(far, keys)


ENDS: dict[str, Callable[["subprocess.Popen[bytes]", int], None]] = {
    "killed": lambda process, _far: process.kill(),
    "terminated": lambda process, _far: process.terminate(),
    "interrupted": lambda process, _far: process.send_signal(signal.SIGINT),
    "left by q": lambda _process, far: _type(far, b"q"),
    "its terminal closed": lambda _process, far: os.close(far),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("words", [ORDINARY, ()], ids=["user", "root"])
def test_nothing_is_left_however_it_ends(
    words: tuple[str, ...], end: Callable[["subprocess.Popen[bytes]", int], None]
) -> None:
    mark = f"{MARK}={uuid.uuid4()}"
    with shown(words, mark.partition("=")[2]) as (process, far), contextlib.ExitStack() as stack:
        pids = marked(mark)
        assert len(pids) > 5  # the demo, its keeper, the stations and the app
        handles = [os.pidfd_open(pid) for pid in pids]
        for handle in handles:
            stack.callback(os.close, handle)
        end(process, far)
        assert all_end(handles, far)
        process.wait()
    assert marked(mark) == []


def test_a_thread_goes_nowhere_without_rights() -> None:
    assert has_rights()
    with build(line(0)) as lab, lab.inside("client"):
        assert has_rights()
    script = (
        "from layerwalk.lab.build import build; from layerwalk.lab.topology import line\n"
        "with build(line(0)) as lab, lab.inside('client'): pass"
    )
    done = subprocess.run(
        [*ORDINARY, sys.executable, "-c", script], capture_output=True, check=False, text=True
    )
    assert LabError.__name__ in done.stderr.splitlines()[-1]
