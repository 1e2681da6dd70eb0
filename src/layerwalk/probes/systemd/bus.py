"""One connection to this machine's system bus, bounded in time; D-Bus itself is jeepney's.

Calls are sent several at once. None asks a person for a right (no interactive authorization), and
none starts a service. Source: the D-Bus specification, "Message Protocol".
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from jeepney import HeaderFields, Message, MessageFlag, MessageType, Parser
from jeepney.auth import BEGIN, Authenticator
from jeepney.wrappers import DBusAddress, new_method_call

from layerwalk.probes.systemd.door import BusError

_SYSTEMD = "org.freedesktop.systemd1"
_AT_ONCE = 64
"""The system bus takes 128 calls of one connection before it refuses more (dbus-daemon(1))."""

_SLICE_S = 0.5
_MOST_BYTES = 1 << 24
_GARBLED = (
    AssertionError,
    AttributeError,
    LookupError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What a decoder may come to that reads what no bus writes."""


@dataclass(frozen=True)
class Call:
    """A call of one of systemd's methods; ``arguments`` have the types of ``signature``."""

    path: str
    interface: str
    method: str
    signature: str = ""
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What came back: values, or the name of an error."""

    values: tuple[Any, ...] = ()
    error: str = ""


class Bus:
    """A connection that has said hello.

    Raises:
        BusError: it is not this machine's, lets nobody in, or does not answer.
    """

    def __init__(self, sock: socket.socket, cancel: Event, patience_s: float) -> None:
        self._sock, self._cancel = sock, cancel
        self._until = time.monotonic() + patience_s
        self._parser, self._serial = Parser(), 0
        self._sign_in()
        (hello,) = self._round([_hello()])
        if hello.error or not hello.values:
            raise BusError(f"the system bus says {hello.error or 'nothing that is understood'}")

    def ask(self, calls: Sequence[Call]) -> list[Reply]:
        """Call, and give the replies in the same order.

        Raises:
            BusError: the bus ended the connection, writes what is no D-Bus, or took too long.
        """
        try:
            messages = [_message(call) for call in calls]
        except ValueError as error:  # a name or a path that the bus itself gave
            raise _garbled() from error
        batches = (messages[at : at + _AT_ONCE] for at in range(0, len(messages), _AT_ONCE))
        return [reply for batch in batches for reply in self._round(batch)]

    def _sign_in(self) -> None:
        """Say who asks, as the bus knows it already from the socket (SASL EXTERNAL)."""
        dialogue = Authenticator()
        try:
            for line in dialogue:
                self._send(line)
                dialogue.feed(self._received())
        except _GARBLED as error:
            raise BusError("the system bus does not let this user in") from error
        self._send(BEGIN)

    def _round(self, messages: Sequence[Message]) -> list[Reply]:
        waiting: dict[int, Reply | None] = {}
        written = []
        for message in messages:
            self._serial += 1
            waiting[self._serial] = None
            written.append(message.serialise(self._serial))
        self._send(b"".join(written))
        for heard in self._messages():
            about = heard.header.fields.get(HeaderFields.reply_serial)
            if about in waiting:
                waiting[about] = _reply(heard)
            if None not in waiting.values():
                break
        return [reply for reply in waiting.values() if reply]

    def _messages(self) -> Iterator[Message]:
        while True:
            try:
                message = self._parser.get_next_message()
                wanted = self._parser.next_msg_size or 0
            except _GARBLED as error:
                raise _garbled() from error
            if message is not None:
                yield message
            elif wanted > _MOST_BYTES:
                raise BusError("the system bus has more to say than is read")
            else:
                self._parser.add_data(self._received())

    def _send(self, data: bytes) -> None:
        try:
            self._sock.settimeout(self._left_s())
            self._sock.sendall(data)
        except TimeoutError as error:
            raise _mute() from error
        except OSError as error:
            raise _ended() from error

    def _received(self) -> bytes:
        while True:
            self._sock.settimeout(min(_SLICE_S, self._left_s()))
            try:
                data = self._sock.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError as error:
                raise _ended() from error
            if not data:
                raise _ended()
            return data

    def _left_s(self) -> float:
        left_s = self._until - time.monotonic()
        if left_s <= 0 or self._cancel.is_set():
            raise _mute()
        return left_s


def _message(call: Call) -> Message:
    about = DBusAddress(call.path, bus_name=_SYSTEMD, interface=call.interface)
    signature = call.signature or None
    message = new_method_call(about, call.method, signature, call.arguments)
    message.header.flags = MessageFlag.no_auto_start
    return message


def _hello() -> Message:
    about = "org.freedesktop.DBus"
    return new_method_call(DBusAddress("/org/freedesktop/DBus", about, about), "Hello")


def _reply(heard: Message) -> Reply:
    if heard.header.message_type is MessageType.error:
        return Reply(error=str(heard.header.fields.get(HeaderFields.error_name) or "an error"))
    return Reply(values=tuple(heard.body))


def _garbled() -> BusError:
    return BusError("what the system bus writes is not understood")


def _mute() -> BusError:
    return BusError("systemd does not answer on the system bus in time", mute=True)


def _ended() -> BusError:
    return BusError("the system bus ended the connection")
