"""Disks that are full, read-only or broken: the walk ends with its verdict, and files are whole."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.topology import line
from layerwalk.session.reopened.journals import journal_in
from tests.lab.recorded import COMMAND, Terminal, Walking

pytestmark = pytest.mark.netns

TARGET = "127.0.0.1:1"
# Mounts a small disk that only this process sees, walks, and copies what is on the disk then.
ON_A_DISK = """
mount -t tmpfs -o "$1" none "$2" || exit 99
disk=$2 copy=$3; shift 3
[ -z "$KEEP" ] || cp "$KEEP" "$disk"
[ -z "$READ_ONLY" ] || mount -o remount,bind,ro "$disk"
"$@"
status=$?
cp -r "$disk/." "$copy"
exit $status
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with build(line(1)) as made:
        yield made


class Disk:
    """A disk of a given size, and what was on it in the end."""

    def __init__(self, lab: Lab, tmp_path: Path, kilobytes: int) -> None:
        self.place, self.copy = tmp_path / "disk", tmp_path / "copy"
        self.place.mkdir()
        self.copy.mkdir()
        self._lab = lab
        self._settings = f"size={kilobytes}k,nr_inodes=8"

    def walk(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Walk to a closed port with this disk in its place."""
        disk = [self._settings, str(self.place), str(self.copy)]
        command = ["unshare", "--mount", "sh", "-c", ON_A_DISK, "sh", *disk, *COMMAND, *words]
        given = {**os.environ, **environment}
        done = self._lab.run("client", [*command, TARGET], env=given)
        assert done.returncode != 99, done.stderr
        return done


def test_a_full_disk_ends_the_record_and_not_the_walk(lab: Lab, tmp_path: Path) -> None:
    disk, output = Disk(lab, tmp_path, 4), tmp_path / "a.json"
    done = disk.walk("diagnose", "-o", str(output), XDG_STATE_HOME=str(disk.place))
    place = disk.place / "layerwalk"
    assert done.returncode == 1
    assert done.stdout.startswith("FAULT: ")
    assert done.stderr == (
        f"layerwalk: this walk is not being recorded: {place}: No space left on device\n"
    )
    assert json.loads(output.read_bytes())["ended"] == "done"
    (journal,) = (disk.copy / "layerwalk").iterdir()
    read = journal_in(journal.read_bytes())
    assert read.events
    assert (read.unreadable, read.torn, read.ends) == (0, False, False)


@pytest.mark.parametrize("before", [b"", b"as it was"], ids=["new", "there"])
def test_a_report_is_whole_or_not_there(before: bytes, lab: Lab, tmp_path: Path) -> None:
    disk, kept = Disk(lab, tmp_path, 8), tmp_path / "a.json"
    if before:
        kept.write_bytes(before)
    output = disk.place / "a.json"
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "KEEP": str(kept) if before else ""}
    done = disk.walk("diagnose", "-o", str(output), **state)
    assert done.returncode == 2
    assert done.stdout.startswith("FAULT: ")
    assert done.stderr == f"layerwalk: -o {output}: not saved: No space left on device\n"
    left = {path.name: path.read_bytes() for path in disk.copy.iterdir()}
    assert left == ({"a.json": before} if before else {})


def test_a_read_only_place_is_said_once(lab: Lab, tmp_path: Path) -> None:
    disk = Disk(lab, tmp_path, 1000)
    done = disk.walk("diagnose", XDG_STATE_HOME=str(disk.place), READ_ONLY="1")
    assert done.returncode == 1
    assert done.stdout.startswith("FAULT: ")
    assert done.stderr == (
        f"layerwalk: this walk is not being recorded: {disk.place / 'layerwalk'}:"
        " Read-only file system\n"
    )


def test_nothing_is_said_where_little_is_asked_for(lab: Lab, tmp_path: Path) -> None:
    disk = Disk(lab, tmp_path, 1000)
    done = disk.walk("diagnose", "-q", XDG_STATE_HOME=str(disk.place), READ_ONLY="1")
    assert (done.returncode, done.stderr) == (1, "")


def test_standard_output_that_takes_nothing_costs_no_report(lab: Lab, tmp_path: Path) -> None:
    output = tmp_path / "a.json"
    words = ("diagnose", "-o", str(output), TARGET)
    with Path("/dev/full").open("wb") as full:
        walking = Walking(lab, "client", words, tmp_path / "state", stdout=full)
        status, _out, err = walking.ended()
    assert (status, err) == (2, "layerwalk: standard output: No space left on device\n")
    assert json.loads(output.read_bytes())["verdict"]["outcome"] == "fault"
    assert journal_in(walking.recorded()).ends


def test_the_app_says_that_nothing_is_recorded(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "layerwalk").write_bytes(b"no folder")
    terminal = Terminal()
    walking = Walking(lab, "client", (TARGET,), tmp_path, **terminal.settings)
    said = (b"not recorded: ", b"FAULT FOUND")
    walking.until_true(lambda: all(words in terminal.painted for words in said))
    terminal.type(b"q")
    assert walking.ended()[0] == 1
    terminal.drop()


def test_a_journal_that_is_written_says_so(lab: Lab, tmp_path: Path) -> None:
    walking = Walking(lab, "client", ("diagnose", "192.0.2.99:5432"), tmp_path)
    walking.until(b'"step-ended"')
    done = subprocess.run(
        [*COMMAND, "open", str(walking.journal)], capture_output=True, check=False, text=True
    )
    assert "The walk goes on in another process" in " ".join(done.stdout.split())
    assert walking.end(signal.SIGTERM)[0] == 130
