"""From the kernel's bytes to rows, whole ones and broken ones."""

import errno
import socket
import struct
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.sock_diag.rows import Rows
from tests.unit.probes.sock_diag.kernel import DONE, ERROR, SOCKET, Told, message, tcp_info

V6 = socket.AF_INET6


def read(told: Told) -> Socket:
    (row,) = rows(message(SOCKET, told.body))
    return row


def rows(data: bytes) -> list[Socket]:
    taken = Rows()
    taken.take(data)
    return taken.found


def test_a_row_says_what_the_kernel_says() -> None:
    told = Told(state=2, timer=1, retransmits=3, expires=1500, queues=(0, 1), interface=7)
    told.attributes = {15: struct.pack("=I", 0x2A)}
    assert read(told) == Socket(
        family=4,
        state=TcpState.SYN_SENT,
        source="192.0.2.10",
        source_port=40000,
        destination="198.51.100.10",
        destination_port=443,
        timer=SocketTimer.RETRANSMIT,
        expires_s=1.5,
        retransmits=3,
        receive_queue=0,
        send_queue=1,
        uid=1000,
        inode=4711,
        interface=7,
        cookie=0x1_0000_0007,
        mark=0x2A,
    )


def test_rows_are_what_they_say_they_are() -> None:
    row = read(Told())
    assert type(row) is Socket
    assert row == replace(row)
    assert hash(row) == hash(replace(row))
    with pytest.raises(FrozenInstanceError):
        row.uid = 0  # type: ignore[misc]


def test_the_families_are_told_apart_though_they_come_together() -> None:
    four = Told(source="0.0.0.0", destination="0.0.0.0")
    six = Told(family=V6, source="::", destination="::", interface=7)
    found = rows(message(SOCKET, four.body) + message(SOCKET, six.body))
    assert [(row.family, row.source, row.interface) for row in found] == [
        (4, "0.0.0.0", 0),
        (6, "::", 7),
    ]


def test_a_family_that_nobody_knows_was_not_asked_for() -> None:
    data = bytearray(message(SOCKET, Told().body))
    data[16] = socket.AF_UNIX
    with pytest.raises(OSError, match="can't be read"):
        rows(bytes(data))


def test_ipv4_in_the_clothes_of_ipv6_is_ipv4() -> None:
    row = read(Told(family=V6, source="::ffff:192.0.2.10", destination="::ffff:198.51.100.10"))
    assert (row.family, row.version, row.versions) == (6, 4, (4,))
    assert (row.source, row.destination) == ("192.0.2.10", "198.51.100.10")


@pytest.mark.parametrize(
    ("source", "only", "versions", "takes"),
    [
        ("::", 0, (4, 6), {"192.0.2.10", "2001:db8::10"}),
        ("::", 1, (6,), {"2001:db8::10"}),
        ("::", None, (4, 6), {"192.0.2.10", "2001:db8::10"}),
        ("2001:db8::10", 0, (6,), {"2001:db8::10"}),
        ("2001:db8::11", 0, (6,), set()),
        ("::ffff:192.0.2.10", 0, (4,), {"192.0.2.10"}),
    ],
)
def test_what_a_listener_of_ipv6_takes(
    source: str, only: int | None, versions: tuple[int, ...], takes: set[str]
) -> None:
    told = Told(family=V6, state=10, source=source, destination="::", destination_port=0)
    told.attributes = {} if only is None else {11: bytes([only])}
    row = read(told)
    assert row.versions == versions
    assert {it for it in ("192.0.2.10", "2001:db8::10") if row.takes(it)} == takes


def test_what_a_listener_of_ipv4_takes() -> None:
    everywhere = read(Told(state=10, source="0.0.0.0", destination="0.0.0.0", destination_port=0))
    assert everywhere.takes("192.0.2.10")
    assert not everywhere.takes("2001:db8::10")
    assert not read(Told(source="0.0.0.0")).takes("192.0.2.10")


@pytest.mark.parametrize(("queues", "over"), [((4, 3), True), ((3, 3), False), ((0, 0), False)])
def test_a_queue_overflows_at_one_above_its_limit(queues: tuple[int, int], over: bool) -> None:  # noqa: FBT001
    assert read(Told(state=10, queues=queues)).overflows is over
    assert not read(Told(state=1, queues=queues)).overflows


def test_a_timer_that_nobody_knows_is_none() -> None:
    assert read(Told(timer=9)).timer is SocketTimer.NONE


def test_what_tcp_info_says() -> None:
    data = tcp_info(
        at_0=1, at_2=2, at_5=3, at_8=248000, at_44=30, at_60=1300, at_68=45000, at_100=5
    )
    data += bytes(20)  # a newer kernel's
    info = read(Told(attributes={2: data})).info
    assert info is not None
    assert (info.retransmits, info.rto_s, info.rtt_s) == (2, 0.248, 0.045)
    assert (info.state, info.options) == ("ESTABLISHED", ("timestamps", "sack-permitted"))
    assert (info.last_data_sent_s, info.pmtu, info.total_retrans) == (0.03, 1300, 5)


@pytest.mark.parametrize("state", [2, 7])
def test_ages_mean_nothing_before_anything_was_sent(state: int) -> None:
    data = tcp_info(at_0=state, at_44=4_000_000, at_52=4_000_000, at_56=4_000_000)
    info = read(Told(state=state, attributes={2: data})).info
    assert info is not None
    assert (info.last_data_sent_s, info.last_data_recv_s, info.last_ack_recv_s) == (None,) * 3


def test_an_old_kernel_leaves_open_what_it_does_not_know() -> None:
    info = read(Told(attributes={2: tcp_info(at_0=1)[:104]})).info
    assert info is not None
    assert (info.bytes_acked, info.notsent_bytes, info.min_rtt_s, info.snd_wnd) == (None,) * 4


@pytest.mark.parametrize("data", [tcp_info(at_0=10), tcp_info(at_0=1)[:103], b""])
def test_figures_that_mean_nothing_are_none(data: bytes) -> None:
    assert read(Told(attributes={2: data})).info is None


def test_no_round_trip_was_measured_yet() -> None:
    info = read(Told(attributes={2: tcp_info(at_0=1, at_148=0xFFFFFFFF)})).info
    assert info is not None
    assert info.min_rtt_s is None


def test_messages_end_with_the_last() -> None:
    row = message(SOCKET, Told().body)
    data = row + row + message(DONE, struct.pack("=i", 0)) + row
    assert len(rows(data)) == 2


@pytest.mark.parametrize("kind", [ERROR, DONE])
def test_the_kernels_refusal_is_raised(kind: int) -> None:
    with pytest.raises(FileNotFoundError):
        rows(message(kind, struct.pack("=i", -errno.ENOENT)))


def test_what_is_about_something_else_is_passed_over() -> None:
    assert rows(message(16, b"whatever") + message(SOCKET, Told().body)) == [read(Told())]


WHOLE = message(
    SOCKET, Told(family=V6, source="::1", destination="::1", attributes={11: b"\1"}).body
)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_message_that_is_cut_off_is_an_error_of_the_system(at: int) -> None:
    if at == 0:
        assert rows(b"") == []
        return
    with pytest.raises(OSError, match="can't be read"):
        rows(WHOLE[:at])


@given(st.binary(max_size=200), st.booleans())
@example(bytes(72), True)
@example(Told(attributes={0: b""}).body[:-4] + b"\0\0\0\0", True)
def test_no_bytes_raise_anything_else(data: bytes, framed: bool) -> None:  # noqa: FBT001
    try:
        rows(message(SOCKET, data) if framed else data)
    except OSError as error:
        assert error.errno  # noqa: PT017 - nothing at all is as good


@given(st.binary(max_size=40))
def test_any_attributes_are_read_or_refused(data: bytes) -> None:
    try:
        (row,) = rows(message(SOCKET, Told().body + data))
    except OSError as error:
        assert error.errno == errno.EBADMSG  # noqa: PT017
    else:
        assert row.source == "192.0.2.10"
