"""Where the system bus is: a path among this machine's own files, and no address of any other kind.

An abstract name belongs to a network namespace, and a walk may be in another; anything else
would send, or start a program. Source: the D-Bus specification, "Server Addresses".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

STANDARD = ("/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket")
_SETTING = "DBUS_SYSTEM_BUS_ADDRESS"


def bus_paths(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the paths to try: those that the environment names, else where the bus always is."""
    return tuple(_named(environment.get(_SETTING, ""))) or STANDARD


def _named(setting: str) -> Iterator[str]:
    for address in setting.split(";"):
        kind, _, pairs = address.strip().partition(":")
        values = dict(pair.partition("=")[::2] for pair in pairs.split(","))
        path = _unescaped(values.get("path", ""))
        if kind == "unix" and path.startswith("/") and "\0" not in path:
            yield path


def _unescaped(value: str) -> str:
    """Read the bytes that are written as ``%2f``; what is no such thing is no path."""
    first, *rest = value.split("%")
    with suppress(ValueError):
        return first + "".join(chr(int(part[:2], 16)) + part[2:] for part in rest)
    return ""
