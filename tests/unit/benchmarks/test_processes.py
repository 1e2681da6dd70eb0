"""Processes are measured by themselves."""

import subprocess
import sys

from benchmarks.processes import to_its_end


def test_what_it_printed_and_how_it_ended_come_back() -> None:
    ended = to_its_end(subprocess.Popen, ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"])
    assert (ended.status, ended.out, ended.err) == (7, "out\n", "err\n")
    assert ended.seconds > 0


def test_a_signal_is_told() -> None:
    assert to_its_end(subprocess.Popen, ["/bin/sh", "-c", "kill -9 $$"]).status == -9


def test_memory_of_the_one_who_measures_is_not_counted() -> None:
    own = bytearray(100_000_000)
    small = to_its_end(subprocess.Popen, ["/bin/sh", "-c", "exit"])
    large = to_its_end(subprocess.Popen, [sys.executable, "-c", "it = bytearray(150_000_000)"])
    assert small.peak_mb < len(own) / 1e6 / 2
    assert large.peak_mb > 150
