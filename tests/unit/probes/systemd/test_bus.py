"""systemd on the bus: a fake one, with D-Bus as it goes over the wire.

The machines that test this have no systemd as init; the values are those that systemd 252 gives.
"""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jeepney import HeaderFields, MessageFlag

from layerwalk.probes import systemd
from layerwalk.probes.facts import Fit
from layerwalk.probes.service import fitting
from layerwalk.probes.systemd import Chosen, Wish, by_bus
from layerwalk.probes.systemd.address import STANDARD, bus_paths
from layerwalk.probes.systemd.door import BusError, opened
from tests.unit.probes.systemd.fake_bus import FakeBus, Spoil, listening, mute
from tests.unit.probes.systemd.units import FAILED, SERVICE, UNIT, service, unit


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBus]:
    with listening(FakeBus()) as found:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={found.place}")
        yield found


def chosen(port: int, *names: str, processes: dict[int, str] | None = None) -> Chosen:
    wish = Wish(choice=partial(fitting, port=port), names=names, processes=processes or {})
    return by_bus(wish, threading.Event())


def found(port: int, *names: str) -> list[tuple[str, Fit]]:
    return [(entry.name, fit) for entry, fit in chosen(port, *names)]


@pytest.mark.usefixtures("bus")
def test_a_unit_that_failed_is_told_whole() -> None:
    ((entry, fit),) = chosen(80)
    assert (entry.name, fit) == ("nginx.service", Fit.NAME)
    assert (entry.load, entry.active, entry.sub) == ("loaded", "failed", "failed")
    assert (entry.result, entry.status, entry.restarts) == ("exit-code", "exited 1", 5)
    assert entry.enabled == "enabled"


@pytest.mark.usefixtures("bus")
def test_units_are_chosen_by_socket_and_command_line() -> None:
    woken = [("sshd.socket", Fit.SOCKET), ("sshd.service", Fit.SOCKET)]
    assert found(22) == found(2222) == woken
    assert found(53) == []  # datagrams are no connections
    assert found(8000) == [("gunicorn.service", Fit.COMMAND)]
    assert found(800) == []


def test_the_unit_of_a_process_is_systemds_own_word(bus: FakeBus) -> None:
    bus.processes = {7: "gunicorn.service"}
    ((entry, fit),) = chosen(80, processes={7: "other.service", 8: ""})
    assert (entry.name, fit, entry.enabled) == ("gunicorn.service", Fit.PROCESS, "disabled")


def test_a_users_own_manager_is_not_the_unit_that_listens(bus: FakeBus) -> None:
    bus.loaded["user@1000.service"] = {UNIT: unit("user@1000.service"), SERVICE: service("/lib/s")}
    bus.processes = {7: "user@1000.service"}
    ((entry, fit),) = chosen(80, processes={7: ""})
    assert (entry.name, fit) == ("nginx.service", Fit.NAME)


def test_where_systemd_knows_no_unit_of_a_process_its_group_tells(bus: FakeBus) -> None:
    ((entry, fit),) = chosen(80, processes={9: "sshd.service"})
    assert (entry.name, fit, entry.status) == ("sshd.service", Fit.PROCESS, "killed by signal 9")
    assert "GetUnitByPID" in bus.methods


def test_a_unit_that_is_not_loaded_is_looked_up(bus: FakeBus) -> None:
    ((entry, fit),) = chosen(6379, "redis-server.service", "redis.service", "redis-server.service")
    assert (entry.name, fit, entry.active) == ("redis-server.service", Fit.NAME, "inactive")
    assert bus.methods.count("LoadUnit") == 2


@pytest.mark.usefixtures("bus")
def test_a_masked_unit_is_named() -> None:
    ((entry, _),) = chosen(1883, "mosquitto.service")
    assert entry.load == "masked"


def test_nothing_asks_a_person_or_starts_a_service(bus: FakeBus) -> None:
    chosen(80, "apache2.service", processes={7: ""})
    reading = {"Hello", "GetUnitByPID", "LoadUnit", "ListUnitsByPatterns", "Get", "GetAll"}
    assert {*bus.methods} == reading
    for message in bus.asked[1:]:
        assert message.header.flags == MessageFlag.no_auto_start
        assert message.header.fields[HeaderFields.destination] == "org.freedesktop.systemd1"


def test_a_machine_of_many_units_is_asked_in_rounds(bus: FakeBus) -> None:
    names = [f"worker-{number}.service" for number in range(300)]
    bus.loaded |= {name: {UNIT: unit(name), SERVICE: service("/bin/w")} for name in names}
    bus.loaded["last.service"] = {UNIT: unit("last.service"), SERVICE: service("/l", "-p", "4711")}
    assert found(4711) == [("last.service", Fit.COMMAND)]
    assert bus.methods.count("Get") > 300


def test_a_unit_that_went_meanwhile_is_told_as_it_was(bus: FakeBus) -> None:
    bus.denied = frozenset({"GetAll"})
    ((entry, _),) = chosen(80)
    assert (entry.active, entry.result, entry.status, entry.restarts) == ("failed", "", "", 0)


def test_properties_of_other_types_are_not_believed(bus: FakeBus) -> None:
    odd = {**FAILED["nginx.service"][UNIT], "ActiveState": ("as", ["failed"])}
    bus.loaded["nginx.service"] = {
        UNIT: odd,
        SERVICE: {"ExecStart": ("s", "80"), "Result": ("u", 4)},
    }
    bus.denied = frozenset({"ListUnitsByPatterns"})
    with pytest.raises(BusError, match="does not tell its units"):
        chosen(80)
    bus.denied = frozenset()
    bus.loaded = {"nginx.service": bus.loaded["nginx.service"]}
    bus.loaded["nginx.service"][UNIT]["ActiveState"] = ("s", "failed")
    ((entry, _),) = chosen(80)
    assert (entry.result, entry.commands) == ("", ())


def after(count: int, spoil: Spoil) -> Spoil:
    """Spoil what comes after some writings."""
    left = iter(range(count))
    return lambda told: told if next(left, None) is not None else spoil(told)


SPOILT: dict[str, Spoil] = {
    "ends": lambda _told: None,
    "cuts": lambda told: told[: len(told) // 2],
    "noise": lambda told: bytes(len(told) + 32),
    "other order of bytes": lambda told: b"B" + told[1:],
    "letters": lambda told: b"HTTP/1.1 400 Bad Request\r\n\r\n" + told,
    "huge": lambda told: told[:4] + b"\xff\xff\xff\x07" + told[8:],
    "mute": mute,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_bus_that_goes_wrong_is_left(
    bus: FakeBus, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, count: int
) -> None:
    monkeypatch.setattr(systemd, "PATIENCE_S", 0.2)
    bus.spoil = after(count, spoil)
    with pytest.raises(BusError) as told:
        chosen(80)
    assert "bus" in str(told.value)


def test_silence_has_an_end_and_is_told_apart(
    bus: FakeBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "PATIENCE_S", 0.2)
    bus.spoil = mute
    with pytest.raises(BusError, match="does not answer") as told:
        chosen(80)
    assert told.value.mute


def test_a_walk_that_ends_waits_for_no_bus(bus: FakeBus) -> None:
    bus.spoil = mute
    ended = threading.Event()
    ended.set()
    with pytest.raises(BusError):
        by_bus(Wish(choice=partial(fitting, port=80)), ended)
    assert bus.asked == []


@pytest.mark.parametrize(
    "welcome", [b"REJECTED EXTERNAL\r\n", b"ERROR\r\n", b"HTTP/1.1 400\r\n", b"x" * 9000, b"\r\n"]
)
def test_a_bus_that_lets_nobody_in_is_left(bus: FakeBus, welcome: bytes) -> None:
    bus.welcome = welcome
    with pytest.raises(BusError, match="does not let this user in"):
        chosen(80)


@given(st.binary(max_size=400), st.integers(0, 200))
def test_garbled_replies_raise_nothing_else(noise: bytes, at: int) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(systemd, "PATIENCE_S", 0.02)
        with listening(FakeBus(spoil=lambda told: told[:at] + noise)) as bus:
            changed.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={bus.place}")
            with suppress(BusError):  # and nothing else
                chosen(80)


def test_without_a_bus_it_says_so() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("none", "x" * 200):
            with pytest.raises(BusError, match="can't be reached"):
                opened((str(Path(folder) / name),), 1.0)


@pytest.mark.parametrize(
    ("pid", "user", "why"), [(0, 0, "another namespace"), (1, 12345, "another user")]
)
def test_a_bus_of_others_is_not_asked(
    bus: FakeBus, monkeypatch: pytest.MonkeyPatch, pid: int, user: int, why: str
) -> None:
    class Lent(socket.socket):
        def getsockopt(self, *_options: int) -> bytes:  # type: ignore[override]
            return b"".join(it.to_bytes(4, "little") for it in (pid, user, 0))

    monkeypatch.setattr(socket, "socket", Lent)
    with pytest.raises(BusError, match=why):
        opened((bus.place,), 1.0)
    assert bus.asked == []


@pytest.mark.parametrize(
    ("setting", "paths"),
    [
        ("", STANDARD),
        ("unix:path=/run/bus", ("/run/bus",)),
        ("unix:guid=12,path=/run/a%20b;unix:path=/c", ("/run/a b", "/c")),
        ("unix:abstract=/tmp/bus", STANDARD),
        ("tcp:host=198.51.100.7,port=99", STANDARD),
        ("tcp:host=198.51.100.7;unix:path=/c", ("/c",)),
        ("unixexec:path=/bin/sh,argv1=-c", STANDARD),
        ("unix:path=relative", STANDARD),
        ("unix:path=/a%zz", STANDARD),
        ("unix:path=/a%00b", STANDARD),
        (";;,=:", STANDARD),
    ],
)
def test_only_a_path_of_this_machine_is_an_address(setting: str, paths: tuple[str, ...]) -> None:
    assert bus_paths({"DBUS_SYSTEM_BUS_ADDRESS": setting}) == paths
    assert bus_paths({}) == STANDARD
