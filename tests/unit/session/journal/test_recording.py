"""Every event is written as it comes; where it can't be, the walk goes on and says so once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Decision, Skip
from layerwalk.session.journal.recording import RecordedWalk, Recorder
from layerwalk.session.reopened.journals import journal_in
from layerwalk.session.state import WalkState
from tests.house.tree import ROOT
from tests.unit.session.test_state import JOURNAL as EVERYTHING

STOPPED = ev.RecordingStopped
JOURNAL = [event for event in EVERYTHING if not isinstance(event, STOPPED)]


def journals(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state" / "layerwalk").iterdir())


def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def test_what_is_heard_is_written(tmp_path: Path) -> None:
    heard: list[ev.Event] = []
    recorder = Recorder(heard.append, environment(tmp_path))
    for count, event in enumerate(JOURNAL, 1):
        recorder.hear(event)
        (file,) = journals(tmp_path)
        assert journal_in(file.read_bytes()).events == tuple(JOURNAL[:count])
    recorder.close()
    assert heard == list(JOURNAL)


def test_a_walk_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    Recorder(print, environment(tmp_path)).close()
    assert journals(tmp_path) == []


def test_two_at_once_keep_to_themselves(tmp_path: Path) -> None:
    both = [Recorder(lambda _event: None, environment(tmp_path)) for _ in range(2)]
    for event in JOURNAL:
        for recorder in both:
            recorder.hear(event)
    read = [journal_in(file.read_bytes()) for file in journals(tmp_path)]
    assert [it.events for it in read] == [tuple(JOURNAL)] * 2


@pytest.mark.parametrize("place", ["/proc/1/nowhere", "/dev/null"])
def test_without_a_place_the_walk_is_told_once(place: str) -> None:
    heard: list[ev.Event] = []
    recorder = Recorder(heard.append, {"XDG_STATE_HOME": place})
    for event in JOURNAL:
        recorder.hear(event)
    assert [it for it in heard if not isinstance(it, STOPPED)] == list(JOURNAL)
    (said,) = [it for it in heard if isinstance(it, STOPPED)]
    assert said.why.startswith(f"{place}/layerwalk: ")
    assert heard.index(said) == 1


FULL = """
import os, resource, signal
from layerwalk.session import events as ev
from layerwalk.session.journal.recording import Recorder
from tests.unit.session.journal.test_recording import JOURNAL

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (800, 800))
heard = []
recorder = Recorder(heard.append, os.environ)
for event in JOURNAL:
    recorder.hear(event)
said = [it for it in heard if isinstance(it, ev.RecordingStopped)]
print(len(heard) - len(said), *[it.why for it in said], sep="|")
"""


def test_a_file_that_may_not_grow_ends_with_a_whole_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL],
        env={**os.environ, **environment(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    count, why = done.stdout.strip().split("|")
    assert int(count) == len(JOURNAL)
    assert why == f"{tmp_path}/state/layerwalk: File too large"
    (file,) = journals(tmp_path)
    read = journal_in(file.read_bytes())
    assert not read.torn
    assert read.events == tuple(JOURNAL[: len(read.events)])
    assert 0 < len(read.events) < len(JOURNAL)


def test_an_event_that_is_no_text_ends_the_record_and_not_the_walk(tmp_path: Path) -> None:
    heard: list[ev.Event] = []
    recorder = Recorder(heard.append, environment(tmp_path))
    recorder.hear(JOURNAL[0])
    recorder.hear(ev.AddressesFound(at_s=1.0, addresses=("\ud800",)))
    recorder.hear(JOURNAL[1])
    assert [type(it) for it in heard].count(STOPPED) == 1
    (file,) = journals(tmp_path)
    assert journal_in(file.read_bytes()).events == (JOURNAL[0],)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Breaks:
    """A walk that breaks."""

    def __init__(self, hear: Any) -> None:
        self.hear = hear
        self.reasons: list[str] = []
        self.decided: list[Decision] = []

    def run(self) -> WalkState:
        self.hear(JOURNAL[0])
        raise LookupError

    def stop(self, reason: str = "interrupted") -> None:
        self.reasons.append(reason)

    def decide(self, decision: Decision) -> None:
        self.decided.append(decision)


def test_the_journal_of_a_walk_that_breaks_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    walks: list[Breaks] = []

    def make(hear: Any) -> Breaks:
        walks.append(Breaks(hear))
        return walks[-1]

    recorded = RecordedWalk(make, lambda _event: None)
    recorded.stop()
    recorded.decide(Skip("echo"))
    assert (walks[0].reasons, walks[0].decided) == (["interrupted"], [Skip("echo")])
    before = descriptors()
    with pytest.raises(LookupError):
        recorded.run()
    assert descriptors() == before - 2
    assert journal_in(journals(tmp_path)[0].read_bytes()).events == (JOURNAL[0],)
