"""The unit that serves a port: chosen from recorded output, asked for by a fake systemctl or bus.

The machines that test this have no systemd as init; what systemd 252 prints was written down.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layerwalk.probes import systemd
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fit, Outcome, ServiceFact
from layerwalk.probes.origin import Origin
from layerwalk.probes.quarters import Quarters
from layerwalk.probes.service import fitting, service
from layerwalk.probes.systemd import Entry
from layerwalk.probes.systemd.tool import read_entries
from tests.unit.probes.systemd.fake_bus import FakeBus, listening, mute

RECORDED = """\
Id=nginx.service
LoadState=loaded
ActiveState=failed
SubState=failed
UnitFileState=enabled
Triggers=
ExecMainCode=1
ExecMainStatus=1
Result=exit-code
NRestarts=5
ExecStart={ path=/usr/sbin/nginx ; argv[]=/usr/sbin/nginx -g daemon on; ; ignore_errors=no ; \
start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }

Id=gunicorn.service
LoadState=loaded
ActiveState=inactive
SubState=dead
UnitFileState=disabled
Triggers=
ExecMainCode=0
ExecMainStatus=0
Result=success
NRestarts=0
ExecStart={ path=/usr/bin/gunicorn ; argv[]=/usr/bin/gunicorn -b 0.0.0.0:8000 --token=hunter2 \
app:app ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; \
status=0/0 }

Id=sshd.socket
LoadState=loaded
ActiveState=inactive
SubState=dead
UnitFileState=enabled
Triggers=sshd.service
Listen=[::]:22 (Stream)
Listen=0.0.0.0:2222 (Stream)
Listen=[::]:53 (Datagram)
Result=success

Id=sshd.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
Triggers=
ExecMainCode=2
ExecMainStatus=9
Result=success
NRestarts=0
ExecStart={ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D ; ignore_errors=no ; start_time=[n/a] \
; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }

Id=apache2.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
Triggers=
ExecMainCode=0
ExecMainStatus=0
Result=success
NRestarts=0
"""
KNOWN = read_entries(RECORDED)


def chosen(port: int, *units: str) -> list[tuple[str, Fit]]:
    return [(entry.name, fit) for entry, fit in fitting(KNOWN, units, port=port)]


def test_properties_are_read_block_by_block() -> None:
    names = [entry.name for entry in KNOWN]
    assert names == [
        "nginx.service",
        "gunicorn.service",
        "sshd.socket",
        "sshd.service",
        "apache2.service",
    ]
    assert KNOWN[0].listens == KNOWN[0].triggers == ()
    assert (KNOWN[0].status, KNOWN[0].restarts) == ("exited 1", 5)
    assert KNOWN[1].status == ""
    assert KNOWN[3].status == "killed by signal 9"
    assert KNOWN[2].listens == ("[::]:22 (Stream)", "0.0.0.0:2222 (Stream)", "[::]:53 (Datagram)")


@pytest.mark.parametrize(
    ("port", "units", "found"),
    [
        (80, (), [("nginx.service", Fit.NAME)]),  # what is not there fits nothing
        (8000, (), [("gunicorn.service", Fit.COMMAND)]),
        (800, (), []),
        (22, (), [("sshd.socket", Fit.SOCKET), ("sshd.service", Fit.SOCKET)]),
        (2222, (), [("sshd.socket", Fit.SOCKET), ("sshd.service", Fit.SOCKET)]),
        (53, (), []),  # datagrams are no connections
        (80, ("gunicorn.service",), [("gunicorn.service", Fit.PROCESS)]),
        (5432, (), []),
    ],
)
def test_the_surest_reason_chooses(
    port: int, units: tuple[str, ...], found: list[tuple[str, Fit]]
) -> None:
    assert chosen(port, *units) == found


def test_of_several_the_one_that_does_not_run_goes_first() -> None:
    running = Entry(name="redis-server@a.service", active="active")
    failed = Entry(name="redis-server@b.service", active="failed")
    masked = Entry(name="redis.service", active="inactive", load="masked")
    found = fitting((masked, running, failed), (), port=6379)
    assert [entry.name for entry, _ in found] == [
        "redis-server@b.service",
        "redis-server@a.service",
        "redis.service",
    ]


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that goes before the system's own; and there is no bus."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch, tools: Path) -> Iterator[FakeBus]:
    tool(tools, "systemctl", f"touch {tools}/asked; exit 1")
    tool(tools, "journalctl", "exit 1")
    with listening(FakeBus()) as found:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={found.place}")
        yield found


def asked(port: int, **units: int) -> ServiceFact:
    """Ask about a port; ``units`` are those that control groups name, each with its process."""
    named = {pid: f"{name}.service" for name, pid in units.items()}
    return service(port, named, ProbeContext())


def test_systemd_is_asked_and_its_log_read(tools: Path) -> None:
    (tools / "recorded").write_text(RECORDED, encoding="utf-8")
    tool(tools, "systemctl", f'echo "$@" > {tools}/asked; cat {tools}/recorded')
    tool(tools, "journalctl", 'echo started; echo "bind() to 0.0.0.0:80 failed: password=x"')
    fact = asked(80)
    assert fact.unit is not None
    assert fact.unit.log == ("started", "bind() to 0.0.0.0:80 failed: password=...")
    assert fact.finding == f"{fact.unit.words}; its log ends: {fact.unit.log[-1]}"
    words = (tools / "asked").read_text(encoding="utf-8").split()
    assert words[:2] == ["show", "--all"]  # or what is inactive is left out
    assert {"*.service", "*.socket", "nginx.service", "apache2.service"} <= {*words}
    assert not any("*" in word for word in words if word not in {"*.service", "*.socket"})
    assert fact.asked == "systemd by systemctl"


def test_a_unit_says_its_state(tools: Path) -> None:
    (tools / "recorded").write_text(RECORDED, encoding="utf-8")
    tool(tools, "systemctl", f"cat {tools}/recorded")
    tool(tools, "journalctl", "exit 1")
    failed, dead = asked(80).units[0], asked(8000).units[0]
    assert failed.words == (
        "nginx.service is failed (failed, exit-code, exited 1, started again 5 times)"
    )
    assert dead.words == "gunicorn.service is inactive (dead, not started with the machine)"
    assert replace(dead, load="masked").words.startswith("gunicorn.service is masked (dead")
    assert not failed.runs


@pytest.mark.parametrize("port", [22, 53, 80, 2222, 8000, 9999])
def test_the_bus_and_systemctl_bring_the_same_facts(tools: Path, port: int, bus: FakeBus) -> None:
    by_bus = asked(port)
    bus.welcome = b"REJECTED\r\n"
    (tools / "recorded").write_text(RECORDED, encoding="utf-8")
    tool(tools, "systemctl", f"cat {tools}/recorded")
    by_tool = asked(port)
    assert (by_bus.asked, by_tool.asked) == ("systemd by D-Bus", "systemd by systemctl")
    assert replace(by_bus, asked="") == replace(by_tool, asked="")


def test_where_a_bus_answers_no_tool_is_run(tools: Path, bus: FakeBus) -> None:
    assert asked(80).finding == (
        "nginx.service is failed (failed, exit-code, exited 1, started again 5 times)"
    )
    assert bus.methods
    assert not (tools / "asked").exists()


def test_where_the_bus_is_mute_no_tool_waits_for_the_same_process(
    tools: Path, bus: FakeBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "PATIENCE_S", 0.2)
    bus.spoil = mute
    fact = asked(80)
    assert (fact.outcome, fact.finding) == (
        Outcome.NOT_RUN,
        "systemd can't be asked: systemd does not answer on the system bus in time",
    )
    assert not (tools / "asked").exists()


def test_a_socket_that_systemd_keeps_for_a_unit_is_told_by_its_port(bus: FakeBus) -> None:
    bus.processes = {1: "init.scope"}
    fact = service(22, {1: "init.scope"}, ProbeContext())
    assert [(it.name, it.fit) for it in fact.units][:1] == [("sshd.socket", Fit.SOCKET)]


def test_of_other_quarters_only_the_process_tells_its_unit(bus: FakeBus) -> None:
    """The usual service of a port is another one inside a container."""
    quarters = Quarters(pid=7, foreign=True)
    ctx = ProbeContext(origin=Origin(quarters=quarters))
    fact = service(80, {7: ""}, ctx)
    assert (fact.units, fact.elsewhere) == ((), True)
    assert fact.finding == (
        "no unit of this machine's systemd fits port 80; "
        "a manager in the container or namespace of that process was not asked"
    )
    bus.processes = {7: "gunicorn.service"}
    assert [it.name for it in service(80, {7: ""}, ctx).units] == ["gunicorn.service"]
    assert "LoadUnit" not in bus.methods


def test_a_log_that_may_not_be_read_is_left_out(tools: Path) -> None:
    (tools / "recorded").write_text(RECORDED, encoding="utf-8")
    tool(tools, "systemctl", f"cat {tools}/recorded")
    tool(tools, "journalctl", "exit 1")
    unit = asked(80).unit
    assert unit is not None
    assert unit.log == ()


def test_without_systemd_it_says_so(tools: Path) -> None:
    words = "System has not been booted with systemd as init system (PID 1). Can't operate."
    tool(tools, "systemctl", f'echo "{words}" >&2; exit 1')
    fact = asked(80)
    assert (fact.outcome, fact.units) == (Outcome.NOT_RUN, ())
    assert fact.finding.startswith("systemd can't be asked: System has not been booted")


def test_without_systemctl_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setattr("layerwalk.probes.firewall.tools._SYSTEM_FOLDERS", ())
    fact = asked(80)
    assert (fact.outcome, fact.finding) == (
        Outcome.NOT_RUN,
        (
            "no service manager is known here: systemctl is not installed, and "
            "the system bus can't be reached: No such file or directory"
        ),
    )


def test_a_walk_that_ends_asks_nobody(tools: Path) -> None:
    tool(tools, "systemctl", f"touch {tools}/asked")
    ctx = ProbeContext()
    ctx.cancel.set()
    assert service(80, {}, ctx).outcome is Outcome.CANCELLED
    assert not (tools / "asked").exists()
