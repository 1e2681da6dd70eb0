"""The most recent sessions, told from the beginning and the end of their journals alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from layerwalk.session import events as ev
from layerwalk.session.journal.folder import folder_path, is_written, names
from layerwalk.session.report import OutcomeWord, Verdict

MOST = 10
_HEAD, _TAIL = 64 << 10, 512 << 10
_ENDINGS = (b'{"event":"verdict-reached"', b'{"event":"walk-ended"')


@dataclass(frozen=True, kw_only=True)
class Recent:
    """One session. ``started`` is UTC in ISO 8601; ``outcome`` is empty where no verdict came.

    ``cause`` is the id of the first cause; ``goes_on`` tells that some process still walks.
    """

    path: Path
    started: str
    target: str
    outcome: OutcomeWord | None = None
    cause: str = ""
    goes_on: bool = False


def recent_sessions(environment: Mapping[str, str], most: int = MOST) -> tuple[Recent, ...]:
    """Give the newest sessions, the newest first; none where the folder can't be read."""
    try:
        return tuple(_found(folder_path(environment), most))
    except OSError:
        return ()


def latest(environment: Mapping[str, str]) -> Path | None:
    """Name the journal of the most recent session."""
    return next((it.path for it in recent_sessions(environment, 1)), None)


def _found(path: Path, most: int) -> Iterator[Recent]:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in names(folder):
            with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
                yield _recent(path / name)
                most -= 1
            if not most:
                return
    finally:
        os.close(folder)


def _recent(path: Path) -> Recent:
    """Look into a journal.

    Raises:
        OSError: it can't be read.
        msgspec.MsgspecError: it begins no walk.
    """
    with path.open("rb") as file:
        goes_on = is_written(file.fileno())
        begun = msgspec.json.decode(file.readline(_HEAD), type=ev.WalkStarted)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        verdict = _verdict(file.read(_TAIL))
    return Recent(
        path=path,
        started=begun.started,
        target=begun.target.input,
        outcome=verdict.outcome if verdict else None,
        cause=next((cause.id for cause in verdict.causes), "") if verdict else "",
        goes_on=goes_on,
    )


def _verdict(tail: bytes) -> Verdict | None:
    for line in reversed(tail.split(b"\n")):
        if line.startswith(_ENDINGS):
            with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
                event = ev.decode(line)
                if isinstance(event, ev.VerdictReached):
                    return event.verdict
    return None
