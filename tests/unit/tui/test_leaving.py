"""The end of the process: at once, and behind all that others do at its end."""

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading
from layerwalk.tui.leaving import Leaving

class Witness:
    def __del__(self):
        print("taken apart", flush=True)

leaving, witness = Leaving(), Witness()
atexit.register(print, "said at the end", flush=True)
late = threading.Event()
threading.Thread(target=lambda: late.wait(30) and print("a thread's last word", flush=True)).start()
late.set()
{end}
"""


@pytest.mark.parametrize(
    ("end", "status", "last"),
    [
        ("sys.exit(leaving.with_status(3))", 3, "said at the end"),
        ("sys.exit(1)", 1, "taken apart"),
    ],
    ids=["known", "unknown"],
)
def test_only_the_interpreter_is_left_as_it_is(end: str, status: int, last: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.splitlines()[:2] == ["a thread's last word", "said at the end"]
    assert done.stdout.splitlines()[-1] == last
