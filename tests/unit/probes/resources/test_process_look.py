"""One look at a process, on recorded files: its limits, what it has open, and where."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import FileSystem, Outcome, ProcessSample, Tie
from layerwalk.probes.process import process
from layerwalk.probes.resources.process import look_at
from tests.unit.probes.resources.recorded import recorded

LIMITS = """\
Limit                     Soft Limit           Hard Limit           Units
Max processes             40                   96365                processes
Max open files            8                    4096                 files
Max address space         unlimited            unlimited            bytes
"""
STAT = "{pid} ({name}) {state} 1 42 42 0 -1 4194560 9 0 {faults} 0 5 5" + " 0" * 40 + "\n"
STATUS = "Name:\tserver\nUid:\t1000\t1000\t1000\t1000\nThreads:\t2\nCapEff:\t0000000000000000\n"
MOUNTS = r"""
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw - proc proc rw
23 21 0:21 / /srv/a\040b rw - tmpfs tmpfs rw,size=64k
24 21 8:2 / /data rw - ext4 /dev/sdb1 ro,errors=remount-ro
25 21 7:1 / /snap/core rw - squashfs /dev/loop1 ro
26 21 0:40 / /far rw - nfs4 far:/ rw
27 21 0:41 / /fixed ro - ext4 /dev/sdc1 ro
28 21 0:42 / /spare rw - tmpfs tmpfs rw
29 21 0:43 / /sr rw - tmpfs tmpfs rw
"""
FILES = {
    "/proc/42/status": STATUS,
    "/proc/42/stat": STAT.format(pid=42, name="server", state="R", faults=7),
    "/proc/42/statm": "512 1 1 1 0 1 0\n",
    "/proc/42/limits": LIMITS,
    "/proc/42/mountinfo": MOUNTS,
    "/proc/42/cmdline": "server\0--spool\0/srv/a b/spool\0--password\0hush\0",
    "/proc/42/task/42/schedstat": "1500000000 250000000 3\n",
    "/proc/42/task/42/stat": STAT.format(pid=42, name="server", state="R", faults=3),
    "/proc/42/task/43/schedstat": "500000000 750000000 3\n",
    "/proc/42/task/43/stat": STAT.format(pid=43, name="serv) er", state="D", faults=4),
    "/proc/loadavg": "0 0 0 1/90 43\n",
    "/proc/7/stat": STAT.format(pid=7, name="other", state="S", faults=0),
    "/proc/1/stat": STAT.format(pid=1, name="init", state="S", faults=0),
    "/proc/7/status": "Name:\tother\nUid:\t1000\t1000\t1000\t1000\nThreads:\t38\n",
    "/proc/1/status": "Name:\tinit\nUid:\t0\t0\t0\t0\nThreads:\t1\n",
}


def room(total: int, free: int, inodes: int = 100, free_inodes: int = 50) -> SimpleNamespace:
    return SimpleNamespace(
        f_blocks=total,
        f_bfree=free + 1,
        f_bavail=free,
        f_frsize=4096,
        f_files=inodes,
        f_ffree=free_inodes,
        f_favail=free_inodes,
    )


ROOMS = {
    "/": room(1000, 900),
    "/srv/a b": room(16, 0),
    "/data": room(500, 100),
    "/spare": room(10, 5, 9, 0),
    "/sr": room(10, 0),
}


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProcessSample:
    files = recorded(tmp_path, FILES)
    opened = tmp_path / "proc/42/fd"
    opened.mkdir()
    for number, to in enumerate(["socket:[1]", "/dev/null", "/data/rows (deleted)", "/x", "/y"]):
        (opened / str(number)).symlink_to(to)
    (opened / "9").symlink_to("/z")
    (tmp_path / "proc/42/cwd").symlink_to("/var/www")

    def told(path: Path) -> SimpleNamespace:
        inside = str(path).partition("/proc/42/root")[2] or "/"
        if inside not in ROOMS:
            raise OSError(inside)
        return ROOMS[inside]

    monkeypatch.setattr(os, "statvfs", told)
    found = look_at(42, (), 0.0, files)
    assert found
    return found


def test_a_process_is_read(looked: ProcessSample) -> None:
    assert (looked.name, looked.user, looked.threads) == ("server", 1000, 2)
    assert (looked.ran_s, looked.waited_s, looked.running, looked.blocked) == (2.0, 1.0, 1, 1)
    assert looked.major_faults == 7
    assert (looked.limits.tasks, looked.limits.address_space) == (40, None)
    assert looked.address_space == 512 * os.sysconf("SC_PAGE_SIZE")


def test_numbers_above_the_limit_leave_those_below_free(looked: ProcessSample) -> None:
    assert (looked.open_files, looked.limits.open_files, looked.free_files) == (6, 8, 3)
    assert not looked.out_of_files


def test_all_threads_of_the_user_count(looked: ProcessSample) -> None:
    assert looked.user_tasks == 40
    assert looked.out_of_tasks


def test_file_systems_are_those_it_has_to_do_with_or_that_are_full(looked: ProcessSample) -> None:
    found = {one.place: one for one in looked.file_systems}
    assert set(found) == {"/", "/srv/a b", "/data", "/spare", "/sr"}
    assert found["/srv/a b"].tie is Tie.NAMED
    assert found["/srv/a b"].out_of_room
    assert (found["/data"].tie, found["/data"].turned) == (Tie.OPEN, True)
    assert (found["/spare"].tie, found["/spare"].out_of_inodes) == (Tie.NONE, True)
    assert found["/"].tie is Tie.OPEN
    assert found["/sr"].tie is Tie.NONE  # named is only what begins alike
    assert "hush" not in repr(looked)


def test_a_process_that_is_gone_is_told(tmp_path: Path) -> None:
    fact = process((99,), ProbeContext(), files=recorded(tmp_path, FILES))
    assert fact.outcome is Outcome.FAILED
    assert fact.finding == "no process 99 is there any more"


def test_what_is_left_of_an_ended_process_is_none(tmp_path: Path) -> None:
    ended = STAT.format(pid=42, name="server", state="Z", faults=7)
    files = {**FILES, "/proc/42/stat": ended}
    assert look_at(42, (), 0.0, recorded(tmp_path, files)) is None


def test_a_process_that_ended_meanwhile_is_told(tmp_path: Path) -> None:
    ctx = ProbeContext()
    ctx.cancel.set()
    files = recorded(tmp_path, FILES)
    first = process((42,), ctx, files=files)
    shutil.rmtree(tmp_path / "proc/42")
    again = process((42,), ctx, first, files)
    assert [one.pid for one in again.ended] == [42]
    assert list(again.moved) == []


def test_this_very_process_can_be_looked_at() -> None:
    fact = process((os.getpid(),), ProbeContext())
    (own,) = fact.processes
    assert own.name in fact.finding
    assert own.open_files
    assert not own.out_of_files
    assert any(one.tie is not Tie.NONE for one in own.file_systems)


def test_a_child_that_began_meanwhile_is_looked_at_too() -> None:
    ctx = ProbeContext()
    ctx.cancel.set()
    first = process((os.getpid(),), ctx)
    command = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        again = process((os.getpid(),), ctx, first)
        child.communicate()
    (moved,) = (one for one in again.moved if one.last.pid == child.pid)
    assert moved.first.ran_s == 0 < moved.last.ran_s
    assert [one.pid for one in first.processes] == [os.getpid()]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (FileSystem(place="/a", kind="ext4", size=10, free=1), "/a (ext4) is 90% full"),
        (FileSystem(place="/a", kind="ext4", size=10, free=0), "/a (ext4) is full"),
        (
            FileSystem(place="/a", kind="tmpfs", size=10, free=9, inodes=4, free_inodes=0),
            "/a (tmpfs) has not one of its 4 inodes left",
        ),
        (
            FileSystem(place="/a", kind="xfs", size=10, free=9, turned=True),
            "/a (xfs) was made read-only by the kernel",
        ),
    ],
)
def test_a_file_system_is_told_in_words(found: FileSystem, words: str) -> None:
    assert found.words == words
