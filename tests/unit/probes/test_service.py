"""The unit that serves a port: chosen from recorded output, asked for by a fake systemctl.

The machines that test this have no systemd as init; what systemd 252 prints was written down.
"""

from pathlib import Path

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fit, Outcome, ServiceFact
from layerwalk.probes.service import fitting, service
from layerwalk.probes.systemd import Entry, read_entries, told

RECORDED = """\
Id=nginx.service
LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
ExecMainCode=1
ExecMainStatus=1
NRestarts=5
ExecStart={ path=/usr/sbin/nginx ; argv[]=/usr/sbin/nginx -g daemon on; ; ignore_errors=no ; \
start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }

Id=gunicorn.service
LoadState=loaded
ActiveState=inactive
SubState=dead
Result=success
ExecMainCode=0
ExecMainStatus=0
NRestarts=0
ExecStart={ path=/usr/bin/gunicorn ; argv[]=/usr/bin/gunicorn -b 0.0.0.0:8000 --token=x \
app:app ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }

Id=sshd.socket
LoadState=loaded
ActiveState=inactive
SubState=dead
Result=success
Listen=[::]:22 (Stream)
Listen=0.0.0.0:2222 (Stream)
Listen=[::]:53 (Datagram)
Triggers=sshd.service

Id=sshd.service
LoadState=loaded
ActiveState=active
SubState=running
Result=success
ExecMainCode=2
ExecMainStatus=9
NRestarts=0

Id=apache2.service
LoadState=not-found
ActiveState=inactive
SubState=dead
Result=success
"""
KNOWN = read_entries(RECORDED)


def chosen(port: int, *units: str) -> list[tuple[str, Fit]]:
    return [(unit.name, unit.fit) for unit in fitting(KNOWN, port, units)]


def test_properties_are_read_block_by_block() -> None:
    names = [entry.name for entry in KNOWN]
    assert names == [
        "nginx.service",
        "gunicorn.service",
        "sshd.socket",
        "sshd.service",
        "apache2.service",
    ]
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
    assert [unit.name for unit in fitting((running, failed), 6379, ())] == [
        "redis-server@b.service",
        "redis-server@a.service",
    ]


def test_a_unit_says_its_state() -> None:
    (unit,) = fitting(KNOWN, 80, ())
    assert unit.words == (
        "nginx.service is failed (failed, exit-code, exited 1, started again 5 times)"
    )
    assert not unit.runs


def test_a_log_line_shows_no_password_and_no_control() -> None:
    lines = (
        "cannot reach postgres://app:hunter2@db/x",
        "password=hunter2 was wrong; Token: hunter2",
        "\x1b[31mred\x1b[0m\x00 and \x9bmore",
        "",
        "x" * 1000,
    )
    shown = told(lines)
    assert not any("hunter2" in line for line in shown)
    assert shown[0] == "cannot reach postgres://...@db/x"
    assert shown[2].isprintable()
    assert len(shown[-1]) < 300


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that goes before the system's own."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def asked(port: int, *units: str) -> ServiceFact:
    return service(port, units, ProbeContext())


def test_systemd_is_asked_and_its_log_read(tools: Path) -> None:
    (tools / "recorded").write_text(RECORDED, encoding="utf-8")
    tool(tools, "systemctl", f'echo "$@" > {tools}/asked; cat {tools}/recorded')
    tool(tools, "journalctl", 'echo started; echo "bind() to 0.0.0.0:80 failed: password=x"')
    fact = asked(80)
    assert fact.unit is not None
    assert fact.unit.log == ("started", "bind() to 0.0.0.0:80 failed: password=...")
    assert fact.finding == f"{fact.unit.words}; its log ends: {fact.unit.log[-1]}"
    words = (tools / "asked").read_text(encoding="utf-8").split()
    assert words[:2] == ["show", "--no-pager"]
    assert {"*.service", "*.socket", "nginx.service", "apache2.service"} <= {*words}
    assert not any("*" in word for word in words if word not in {"*.service", "*.socket"})


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
    monkeypatch.setattr("layerwalk.probes.firewall.tools._SYSTEM_FOLDERS", ())
    fact = asked(80)
    assert (fact.outcome, fact.finding) == (
        Outcome.NOT_RUN,
        "no service manager is known here: systemctl is not installed",
    )


def test_a_walk_that_ends_asks_nobody(tools: Path) -> None:
    tool(tools, "systemctl", f"touch {tools}/asked")
    ctx = ProbeContext()
    ctx.cancel.set()
    assert service(80, (), ctx).outcome is Outcome.CANCELLED
    assert not (tools / "asked").exists()
