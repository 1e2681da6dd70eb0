"""The last lines of a log, as they may be shown: programs log what they like."""

from pathlib import Path

import pytest

from layerwalk.probes.firewall.tools import Tools
from layerwalk.probes.systemd.journal import last_words, told


@pytest.mark.parametrize(
    "line",
    [
        "cannot reach postgres://app:hunter2@db.internal/shop",
        "cannot reach postgres://app:hun/ter2@db.internal/shop",
        "cannot reach https://hunter2@git.internal/",
        "password=hunter2 was wrong",
        "DB_PASSWORD=hunter2",
        "Token: hunter2",
        '{"level":"error","password":"hunter2","msg":"no"}',
        "client_secret: 'hunter2 and more'",
        "started with --password hunter2 --port 80",
        'logging in with password "hunter2 and more"',
        "with the password hunter2",
        "Authorization: Bearer hunter2.hunter2.hunter2",
        "Set-Cookie: session=hunter2",
        "GET /x?api_key=hunter2&page=2",
        "pass\x1b[1mword=\x1b[0mhunter2",
        f"{'x ' * 100}password=hunter2",
        f"https://app:hunter2{'x' * 20000}@db",
        f"{'x ' * 8180}password=hunter2",
    ],
)
def test_no_secret_is_shown(line: str) -> None:
    shown = " ".join(told([line, "end"]))
    assert "hunter2" not in shown
    assert "hun" not in shown
    assert shown.endswith("end")


@pytest.mark.parametrize(
    "line",
    [
        "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
        'FATAL: password authentication failed for user "app"',
        "password file /etc/app/passwd not found",
        "token expired at 12:00",
        "listening on [::]:8080",
        "a\u00e9\u4e2d - [red]text[/red]",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert told([line]) == (line,)


def test_nothing_that_a_terminal_obeys_is_left() -> None:
    lines = [
        "\x1b[31mred\x1b[0m\x00 and \x9b1mmore",
        "\x1b]0;title\x07name\x1b[2J\r\x08over",
        "turned \u202eround\u2066, broken \ud800",
        b"odd \xff\xfe bytes".decode(errors="replace"),
    ]
    shown = told(lines)
    assert all(line.isprintable() for line in shown)
    assert shown[0] == "red and more"
    assert shown[1] == "name over"
    assert shown[3] == "odd \ufffd\ufffd bytes"


def test_only_the_last_lines_are_shown_and_none_too_long() -> None:
    lines = [*(f"line {number}" for number in range(9)), "", "\x00", "y" * 100_000, "x " * 300]
    shown = told(lines)
    assert len(shown) == 5
    assert shown[0] == "line 5"
    assert max(map(len, shown)) <= 240


def test_a_log_of_other_bytes_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "journalctl"
    tool.write_bytes(b"#!/bin/sh\nprintf 'a \\377\\n\\033[31mb\\n[31B blob data]\\n'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert last_words("web.service", Tools()) == ("a \ufffd", "b", "[31B blob data]")
