"""What this machine's programs have open towards a target, on loopback."""

import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from layerwalk.probes import own_sockets as room
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, OwnSocket, OwnSocketsFact
from layerwalk.probes.facts.live_sockets import LiveSocket, SocketsSeen
from layerwalk.probes.own_sockets import own_sockets
from layerwalk.probes.process_sockets import asking as lending
from tests.unit.diagnosis.socket_limits.sockets import OPTIONS, asking
from tests.unit.probes.process_sockets.program import Program, program

CONNECTED = """
server = socket.create_server(("127.0.0.1", 0))
near = socket.create_connection(server.getsockname())
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2)
near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", 5, 0))
say(port=server.getsockname()[1])
wait()
"""
HERE = "127.0.0.1"


@pytest.fixture
def connected() -> Iterator[Program]:
    with program(CONNECTED) as one:
        yield one


def test_the_sockets_of_a_process_towards_the_target_are_read(connected: Program) -> None:
    port = connected.said["port"]
    fact = own_sockets(HERE, port, connected.pid, ProbeContext())
    (one,) = fact.sockets
    assert (one.state, one.syn_count, one.send_limit_s, one.blocks) == ("ESTABLISHED", 2, 5.0, True)
    assert (fact.outcome, fact.count, fact.elsewhere, fact.unseen) == (Outcome.ANSWERED, 1, (), "")
    said = f"process {connected.pid} has 1 socket to 127.0.0.1:{port}: ESTABLISHED, TCP_SYNCNT 2"
    assert fact.finding == f"{said}, SO_SNDTIMEO 5 s"
    assert fact.command == f"ss -tnopi dst 127.0.0.1:{port}"


def test_a_mark_that_the_walk_has_not_is_told() -> None:
    one = OwnSocket(state="ESTABLISHED", source="192.0.2.1", source_port=40000, mark=5)
    place: dict[str, Any] = {"address": "192.0.2.9", "port": 443}
    fact = OwnSocketsFact(outcome=Outcome.ANSWERED, pid=7, sockets=(one,), count=1, **place)
    said = "its packets have the mark 0x5, and those of this walk none: --mark 0x5"
    assert fact.finding.endswith(said)
    assert "mark" not in replace(fact, walk_mark=5).finding
    assert "mark" not in replace(fact, sockets=(replace(one, mark=0),)).finding


def test_it_may_have_none(connected: Program) -> None:
    fact = own_sockets(HERE, 1, connected.pid, ProbeContext())
    assert fact.finding == f"process {connected.pid} has no socket to 127.0.0.1:1"


def test_a_process_that_has_gone_is_said_to_be() -> None:
    with program("say(); wait()") as gone:
        pass
    fact = own_sockets(HERE, 1, gone.pid, ProbeContext())
    assert (fact.outcome, fact.detail) == (Outcome.FAILED, f"process {gone.pid} is gone")


def test_what_may_not_be_seen_is_not_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = SocketsSeen(gaps=("this user may not see what process 7 has open",))
    monkeypatch.setattr(room, "of_process", lambda _pid: seen)
    fact = own_sockets(HERE, 1, 7, ProbeContext())
    assert fact.outcome is Outcome.NOT_PERMITTED
    assert "CAP_SYS_PTRACE" in fact.finding


def test_options_that_may_not_be_borrowed_are_barred(
    connected: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where Yama guards processes from each other (kernel.yama.ptrace_scope)."""

    def refuses(_pid: int, _descriptor: int) -> NoReturn:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(lending, "borrowed", refuses)
    fact = own_sockets(HERE, connected.said["port"], connected.pid, ProbeContext())
    assert (fact.outcome, fact.count, fact.barred) == (Outcome.ANSWERED, 1, True)
    assert "ptrace_scope" in fact.unseen
    assert fact.sockets[0].syn_count is None


def test_where_else_a_process_waits_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = LiveSocket(socket=asking(1, 1.5), options=OPTIONS)
    monkeypatch.setattr(room, "of_process", lambda _pid: SocketsSeen(sockets=(waiting,)))
    beyond = own_sockets(HERE, 1, 7, ProbeContext())
    assert beyond.elsewhere == ("198.51.100.10:443",)
    assert beyond.finding.endswith("; it waits for 198.51.100.10:443, too")
    there = own_sockets("198.51.100.10", 443, 7, ProbeContext())
    assert (there.elsewhere, there.count) == ((), 1)
    assert "2 SYNs sent, the next in 1.5 s" in there.finding
    assert there.finding.endswith("no other kernel limit set")


def test_a_kernel_that_does_not_tell_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def dumb(*_: object, **__: object) -> None:
        raise OSError(93, os.strerror(93))

    monkeypatch.setattr(room, "dump", dumb)
    fact = own_sockets(HERE, 1, None, ProbeContext())
    assert (fact.outcome, fact.count) == (Outcome.FAILED, 0)
    assert fact.detail.startswith("the kernel does not list its sockets: ")


def test_this_process_is_not_another() -> None:
    with socket.create_server((HERE, 0)) as server:
        fact = own_sockets(HERE, server.getsockname()[1], None, ProbeContext())
    assert fact.finding.startswith("no other socket of this machine waits for an answer from")


def test_those_that_wait_are_told_with_their_program() -> None:
    one = OwnSocket(state="SYN_SENT", source=HERE, source_port=9, process="curl", pid=7, next_s=1.0)
    other = OwnSocket(state="ESTABLISHED", source=HERE, source_port=9, retransmits=3)
    fact = OwnSocketsFact(
        outcome=Outcome.ANSWERED, address="::1", port=80, sockets=(one, other), count=2
    )
    assert fact.finding == (
        "2 other sockets wait for an answer from [::1]:80: curl (7): SYN_SENT, 1 SYN sent, the"
        " next in 1.0 s"
    )
    assert other.says == "ESTABLISHED, data sent again 3 times in vain"
