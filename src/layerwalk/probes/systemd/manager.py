"""What systemd tells of its units on the bus (org.freedesktop.systemd1(5)), all of it read only.

Of all units only what chooses among them is asked; the rest, of those that were chosen. A unit that
is not loaded is looked up (LoadUnit), as systemctl does: nothing is started by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from layerwalk.probes.systemd.bus import Bus, Call, Reply
from layerwalk.probes.systemd.door import BusError
from layerwalk.probes.systemd.entry import Entry, status

_PROPERTIES = "org.freedesktop.DBus.Properties"
_MANAGER_PATH = "/org/freedesktop/systemd1"
_SYSTEMD = "org.freedesktop.systemd1"
_MANAGER, _UNIT = f"{_SYSTEMD}.Manager", f"{_SYSTEMD}.Unit"
_SERVICE, _SOCKET = f"{_SYSTEMD}.Service", f"{_SYSTEMD}.Socket"
_OF_ITS_KIND = {".service": _SERVICE, ".socket": _SOCKET}
_PATTERNS = ["*.service", "*.socket"]
_STATES = ("Id", "LoadState", "ActiveState", "SubState")
_FIELDS = 10
"""A unit in the list: name, description, load, active, sub, followed, path, and its job's three."""


class Manager:
    """systemd as one connection to the bus shows it; every method may raise ``BusError``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def unit_of(self, processes: Sequence[int]) -> dict[int, str]:
        """Name the units of processes; those that belong to none are left out."""
        asked = [_manager("GetUnitByPID", "u", (pid,)) for pid in processes]
        paths = {
            pid: _path(reply) for pid, reply in zip(processes, self._bus.ask(asked), strict=True)
        }
        found = {pid: path for pid, path in paths.items() if path}
        names = self._bus.ask([_get(path, _UNIT, "Id") for path in found.values()])
        told = zip(found, (_text(_variant(it, "s")) for it in names), strict=True)
        return {pid: name for pid, name in told if name}

    def entries(self, names: Iterable[str]) -> tuple[Entry, ...]:
        """List the services and sockets that are loaded, and those named, as far as they exist."""
        (listed,) = self._bus.ask([_manager("ListUnitsByPatterns", "asas", ([], _PATTERNS))])
        if listed.error:
            raise BusError(f"systemd does not tell its units: {listed.error}")
        loaded = {entry.name: entry for entry in _rows(listed)}
        for entry in self._looked_up([it for it in dict.fromkeys(names) if it not in loaded]):
            loaded.setdefault(entry.name, entry)
        return self._told_apart([*loaded.values()])

    def whole(self, entry: Entry) -> Entry:
        """Add what is known of one unit besides."""
        own = _OF_ITS_KIND.get(entry.name[entry.name.rfind(".") :], _UNIT)
        kinds = (_UNIT, own)
        asked = [Call(entry.path, _PROPERTIES, "GetAll", "s", (kind,)) for kind in kinds]
        unit, kind = (_properties(reply) for reply in self._bus.ask(asked))
        code, number = kind.get("ExecMainCode"), kind.get("ExecMainStatus")
        return replace(
            entry,
            active=_text(unit.get("ActiveState")) or entry.active,
            sub=_text(unit.get("SubState")) or entry.sub,
            enabled=_text(unit.get("UnitFileState")),
            result=_text(kind.get("Result")),
            status=status(_number(code), _number(number)),
            restarts=_number(kind.get("NRestarts")) or 0,
        )

    def _looked_up(self, names: Sequence[str]) -> list[Entry]:
        """Those of the names that systemd has a unit for, or would have; loaded by the asking."""
        replies = self._bus.ask([_manager("LoadUnit", "s", (name,)) for name in names])
        paths = [*dict.fromkeys(path for path in map(_path, replies) if path)]
        told = self._bus.ask([_get(path, _UNIT, name) for path in paths for name in _STATES])
        texts = [_text(_variant(reply, "s")) for reply in told]
        rows = (texts[at : at + len(_STATES)] for at in range(0, len(texts), len(_STATES)))
        return [
            Entry(name=name, load=load, active=active, sub=sub, path=path)
            for path, (name, load, active, sub) in zip(paths, rows, strict=True)
            if name
        ]

    def _told_apart(self, units: Sequence[Entry]) -> tuple[Entry, ...]:
        """Add by what a unit is known to serve a port: addresses, triggers, command lines."""
        loaded = [it for it in units if it.load == "loaded"]
        sockets = [it for it in loaded if it.name.endswith(".socket")]
        services = [it for it in loaded if it.name.endswith(".service")]
        asked = [
            *(_get(it.path, _SOCKET, "Listen") for it in sockets),
            *(_get(it.path, _UNIT, "Triggers") for it in sockets),
            *(_get(it.path, _SERVICE, "ExecStart") for it in services),
        ]
        replies = self._bus.ask(asked)
        of_sockets = zip(sockets, replies, replies[len(sockets) :], strict=False)
        of_services = zip(services, replies[2 * len(sockets) :], strict=True)
        more = {
            **{it.name: _socket(it, listen, triggers) for it, listen, triggers in of_sockets},
            **{it.name: replace(it, commands=_commands(told)) for it, told in of_services},
        }
        return tuple(more.get(it.name, it) for it in units)


def _manager(method: str, signature: str, arguments: tuple[object, ...]) -> Call:
    return Call(_MANAGER_PATH, _MANAGER, method, signature, arguments)


def _get(path: str, interface: str, name: str) -> Call:
    return Call(path, _PROPERTIES, "Get", "ss", (interface, name))


def _rows(listed: Reply) -> Iterable[Entry]:
    rows = listed.values[0] if listed.values and isinstance(listed.values[0], list) else []
    for row in rows:
        if isinstance(row, tuple) and len(row) == _FIELDS and _is_path(row[6]):
            name, load, active, sub = (_text(row[at]) for at in (0, 2, 3, 4))
            yield Entry(name=name, load=load, active=active, sub=sub, path=row[6])


def _socket(entry: Entry, listen: Reply, triggers: Reply) -> Entry:
    pairs, woken = _variant(listen, "a(ss)") or [], _variant(triggers, "as") or []
    return replace(
        entry,
        listens=tuple(f"{address} ({kind})" for kind, address in pairs),
        triggers=tuple(woken),
    )


def _commands(told: Reply) -> tuple[str, ...]:
    """The arguments of each program that a service starts: (path, arguments, ...)."""
    lines = _variant(told, "a(sasbttttuii)") or []
    return tuple(" ".join(line[1][1:]) for line in lines)


def _properties(reply: Reply) -> dict[str, Any]:
    told = reply.values[0] if reply.values and isinstance(reply.values[0], dict) else {}
    return {name: it[1] for name, it in told.items() if isinstance(it, tuple)}


def _variant(reply: Reply, signature: str) -> Any:
    """The value of a property, if it is of the type that systemd gives it."""
    told = reply.values[0] if reply.values else None
    right = isinstance(told, tuple) and len(told) == 2 and told[0] == signature
    return told[1] if right else None  # type: ignore[index]


def _path(reply: Reply) -> str:
    return reply.values[0] if reply.values and _is_path(reply.values[0]) else ""


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith(f"{_MANAGER_PATH}/unit/")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
