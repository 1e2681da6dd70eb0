"""What a command does not need, it does not load: start-up is part of the tool's speed."""

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

RUN = """
import json, sys
from layerwalk.tui.cli import main
sys.argv = ["layerwalk", *sys.argv[1:]]
try:
    status = main()
except SystemExit as end:
    status = end.code
print(json.dumps([status or 0, sorted(sys.modules)]), file=sys.stderr)
"""
HEAVY = {"asyncio", "dns", "rich", "scapy", "textual"}


def loaded(*arguments: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own; give its exit status and what it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    status, modules = json.loads(done.stderr.splitlines()[-1])
    return status, {name.partition(".")[0] for name in modules}


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """Hold a loopback port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["causes"], ["sockets"]], ids=" ".join
)
def test_a_word_about_itself_loads_no_network_and_no_screen(arguments: list[str]) -> None:
    status, modules = loaded(*arguments)
    assert status == 0
    assert not modules & HEAVY


def test_a_walk_without_the_app_loads_no_screen() -> None:
    with closed_port() as port:
        status, modules = loaded("diagnose", "--json", f"127.0.0.1:{port}")
    assert status == 1
    assert not {"textual", "jeepney"} & modules


def test_bad_usage_loads_no_network_and_no_screen() -> None:
    status, modules = loaded("diagnose", "127.0.0.1:99999")
    assert status == 2
    assert not modules & HEAVY
