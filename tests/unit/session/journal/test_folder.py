"""Where the journals are, who may read them, and which of them stay."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.session.journal import folder as at
from tests.own_space import knows_others

AS_OTHERS = pytest.mark.skipif(
    not knows_others(), reason="only root can be somebody else, where more than one user is mapped"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "layerwalk"


@pytest.fixture
def opened(place: Path) -> Iterator[int]:
    descriptor = at.opened_folder(place)
    yield descriptor
    os.close(descriptor)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def made(place: Path, *stamps: str, pid: int = 1) -> list[str]:
    """Put journals there that began at these times; they are empty."""
    names = [f"{stamp}00000Z-{pid}-0123abcd.jsonl" for stamp in stamps]
    for name in names:
        (place / name).touch()
    return names


def test_the_state_folder_is_the_one_that_the_environment_names(tmp_path: Path) -> None:
    assert at.folder_path({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "layerwalk"


@pytest.mark.parametrize("named", ["", "state"], ids=["none", "relative"])
def test_else_it_is_below_the_home(named: str, tmp_path: Path) -> None:
    expected = tmp_path / ".local" / "state" / "layerwalk"
    assert at.folder_path({"XDG_STATE_HOME": named}) == expected


def test_nobody_else_gets_in(place: Path, opened: int) -> None:
    name, descriptor = at.new_file(opened)
    os.close(descriptor)
    assert (mode(place), mode(place.parent), mode(place / name)) == (0o700, 0o700, 0o600)


def test_a_folder_that_is_open_to_others_is_closed(place: Path) -> None:
    place.mkdir(parents=True)
    place.chmod(0o755)
    os.close(at.opened_folder(place))
    assert mode(place) == 0o700


def test_a_link_in_the_folders_place_is_not_followed(tmp_path: Path, place: Path) -> None:
    place.parent.mkdir()
    place.symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        at.opened_folder(place)


@AS_OTHERS
def test_root_makes_it_for_whoever_owns_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    opened = at.opened_folder(home / ".local" / "state" / "layerwalk")
    name, descriptor = at.new_file(opened)
    os.close(descriptor)
    os.close(opened)
    file = home / ".local" / "state" / "layerwalk" / name
    assert {it.stat().st_uid for it in (file, *list(file.parents)[:4])} == {65534}


@AS_OTHERS
def test_the_folder_of_somebody_else_is_left_alone(place: Path) -> None:
    os.close(at.opened_folder(place))
    os.chown(place, 12345, 12345)
    os.seteuid(65534)
    try:
        with pytest.raises(PermissionError):
            at.opened_folder(place)
    finally:
        os.seteuid(0)


def test_names_are_never_the_same(opened: int) -> None:
    made_ = [at.new_file(opened) for _ in range(50)]
    for _name, descriptor in made_:
        os.close(descriptor)
    assert len({name for name, _descriptor in made_}) == 50
    assert sorted((name for name, _ in made_), reverse=True) == at.names(opened)


def test_what_is_not_ours_is_not_listed(place: Path, opened: int) -> None:
    for name in ("notes.jsonl", "20260101T000000000Z-1-0123abcd.jsonl.bak", "x.json"):
        (place / name).touch()
    assert at.names(opened) == []


def test_the_oldest_go(place: Path, opened: int) -> None:
    made(place, "20260102T0000", "20260103T0000", "20260101T0000")
    (place / "notes.txt").touch()
    at.prune(opened, 1_767_500_000, kept=2)
    assert [name[:8] for name in at.names(opened)] == ["20260103", "20260102"]
    assert (place / "notes.txt").exists()


def test_the_old_go_however_few(place: Path, opened: int) -> None:
    made(place, "20200101T0000")
    at.prune(opened, time.time())
    assert at.names(opened) == []


def test_what_somebody_writes_stays(place: Path, opened: int) -> None:
    (name,) = made(place, "20200101T0000")
    with (place / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        at.prune(opened, time.time(), kept=0)
        assert at.names(opened) == [name]
    at.prune(opened, time.time(), kept=0)
    assert at.names(opened) == []


def test_what_this_process_wrote_stays(place: Path, opened: int) -> None:
    names = made(place, "20200101T0000", pid=os.getpid())
    at.prune(opened, time.time(), kept=0)
    assert at.names(opened) == names


def test_a_new_journal_is_known_to_be_written(opened: int) -> None:
    name, descriptor = at.new_file(opened)
    reading = os.open(name, os.O_RDONLY, dir_fd=opened)
    assert at.is_written(reading)
    os.close(descriptor)
    assert not at.is_written(reading)
    os.close(reading)
