"""A process that has everything imported and forks for each walk, to save the start.

Thousands of walks on two cores would otherwise spend their time importing. It reads one request a
line (``{"pid": …, "argv": […], "user": …}``), puts a child into the namespaces of that process,
runs the command line there as that user, and answers with one line
(``{"status": …, "out": …, "err": …}``).
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from layerwalk.lab import kernel
from layerwalk.session import walk
from layerwalk.tui import cli, diagnose

LOADED = (walk, diagnose)


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Answer requests until there are none."""
    for line in requests:
        request = json.loads(line)
        answers.write(answered(request) + "\n")
        answers.flush()


def answered(request: dict[str, Any]) -> str:
    """Fork, and give what the child has written."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(walked(**request))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def walked(pid: int, argv: list[str], user: int = 0) -> str:
    """Run the command line in another process's namespaces, as this user."""
    spaces = (("net", 0x40000000), ("mnt", 0x00020000))
    for name, flag in spaces:
        with Path(f"/proc/{pid}/ns/{name}").open("rb") as space:
            kernel.setns(space.fileno(), flag)
    if user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        sys.argv = ["layerwalk", *argv]
        try:
            status: object = cli.main()
        except SystemExit as end:
            status = end.code
    out.seek(0)
    return json.dumps({"status": status, "out": out.read(), "err": err.getvalue()})


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
