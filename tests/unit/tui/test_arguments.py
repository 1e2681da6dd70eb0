import os
from pathlib import Path

import pytest

from layerwalk.probes.facts.target import Family
from layerwalk.probes.origin import Origin
from layerwalk.session.options import Options
from layerwalk.session.pcap import file
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.arguments import LATER_COMMANDS, LATER_OPTIONS, parse
from layerwalk.tui.requests import (
    Causes,
    Convert,
    Demo,
    Detail,
    Diagnose,
    Open,
    OpenSaved,
    Request,
    Sockets,
)

DB = parse_target("db:5432")


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("", Open()),
        ("db:5432", Open(target=DB)),
        ("causes:80", Open(target=parse_target("causes:80"))),
        ("-- db:5432", Open(target=DB)),
        ("--unprivileged", Open(options=Options(unprivileged=True))),
        ("--trace-firewall db:5432", Open(target=DB, options=Options(trace_firewall=True))),
        ("--budget 5 db:5432", Open(target=DB, options=Options(budget_s=5.0))),
        ("--timeout 5 db:5432", Open(target=DB, options=Options(timeout_s=5.0))),
        ("--timeout 11 db:5432", Open(target=DB, options=Options(budget_s=32.0, timeout_s=11.0))),
        (
            "--timeout 11 --budget 5 db:5432",
            Open(target=DB, options=Options(budget_s=5.0, timeout_s=11.0)),
        ),
        ("-6 db:5432", Open(target=parse_target("db:5432", 6), family=6)),
        ("-4", Open(family=4)),
        ("db:5432 --json", Diagnose(targets=(DB,), json=True)),
        ("-q db:5432", Diagnose(targets=(DB,), detail=Detail.LITTLE)),
        ("diagnose db:5432", Diagnose(targets=(DB,))),
        ("diagnose --role client db:5432", Diagnose(targets=(DB,))),
        ("diagnose causes:80", Diagnose(targets=(parse_target("causes:80"),))),
        ("diagnose db:5432 demo", Diagnose(targets=(DB, parse_target("demo")))),
        ("diagnose -v db:5432", Diagnose(targets=(DB,), detail=Detail.ALL)),
        ("diagnose -o a.md db:5432", Diagnose(targets=(DB,), output=Path("a.md"))),
        ("open", OpenSaved()),
        ("open a.jsonl", OpenSaved(Path("a.jsonl"))),
        ("report a.json -o b.md", Convert(file=Path("a.json"), output=Path("b.md"))),
        ("causes", Causes()),
        ("causes port-closed", Causes("port-closed")),
        ("sockets", Sockets()),
        ("sockets 4711 --json", Sockets(pid=4711, json=True)),
        ("sockets :8080 -6 -v", Sockets(port=8080, version=6, detail=Detail.ALL)),
        ("sockets -4 -q :1", Sockets(port=1, version=4, detail=Detail.LITTLE)),
        ("demo", Demo()),
        ("demo -v port-closed", Demo(fault="port-closed", detail=Detail.ALL)),
        ("demo --list", Demo(listing=True)),
        ("demo --unprivileged", Demo(unprivileged=True)),
    ],
)
def test_a_line_is_understood(
    line: str, request_: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse(line.split()) == request_


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("diagnose", "diagnose needs a TARGET"),
        ("--json", "need a TARGET"),
        ("db:5432 other", "one TARGET"),
        ("-4 diagnose db", "the command diagnose goes first"),
        ("-4 watch db", "the command watch goes first"),
        ("-4 -6 db", "-6: not allowed with argument -4"),
        ("diagnose --trace-firewall --unprivileged db", "leave one of them out"),
        ("diagnose -q -v db", "-v: not allowed with argument -q"),
        ("diagnose --bogus db", "unrecognized arguments: --bogus"),
        ("diagnose --unpriv db", "unrecognized arguments: --unpriv"),
        ("diagnose db --budget", "--budget: expected one argument"),
        ("diagnose --role server 127.0.0.1", "asks about a port"),
        ("diagnose --client 192.0.2.7 db", "it goes with --role server"),
        ("diagnose --role gateway db", "--role: gateway is not built yet"),
        ("diagnose --role king db", "'king' is no role"),
        ("diagnose -o a.html db", r"\.html is not built yet"),
        ("diagnose -o a.pdf db", "-o: 'a.pdf' has no suffix"),
        ("diagnose -o missing/a.json db", "-o: the folder of 'missing/a.json' does not exist"),
        ("diagnose -4 [::1]:80", "IPv6 address, and -4"),
        ("demo --list port-closed", "--list shows all"),
        ("demo --list --unprivileged", "leave --unprivileged out"),
        ("sockets 0", "'0' is no process; give its number, as ps shows it; a port is written"),
        ("sockets db", "'db' is no process"),
        ("sockets :0", "':0' is no port; give :PORT"),
        ("sockets :65536", "':65536' is no port"),
        ("sockets :http", "':http' is no port"),
        ("sockets 1 2", "unrecognized arguments: 2"),
        ("sockets -4 -6", "not allowed with argument"),
        ("causes one two", "unrecognized arguments: two"),
    ],
)
def test_a_line_is_refused(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=why):
        parse(line.split())


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "ten", "86401", ""])
@pytest.mark.parametrize("option", ["--budget", "--timeout"])
def test_a_time_is_a_number_of_seconds(option: str, seconds: str) -> None:
    with pytest.raises(BadInput, match=rf"{option}: '.*' is no number of seconds"):
        parse(["diagnose", f"{option}={seconds}", "db"])


@pytest.mark.parametrize("option", LATER_OPTIONS)
@pytest.mark.parametrize("form", ["{} 5 db", "{}=5 db", "db {}", "db {} 5"])
@pytest.mark.parametrize("command", ["diagnose ", ""])
def test_no_option_is_taken_and_ignored(option: str, form: str, command: str) -> None:
    with pytest.raises(BadInput, match=f"^{option} is not built yet$"):
        parse(f"{command}{form.format(option)}".split())


@pytest.mark.parametrize("command", LATER_COMMANDS)
def test_a_command_that_is_to_come_is_no_target(command: str) -> None:
    with pytest.raises(BadInput, match=f"the command {command} is not built yet"):
        parse([command, "db:5432"])


@pytest.mark.parametrize("command", ["diagnose ", ""])
@pytest.mark.parametrize(
    ("words", "origin", "family"),
    [
        ("--mark 0x10", Origin(mark=16), None),
        ("--source lo", Origin(interface="lo"), None),
        ("--source 127.0.0.2 --mark 7", Origin(mark=7, address="127.0.0.2"), 4),
        ("--source ::1", Origin(address="::1"), 6),
    ],
)
def test_a_walk_may_come_from_somewhere(
    command: str, words: str, origin: Origin, family: Family | None
) -> None:
    asked = parse(f"{command}{words} db:5432".split())
    assert isinstance(asked, Diagnose | Open)
    assert asked.options.origin == origin
    targets = asked.targets if isinstance(asked, Diagnose) else (asked.target,)
    assert [target.family for target in targets if target] == [family]


@pytest.mark.parametrize("command", ["diagnose ", ""])
def test_a_walk_may_be_made_as_a_process(command: str) -> None:
    asked = parse(f"{command}--pid {os.getpid()} db:5432".split())
    assert isinstance(asked, Diagnose | Open)
    assert asked.options.origin.quarters
    assert asked.options.origin.quarters.pid == os.getpid()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--mark 0 db", "--mark: '0' is no mark"),
        ("--pid x db", "--pid: 'x' is no process"),
        ("--source none0 db", "--source: this machine has no address and no interface 'none0'"),
        ("-6 --source 127.0.0.1 db", "-6 and --source 127.0.0.1: that is an IPv4 address"),
        ("--source ::1 127.0.0.1:80", "--source ::1 is IPv6, and the target 127.0.0.1 is not"),
    ],
)
def test_a_walk_can_not_come_from_anywhere(line: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parse(["diagnose", *line.split()])


def test_redact_gives_one_redaction_for_all_targets() -> None:
    asked = parse(["diagnose", "a.acme.test", "b.acme.test", "--redact"])
    assert isinstance(asked, Diagnose)
    assert asked.options.redact
    redact = asked.options.redact
    assert redact.text("a.acme.test", "a.acme.test") == "name-1.name-2.name-3"
    assert redact.text("to b.acme.test") == "to name-4.name-2.name-3"
    assert parse(["db:5432"]) == Open(target=DB)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--pcap a.pcapng --redact db", "--redact and --pcap: packets can't be redacted"),
        ("--pcap a.pcapng --unprivileged db", "--unprivileged and --pcap: it needs raw sockets"),
        ("--pcap a.md -o a.md db", "-o and --pcap name the same file"),
        ("--pcap gone/a.pcapng db", "--pcap: the folder of 'gone/a.pcapng' does not exist"),
        ("--pcap . db", "--pcap: '.' is there and is no file"),
    ],
)
def test_packets_are_not_kept_where_that_makes_no_sense(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=why):
        parse(line.split())


def test_packets_are_kept_where_raw_sockets_may_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(file, "check_right", lambda: None)
    asked = parse(["diagnose", "db:5432", "--pcap", "a.pcapng"])
    assert isinstance(asked, Diagnose)
    assert asked.options.packets
    assert asked.options.packets.path == Path("a.pcapng")


def test_packets_are_refused_where_they_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden() -> None:
        raise BadInput(file.NO_RIGHT)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(file, "check_right", forbidden)
    with pytest.raises(BadInput, match="--pcap needs raw sockets"):
        parse(["db:5432", "--pcap", "a.pcapng"])


def test_the_app_may_walk_guided() -> None:
    asked = parse(["--guided", "192.0.2.10:5432"])
    assert isinstance(asked, Open)
    assert asked.guided
    assert not getattr(parse(["192.0.2.10:5432"]), "guided", True)


@pytest.mark.parametrize(
    "words",
    [
        ["diagnose", "--guided", "192.0.2.10:5432"],
        ["--guided", "--json", "192.0.2.10:5432"],
        ["--guided", "-q", "192.0.2.10:5432"],
        ["--guided", "--from-error", "dial tcp 192.0.2.10:5432: i/o timeout"],
    ],
)
def test_without_the_app_nobody_is_asked(words: list[str]) -> None:
    with pytest.raises(BadInput, match="--guided asks a person") as refusal:
        parse(words)
    assert "\n" not in str(refusal.value)
