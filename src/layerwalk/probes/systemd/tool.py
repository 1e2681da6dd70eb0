"""Asking systemd by its own tool, systemctl(1), where no bus can be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from layerwalk.probes.firewall.tools import Tools
from layerwalk.probes.systemd.entry import Chosen, Entry, Wish, status

_PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "UnitFileState",
    "NRestarts",
    "Listen",
    "Triggers",
    "ExecStart",
)
_LOADED = ("*.service", "*.socket")


def by_tool(wish: Wish, tools: Tools) -> Chosen:
    """Choose among what systemctl tells.

    Raises:
        ToolError: systemd can't be asked: it does not run, or systemctl is not installed.
    """
    units = tuple(dict.fromkeys(unit for unit in wish.processes.values() if unit))
    named = dict.fromkeys([*units, *wish.names])
    asked = f"--property={','.join(_PROPERTIES)}"
    # Without --all a pattern finds no unit that is inactive (systemctl(1)): those that matter here.
    command = ["systemctl", "show", "--all", "--no-pager", asked, "--", *_LOADED, *named]
    return wish.choice(read_entries(tools.run(command)), units)


def read_entries(text: str) -> tuple[Entry, ...]:
    """Read the properties that systemctl prints, a block of lines for each unit. Pure."""
    found: dict[str, Entry] = {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line.partition("=") for line in block.split("\n") if "=" in line]
        values: dict[str, list[str]] = {}
        for key, _, value in lines:
            if value:
                values.setdefault(key, []).append(value)
        if values.get("Id", [""])[0]:
            found.setdefault(values["Id"][0], _entry(values))
    return tuple(found.values())


def _entry(values: Mapping[str, Sequence[str]]) -> Entry:
    def first(key: str) -> str:
        return values.get(key, [""])[0]

    return Entry(
        name=first("Id"),
        load=first("LoadState"),
        active=first("ActiveState"),
        sub=first("SubState"),
        result=first("Result"),
        status=status(_number(first("ExecMainCode")), _number(first("ExecMainStatus"))),
        enabled=first("UnitFileState"),
        restarts=_number(first("NRestarts")) or 0,
        listens=tuple(values.get("Listen", ())),
        triggers=tuple(" ".join(values.get("Triggers", ())).split()),
        commands=tuple(_arguments(text) for text in values.get("ExecStart", ())),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _arguments(text: str) -> str:
    """What a program is given, out of ``{ path=... ; argv[]=... ; ignore_errors=... }``."""
    told = text.partition("argv[]=")[2] or text
    return re.split(r" ; (?=ignore_errors=)", told)[0].partition(" ")[2]
