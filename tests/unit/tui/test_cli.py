"""The command as it is typed: a process of its own each time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerwalk import __version__


def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "layerwalk", *words],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **changes},
    )


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"layerwalk {__version__}\n", "")


@pytest.mark.parametrize("words", [[], ["diagnose"], ["causes"], ["demo"]], ids=" ".join)
def test_help(words: list[str]) -> None:
    done = run(*words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: layerwalk")


def test_causes() -> None:
    done = run("causes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].split() == ["id", "layer", "what", "it", "is"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["diagnose", "db:0"], "target 'db:0': its port is not a number from 1 to 65535"),
        (["--client", "22", "db"], "--client names who can't get in here"),
        (["diagnose", "\x1b[31mdb\x07:80"], r"target '\x1b[31mdb\x07:80': a blank or a control"),
        (["diagnose", "--budget", "\x1b]0;x\x07", "db"], r"argument --budget: '\x1b]0;x\x07' is"),
        (["diagnose", "--\x1b[2J", "db"], r"unrecognized arguments: --\x1b[2J"),
        (["diagnose", "db", "-o", "\x1b[2J.md/x.md"], r"argument -o: the folder of '\x1b[2J.md/x"),
        (["causes", "\x1b[31m"], r"no cause is called '\x1b[31m'"),
        (["demo", "\x1b[31m\n"], r"no fault is called '\x1b[31m\n'"),
        (["diagnose", "https://user:secret@db:0"], "target 'https://...@db:0': its port"),
        ([], "this terminal can't show the app"),
    ],
)
def test_bad_input_is_one_line(words: list[str], line: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"layerwalk: {line}")
    assert done.stderr.count("\n") == 1
    assert done.stderr[:-1].isprintable()


def test_bytes_that_are_no_text_are_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "layerwalk", b"diagnose", b"\xff\xfe:80"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 2
    assert rb"'\udcff\udcfe:80'" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_a_terminal_of_another_encoding_is_no_crash(encoding: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "layerwalk",
            "diagnose",
            "b\N{LATIN SMALL LETTER U WITH DIAERESIS}:0",
        ],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 2
    assert "its port" in done.stderr.decode(encoding)


@pytest.mark.parametrize("words", [["causes"], ["--help"], ["demo", "--list"], ["--version"]])
def test_a_reader_that_has_gone_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "layerwalk", *words],
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_outputs_are_no_crash(tmp_path: Path) -> None:
    script = 'exec "$0" -m layerwalk causes >&- 2>&-'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable], check=False, timeout=60, cwd=tmp_path
    )
    assert done.returncode == 0


@pytest.mark.parametrize("words", [["causes"], ["--help"], ["--version"]], ids=" ".join)
def test_a_full_disk_is_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "layerwalk", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == b"layerwalk: [Errno 28] No space left on device\n"
