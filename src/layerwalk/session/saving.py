"""Reports on disk: whole or not at all, in the form that the file's suffix names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput

if TYPE_CHECKING:
    from layerwalk.session.report import Report

SUFFIXES = (".json", ".md", ".txt")


def check_destination(text: str) -> Path:
    """Tell, before any walk, whether a report can be saved under this name.

    Raises:
        BadInput: it can't, as far as can be known now.
    """
    _check_suffix(Path(text).suffix.lower(), shortened(text))
    return check_place(text)


def check_place(text: str) -> Path:
    """Tell whether a file can be written under this name, whatever is to be in it.

    Raises:
        BadInput: it can't, as far as can be known now.
    """
    path = Path(text)
    name = shortened(text)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"'{name}' is there and is no file; name another")
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            raise BadInput(f"the folder of '{name}' does not exist; make it, or name another")
        writable = os.access(folder, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"'{name}' can't be a file's name here; name another") from error
    if not writable:
        raise BadInput(f"the folder of '{name}' can't be written to; name another")
    return path


def _check_suffix(suffix: str, name: str) -> None:
    if suffix == ".html":
        raise BadInput("the form .html is not built yet; use .json, .md or .txt")
    if suffix not in SUFFIXES:
        raise BadInput(f"'{name}' has no suffix that names a form; use .json, .md or .txt")


def save_report(report: Report | tuple[Report, ...], path: Path) -> None:
    """Write a report (an array of them, where several targets were walked) whole or not at all.

    Raises:
        BadInput: the suffix names no form.
        OSError: the file can't be written; what stood there before is untouched.
    """
    _check_suffix(path.suffix.lower(), shortened(str(path)))
    write_whole(path, _rendered(report, path.suffix.lower()))


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file, given in pieces, whole or not at all; a link is followed.

    Raises:
        OSError: the file can't be written; what stood there before is untouched.
    """
    with _replacing(Path(os.path.realpath(path))) as descriptor, os.fdopen(descriptor, "wb") as out:
        out.writelines(pieces)
        out.flush()
        os.fsync(out.fileno())


def _rendered(report: Report | tuple[Report, ...], suffix: str) -> Iterable[bytes]:
    """Give the report's form in pieces; the forms load what they need only now."""
    if suffix == ".json":
        from layerwalk.session.json_form import json_pieces

        return json_pieces(report)
    if suffix == ".md":
        from layerwalk.session.markdown import to_markdown as to_form
    else:
        from layerwalk.session.text import to_text as to_form
    return (to_form(report).encode("utf-8", "backslashreplace"),)


def opened_beside(path: Path) -> tuple[Path, int]:
    """Open a new file in the folder of ``path``, to take its place; give its descriptor, too.

    Raises:
        OSError: it can't be made.
    """
    beside = path.with_name(f".layerwalk-{os.urandom(6).hex()}{path.suffix}")
    return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[int]:
    """Give a new file's descriptor; the file takes the place of ``path`` once all went well."""
    beside, descriptor = opened_beside(path)
    try:
        yield descriptor
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
