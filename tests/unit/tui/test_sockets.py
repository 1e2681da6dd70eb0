"""``layerwalk sockets`` from end to end, on this machine's own sockets."""

import json
import os
import socket
from collections.abc import Iterator

import pytest

from layerwalk.tui.cli import main


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_is_shown_in_full(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sockets", f":{port}"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"port {port}: 1 TCP socket\n\nLISTEN  127.0.0.1:{port}")
    assert "0 wait to be accepted, 128 may" in out
    assert "SO_REUSEADDR on" in out
    assert err == ""


def test_all_are_shown_in_a_table(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sockets", "-4", "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("IPv4 sockets") or lines[0].endswith("IPv4 socket")
    assert any(f"127.0.0.1:{port}  " in line for line in lines)


def test_a_process_is_shown_by_name(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sockets", "-q", str(os.getpid())]) == 0
    out = capsys.readouterr().out
    assert f" ({os.getpid()}): " in out.splitlines()[0]
    assert f"127.0.0.1:{port}" in out


def test_json_is_one_object(port: int, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["sockets", f":{port}", "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert found["schema"] == "layerwalk.sockets/1"
    assert [it["local_port"] for it in found["sockets"]] == [port]


def test_redacted_nothing_of_the_machine_is_left(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", port)):
        assert main(["sockets", f":{port}", "--redact"]) == 0
        assert main(["sockets", "-q", f":{port}", "--redact"]) == 0
    out = capsys.readouterr().out
    assert f"process ({os.getpid()}" in out
    assert "pytest" not in out
    assert "python" not in out


def test_bad_input_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sockets", "nobody"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "'nobody' is no process" in err
