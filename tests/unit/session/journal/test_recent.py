"""The recent sessions, told from their journals."""

import fcntl
from pathlib import Path

import pytest

from layerwalk.session import events as ev
from layerwalk.session.journal.recent import Recent, latest, recent_sessions
from tests.unit.session.test_state import JOURNAL, STARTED

LINES = [ev.encode(event) for event in JOURNAL]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state" / "layerwalk"
    made.mkdir(parents=True)
    return made


def journal(folder: Path, second: int, data: bytes) -> Path:
    path = folder / f"20260131T1200{second:02d}000Z-1-0123abcd.jsonl"
    path.write_bytes(data)
    return path


def found(folder: Path, most: int = 10) -> tuple[Recent, ...]:
    return recent_sessions({"XDG_STATE_HOME": str(folder.parent)}, most)


def test_a_whole_one_tells_its_verdict(folder: Path) -> None:
    path = journal(folder, 1, b"".join(LINES))
    assert found(folder) == (
        Recent(
            path=path,
            started=STARTED.started,
            target=STARTED.target.input,
            outcome="fault",
            cause="firewall-drop",
        ),
    )


@pytest.mark.parametrize("data", [LINES[0], LINES[0] + LINES[1][:-9], b"".join(LINES[:-2])])
def test_one_that_broke_off_has_none(folder: Path, data: bytes) -> None:
    journal(folder, 1, data)
    (session,) = found(folder)
    assert (session.outcome, session.goes_on) == (None, False)


def test_one_that_is_written_goes_on(folder: Path) -> None:
    path = journal(folder, 1, LINES[0])
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert [it.goes_on for it in found(folder)] == [True]


def test_the_newest_come_first_and_what_is_none_is_passed_over(folder: Path) -> None:
    paths = [journal(folder, second, LINES[0]) for second in range(5)]
    journal(folder, 9, b"")
    journal(folder, 8, b"\xff" * 300)
    journal(folder, 7, LINES[1])
    assert [it.path for it in found(folder, 3)] == paths[:1:-1]
    assert latest({"XDG_STATE_HOME": str(folder.parent)}) == paths[-1]


def test_a_verdict_behind_a_long_course_is_found(folder: Path) -> None:
    long = b"".join([LINES[0], LINES[6] * 2000, *LINES[-2:]])
    journal(folder, 1, long)
    assert [it.outcome for it in found(folder)] == ["fault"]


def test_no_folder_is_no_session(tmp_path: Path) -> None:
    assert recent_sessions({"XDG_STATE_HOME": str(tmp_path / "gone")}) == ()
    assert latest({"XDG_STATE_HOME": str(tmp_path / "gone")}) is None
