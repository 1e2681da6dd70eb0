"""What systemd says of its units, and what they logged last: by systemctl(1) and journalctl(1).

Both only read; anyone may ask for states, and root and the group systemd-journal for logs. Of a
command line nothing is kept but whether it names a port; in log lines passwords are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from layerwalk.probes.firewall.tools import ToolError, run

_PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "NRestarts",
    "Listen",
    "Triggers",
    "ExecStart",
)
_LOADED = ("*.service", "*.socket")
_ENDS = {"1": "exited", "2": "killed by signal", "3": "killed by signal"}  # CLD_..., siginfo.h
_LINES, _LONGEST = 5, 240
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]*(?=@)")
_SECRET = re.compile(
    r"(?i)\b(pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|authorization)(\s*[=:]\s*|\s+)\S+"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A unit as systemd has it; ``commands`` are its command lines, not to be shown."""

    name: str
    load: str = ""
    active: str = ""
    sub: str = ""
    result: str = ""
    status: str = ""
    restarts: int = 0
    listens: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def entries(names: Sequence[str] = ()) -> tuple[Entry, ...]:
    """List the services and sockets that are loaded, and those named, in systemd's order.

    Raises:
        ToolError: systemd can't be asked: it does not run, or systemctl is not installed.
    """
    wanted = [*_LOADED, *dict.fromkeys(names)]
    command = ["systemctl", "show", "--no-pager", f"--property={','.join(_PROPERTIES)}", *wanted]
    return read_entries(run(command))


def read_entries(text: str) -> tuple[Entry, ...]:
    """Read the properties that systemctl prints, a block of lines for each unit. Pure."""
    found: dict[str, Entry] = {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line.partition("=") for line in block.splitlines() if "=" in line]
        values: dict[str, list[str]] = {}
        for key, _, value in lines:
            values.setdefault(key, []).append(value)
        if values.get("Id", [""])[0]:
            found.setdefault(values["Id"][0], _entry(values))
    return tuple(found.values())


def _entry(values: Mapping[str, Sequence[str]]) -> Entry:
    def first(key: str) -> str:
        return values.get(key, [""])[0]

    code, restarts = first("ExecMainCode"), first("NRestarts")
    return Entry(
        name=first("Id"),
        load=first("LoadState"),
        active=first("ActiveState"),
        sub=first("SubState"),
        result=first("Result"),
        status=f"{_ENDS[code]} {first('ExecMainStatus')}" if code in _ENDS else "",
        restarts=int(restarts) if restarts.isdecimal() else 0,
        listens=tuple(values.get("Listen", ())),
        triggers=tuple(" ".join(values.get("Triggers", ())).split()),
        commands=tuple(values.get("ExecStart", ())),
    )


def last_words(unit: str) -> tuple[str, ...]:
    """Give the last lines that a unit logged; none where this user may not read them."""
    command = ["journalctl", "--no-pager", "--quiet", "--output=cat", f"--lines={_LINES}"]
    try:
        return told(run([*command, f"--unit={unit}"]).splitlines())
    except ToolError:
        return ()


def told(lines: Iterable[str]) -> tuple[str, ...]:
    """Write log lines as they may be shown: no passwords, no controls, and none too long. Pure."""
    masked = (_SECRET.sub(r"\1\2...", _CREDENTIALS.sub("...", line)) for line in lines)
    plain = (_CONTROL.sub(" ", line).strip() for line in masked)
    return tuple(line[:_LONGEST] for line in plain if line)[-_LINES:]
