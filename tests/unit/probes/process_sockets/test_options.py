"""What another program's sockets have set is read, and the program notices nothing."""

import errno
import os
import socket
import struct
from collections.abc import Iterator

import pytest

from layerwalk.probes.facts.live_sockets import Holder, LiveSocket
from layerwalk.probes.facts.sockets import TcpState
from layerwalk.probes.process_sockets import asking, of_network, of_process
from layerwalk.probes.process_sockets.asking import asked
from layerwalk.probes.process_sockets.borrowing import borrowed
from layerwalk.probes.process_sockets.options import read_info, read_options
from layerwalk.probes.sock_diag import End, Pick
from tests.unit.probes.process_sockets.program import Program, program

CONNECTED = """
family, at = {family}, {at!r}
server = socket.create_server((at, 0), family=family)
near = socket.create_connection(server.getsockname()[:2])
far, _ = server.accept()
near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", 30, 500000))
near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", 7, 0))
near.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 12000)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2)
near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
far.setblocking(False)
far.sendall(b"unread")
say(near=near.fileno(), far=far.fileno(), port=server.getsockname()[1], flags=flags(near))
wait()
say(flags=flags(near), far=flags(far) & os.O_NONBLOCK, text=near.recv(6).decode())
wait()
"""

REFUSED = """
held = socket.socket({family})
held.bind(({at!r}, 0))
port = held.getsockname()[1]
tried = socket.socket({family})
tried.setblocking(False)
tried.connect_ex(({at!r}, port))
import select
poll = select.poll()
poll.register(tried, select.POLLOUT)
poll.poll()
say(tried=tried.fileno(), inode=os.fstat(tried.fileno()).st_ino)
wait()
say(error=tried.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
wait()
"""

FAMILIES = {"v4": (int(socket.AF_INET), "127.0.0.1"), "v6": (int(socket.AF_INET6), "::1")}


@pytest.fixture(params=FAMILIES)
def spelled(request: pytest.FixtureRequest) -> dict[str, object]:
    family, at = FAMILIES[request.param]
    return {"family": family, "at": at}


@pytest.fixture
def connected(spelled: dict[str, object]) -> Iterator[Program]:
    with program(CONNECTED.format(**spelled)) as one:
        yield one


def by_descriptor(pid: int) -> dict[int, LiveSocket]:
    return {one.holders[0].descriptor: one for one in of_process(pid).sockets}


def test_the_options_are_those_that_the_program_set(connected: Program) -> None:
    near = by_descriptor(connected.pid)[connected.said["near"]]
    found = near.options
    assert found is not None
    assert (found.receive_limit_s, found.send_limit_s, found.user_timeout_s) == (30.5, 7.0, 12.0)
    assert (found.keepalive, found.keepalive_idle_s) == (True, 60)
    assert (found.keepalive_interval_s, found.keepalive_probes, found.syn_count) == (10, 3, 2)
    assert (found.blocks, found.no_delay, found.linger_s) == (True, True, 5)
    assert (found.receive_buffer, found.device, found.mark) == (40000, "", 0)
    assert near.socket.state is TcpState.ESTABLISHED
    assert near.socket.receive_queue == len("unread")
    assert near.socket.info is not None
    assert near.socket.info.bytes_received == len("unread")


def test_where_nothing_is_set_nothing_is_told(connected: Program) -> None:
    far = by_descriptor(connected.pid)[connected.said["far"]].options
    assert far is not None
    assert (far.receive_limit_s, far.send_limit_s, far.user_timeout_s) == (0.0, 0.0, 0.0)
    assert (far.keepalive, far.linger_s, far.blocks) == (False, None, False)


def test_the_program_notices_nothing(connected: Program) -> None:
    """Not even where this process makes all its own sockets non-blocking."""
    before = connected.said["flags"]
    socket.setdefaulttimeout(0.5)
    try:
        for _ in range(3):
            by_descriptor(connected.pid)
            of_network(Pick(either=connected.said["port"]))
    finally:
        socket.setdefaulttimeout(None)
    after = connected.goes_on()
    assert (after["flags"], after["text"]) == (before, "unread")
    assert after["far"]


def test_a_failed_connection_keeps_its_error(spelled: dict[str, object]) -> None:
    """SO_ERROR is told once, and to the program: here it is the kernel's only word of it."""
    with program(REFUSED.format(**spelled)) as refused:
        for _ in range(3):
            of_process(refused.pid)
            with borrowed(refused.pid, refused.said["tried"]) as descriptor:
                assert read_options(descriptor).blocks is False
                assert read_info(descriptor) is not None
        assert refused.goes_on()["error"] == errno.ECONNREFUSED


def test_what_is_borrowed_is_given_back(connected: Program) -> None:
    before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208
    by_descriptor(connected.pid)
    assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_port_shows_both_ends_and_the_listener(connected: Program) -> None:
    port = connected.said["port"]
    seen = of_network(Pick(either=port)).sockets
    assert len(seen) == 3
    assert all(one.options and connected.pid in {it.pid for it in one.holders} for one in seen)
    listener = next(one for one in seen if one.socket.listens)
    assert listener.options
    assert listener.options.reuse_address
    assert listener.socket.info is None


def test_only_what_is_picked_is_read(connected: Program) -> None:
    port = connected.said["port"]
    seen = of_process(connected.pid, Pick(destination=asking_end(port))).sockets
    assert [one.socket.destination_port for one in seen] == [port]


def asking_end(port: int) -> End:
    return End(port=port)


def test_a_program_that_has_gone_is_said_to_be() -> None:
    with program("say(); wait()") as gone:
        pass
    with pytest.raises(ProcessLookupError):
        of_process(gone.pid)


def live(connected: Program) -> LiveSocket:
    return by_descriptor(connected.pid)[connected.said["near"]]


def test_a_descriptor_that_is_another_socket_by_now_is_not_read(connected: Program) -> None:
    near = live(connected)
    holder = Holder(pid=connected.pid, name="", descriptor=connected.said["far"])
    found = asked(LiveSocket(socket=near.socket, holders=(holder,)))
    assert (found.options, found.why) == (None, "it was closed meanwhile")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EPERM, "CAP_SYS_PTRACE"),
        (errno.ENOSYS, "from Linux 5.6 on"),
        (errno.ESRCH, "has ended"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_why_options_are_missing_is_said(
    connected: Program, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    near = live(connected)

    def refused(*_: int) -> object:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(asking, "borrowed", refused)
    found = asked(LiveSocket(socket=near.socket, holders=near.holders))
    assert found.options is None
    assert words in found.why
    told = any(words in gap for gap in of_process(connected.pid).gaps)
    assert told is (number in {errno.EPERM, errno.ENOSYS})


def test_a_socket_of_another_class_is_left_alone(
    connected: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "keeps_class", lambda _pid: False)
    found = live(connected)
    assert found.options is None
    assert "net_cls" in found.why
    assert found.socket.info is not None


def test_a_socket_whose_process_is_not_found_says_so(connected: Program) -> None:
    near = live(connected)
    assert "no process was found" in asked(LiveSocket(socket=near.socket)).why


def test_what_is_left_of_a_connection_has_no_options() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as near, server.accept()[0] as far:
            near.shutdown(socket.SHUT_WR)
            assert far.recv(1) == b""
            far.shutdown(socket.SHUT_WR)
            assert near.recv(1) == b""
        (left,) = (one for one in of_network(Pick(either=port)).sockets if not one.socket.listens)
    assert left.socket.state in {TcpState.TIME_WAIT, TcpState.LAST_ACK}
    assert (left.options, left.why) == (None, "")


def test_bytes_that_make_no_option_are_none() -> None:
    read, write = os.pipe()
    try:
        found = read_options(read)
        assert (found.receive_limit_s, found.syn_count, found.device) == (None, None, None)
        assert (found.blocks, found.keepalive) == (True, None)
        assert read_info(read) is None
    finally:
        os.close(read)
        os.close(write)
    assert read_options(struct.unpack("i", b"\xff\xff\xff\x7f")[0]).blocks is None
