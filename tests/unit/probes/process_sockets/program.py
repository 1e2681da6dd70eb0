"""A program of its own, whose sockets are looked at while it waits."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

AROUND = """
import fcntl, json, os, socket, struct, sys
def say(**told): print(json.dumps(told), flush=True)
def wait(): sys.stdin.readline()
def flags(it): return fcntl.fcntl(it, fcntl.F_GETFL)
"""


class Program:
    """The program: it says something as JSON, then waits to be told to go on."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.pid = process.pid
        self.said = self.heard()

    def heard(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        said: dict[str, Any] = json.loads(line)
        return said

    def goes_on(self) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.heard()


@contextlib.contextmanager
def program(source: str, *around: str) -> Iterator[Program]:
    """Run a program, perhaps by others (setpriv, unshare), until the block ends."""
    words: Sequence[str] = (*around, sys.executable, "-I", "-S", "-c", AROUND + source)
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, cwd="/") as process:
        try:
            yield Program(process)
        finally:
            process.kill()
