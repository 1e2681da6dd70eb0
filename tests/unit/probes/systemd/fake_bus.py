"""A system bus with a systemd on it, for tests: D-Bus as it goes over the wire, invented units."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, Parser
from jeepney.wrappers import DBusAddress, new_error, new_method_return, new_signal

from tests.unit.probes.systemd.units import FAILED, NOT_LOADED, UNIT, Interfaces, path
from tests.unit.probes.systemd.units import unit as described

ERRORS = "org.freedesktop"
Spoil = Callable[[bytes], bytes | None]


@dataclass
class FakeBus:
    """Serves ``loaded`` units, and those that are ``known`` once they are asked for by name.

    ``denied`` are methods that it refuses, ``processes`` the units of process numbers. ``spoil``
    gets what would be written after the first reply, and gives what is written instead: ``None``
    ends the connection. ``asked`` are the messages that came.
    """

    loaded: dict[str, Interfaces] = field(default_factory=lambda: dict(FAILED))
    known: Mapping[str, Interfaces] = field(default_factory=lambda: dict(NOT_LOADED))
    processes: Mapping[int, str] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    welcome: bytes = b"OK 0123456789abcdef0123456789abcdef\r\n"
    spoil: Spoil = bytes
    asked: list[Message] = field(default_factory=list)
    place: str = ""

    @property
    def methods(self) -> list[str]:
        return [it.header.fields[HeaderFields.member] for it in self.asked]

    def serve(self, peer: socket.socket) -> None:
        """Talk to one client until it goes."""
        first = _until(peer, b"\r\n")
        mechanism = f"\0AUTH EXTERNAL {str(os.geteuid()).encode().hex()}\r\n"
        peer.sendall(self.welcome if first == mechanism.encode() else b"REJECTED\r\n")
        if _until(peer, b"\r\n") != b"BEGIN\r\n":
            return
        parser = Parser()
        while data := peer.recv(1 << 16):
            written = [self._answer(message) for message in parser.feed(data)]
            told = self.spoil(b"".join(written)) if len(self.asked) > 1 else b"".join(written)
            if told is None:
                return
            peer.sendall(told)

    def _answer(self, message: Message) -> bytes:
        self.asked.append(message)
        method = message.header.fields[HeaderFields.member]
        reply = self._refusal(message, method) or getattr(self, f"_{method}")(message)
        assert isinstance(reply, Message)
        reply.header.fields[HeaderFields.sender] = ":1.3"
        return bytes(reply.serialise(len(self.asked)) + self._beside(method))

    def _refusal(self, message: Message, method: str) -> Message | None:
        if method not in self.denied:
            return None
        return new_error(message, f"{ERRORS}.DBus.Error.AccessDenied", "s", ("Rejected send",))

    @staticmethod
    def _beside(method: str) -> bytes:
        """What a bus says after its hello without being asked."""
        if method != "Hello":
            return b""
        about = DBusAddress("/org/freedesktop/DBus", interface="org.freedesktop.DBus")
        return bytes(new_signal(about, "NameAcquired", "s", (":1.99",)).serialise(7))

    def _Hello(self, message: Message) -> Message:  # noqa: N802 - a method of the bus
        return new_method_return(message, "s", (":1.99",))

    def _GetUnitByPID(self, message: Message) -> Message:  # noqa: N802
        (number,) = message.body
        if number in self.processes:
            return new_method_return(message, "o", (path(self.processes[number]),))
        words = f"PID {number} does not belong to any loaded unit."
        return new_error(message, f"{ERRORS}.systemd1.NoUnitForPID", "s", (words,))

    def _LoadUnit(self, message: Message) -> Message:  # noqa: N802
        (name,) = message.body
        if name not in self.loaded:
            missing = described(name, load="not-found", active="inactive", sub="dead")
            self.loaded[name] = self.known.get(name, {UNIT: missing})
        return new_method_return(message, "o", (path(name),))

    def _ListUnitsByPatterns(self, message: Message) -> Message:  # noqa: N802
        states, patterns = message.body
        assert states == []
        rows = [_row(it[UNIT]) for name, it in self.loaded.items() if _matches(name, patterns)]
        return new_method_return(message, "a(ssssssouso)", (rows,))

    def _Get(self, message: Message) -> Message:  # noqa: N802
        interface, name = message.body
        found = self._object(message).get(interface, {}).get(name)
        if found is None:
            return new_error(message, f"{ERRORS}.DBus.Error.UnknownProperty", "s", (name,))
        return new_method_return(message, "v", (found,))

    def _GetAll(self, message: Message) -> Message:  # noqa: N802
        (interface,) = message.body
        return new_method_return(message, "a{sv}", (self._object(message).get(interface, {}),))

    def _object(self, message: Message) -> Interfaces:
        about = message.header.fields[HeaderFields.path]
        return next((it for name, it in self.loaded.items() if path(name) == about), {})


def _row(told: Mapping[str, tuple[str, Any]]) -> tuple[object, ...]:
    names = ("Id", "Description", "LoadState", "ActiveState", "SubState")
    words = [told[name][1] for name in names]
    return (*words, "", path(words[0]), 0, "", "/")


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _until(peer: socket.socket, end: bytes) -> bytes:
    """Read a line and no more."""
    data = b""
    while not data.endswith(end):
        more = peer.recv(1)
        if not more:
            break
        data += more
    return data


@contextmanager
def listening(bus: FakeBus) -> Iterator[FakeBus]:
    """Have the bus at a path of its own, for one client after another."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
        bus.place = str(Path(folder) / "bus")
        door.bind(bus.place)
        door.listen()
        thread = threading.Thread(target=_serve_all, args=(door, bus))
        thread.start()
        try:
            yield bus
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve_all(door: socket.socket, bus: FakeBus) -> None:
    while True:
        try:
            peer, _ = door.accept()
        except OSError:
            return
        with peer:
            try:
                bus.serve(peer)
            except OSError:
                continue  # the client has gone


def mute(_told: bytes) -> bytes:
    """Say nothing more."""
    return b""
