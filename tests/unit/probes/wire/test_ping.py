"""Echo requests by a ``ping`` that stands in for the system's: few at a time, none left behind."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import Outcome
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.kernel import means, ping
from layerwalk.probes.wire.kernel.means import KernelMeans
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

PEER = Peer("203.0.113.10", "198.51.100.10", "eth0")
NEVER = threading.Event()
Make = Callable[[str], Wire]


@pytest.fixture
def wired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a wire whose ping is this shell script; each leaves its process's number in a file."""
    made: list[Wire] = []

    def make(script: str) -> Wire:
        program = tmp_path / "ping"
        program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/$$.pid\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(means, "ping_sockets_allowed", lambda: False)
        monkeypatch.setattr(means, "found_ping", lambda: str(program))
        made.append(Wire(KernelMeans))
        return made[-1]

    yield make
    for wire in made:
        wire.close()
    for file in tmp_path.glob("*.pid"):
        assert not Path("/proc", file.stem).exists()


def asked(wire: Wire, number: int = 1) -> Packet:
    packet = packets.echo(PEER, 7, number)
    assert wire.send(packet) == 0
    return packet


def test_its_answer_and_its_own_measurement_count(wired: Make) -> None:
    wire = wired('echo "64 bytes from 203.0.113.10: icmp_seq=1 ttl=61 time=12.5 ms"')
    packet = asked(wire)
    assert wire.wait(lambda: bool(wire.answers(packet)), 10, NEVER)
    [answer] = wire.answers(packet)
    assert (answer.rtt_s, answer.ttl, answer.timed) == (0.0125, 61, True)
    assert wire.known.rtt_s(PEER) == 0.0125


def test_an_error_has_no_round_trip(wired: Make) -> None:
    wire = wired('echo "From 203.0.113.10 icmp_seq=1 Destination Port Unreachable"')
    packet = asked(wire)
    assert wire.wait(lambda: bool(wire.answers(packet)), 10, NEVER)
    assert not wire.answers(packet)[0].timed
    assert wire.known.rtt_s(PEER) is None


def test_few_run_at_a_time_and_all_get_their_turn(wired: Make, tmp_path: Path) -> None:
    said = "From 203.0.113.1 icmp_seq=1 Packet filtered"
    wire = wired(f"while [ ! -e {tmp_path}/go ]; do sleep 0.01; done; echo {said}")
    sent = [asked(wire, number) for number in range(1, ping.MOST + 5)]

    def running() -> int:
        return len(list(tmp_path.glob("*.pid")))

    assert wire.wait(lambda: running() >= ping.MOST, 10, NEVER)
    assert running() == ping.MOST
    (tmp_path / "go").touch()
    assert wire.wait(lambda: all(wire.answers(packet) for packet in sent), 20, NEVER)


def test_what_still_runs_is_ended_with_the_wire(wired: Make, tmp_path: Path) -> None:
    wire = wired("exec sleep 600")
    asked(wire)
    assert wire.wait(lambda: bool(list(tmp_path.glob("*.pid"))), 10, NEVER)
    wire.close()


def test_a_ping_that_may_not_send_is_told(wired: Make) -> None:
    wire = wired("echo 'ping: socket: Operation not permitted' >&2; exit 2")
    wire.known.note_probe(PEER.dst, -100.0)  # so that silence is believed at once
    fact = echo(PEER, ProbeContext(wire=wire))
    assert fact.outcome is Outcome.NOT_PERMITTED
    assert "ping_group_range" in fact.detail


def test_no_ping_at_all_is_no_echo(wired: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    wired("")
    monkeypatch.setattr(means, "found_ping", lambda: "")
    wire = Wire(KernelMeans)
    assert "ping_group_range" in wire.means.bars("echo")
    assert echo(PEER, ProbeContext(wire=wire)).outcome is Outcome.NOT_PERMITTED
    wire.close()


def test_a_ping_that_can_not_be_started_bars_echoes(
    wired: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    wired("")
    monkeypatch.setattr(means, "found_ping", lambda: "/nonexistent/ping")
    wire = Wire(KernelMeans)
    assert wire.send(packets.echo(PEER, 7, 1)) != 0
    assert wire.means.bars("echo")
    wire.close()


def test_the_command_says_all_that_matters() -> None:
    small = ping.command("ping", packets.echo(PEER, 7, 1, 3))
    assert small[1:] == [
        "-n",
        "-c",
        "1",
        "-W",
        "4",
        "-t",
        "3",
        "-s",
        "24",
        "-I",
        "198.51.100.10",
        "203.0.113.10",
    ]
    large = ping.command("ping", packets.echo(PEER, 7, 1, size=1400))
    assert "-M do" in " ".join(large)
    assert "-s 1372" in " ".join(large)
    near = ping.command("ping", packets.echo(Peer("fe80::1%eth0", "fe80::2%eth0", "eth0"), 7, 1))
    assert near[-1] == "fe80::1%eth0"
