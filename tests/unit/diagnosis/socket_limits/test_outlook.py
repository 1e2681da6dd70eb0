"""Which of a socket's time limits fires first, and when."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis.socket_limits import outlook
from layerwalk.diagnosis.socket_limits.limit import Limit
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.sockets import SocketTimer, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings
from tests.unit.diagnosis.socket_limits.sockets import (
    INFO,
    NEW,
    OLD,
    OPTIONS,
    SOCKET,
    asking,
    live,
    resending,
)


def first(one: LiveSocket, settings: TcpSettings | None = OLD) -> Limit:
    found = outlook(one, settings).first
    assert found is not None
    assert found.in_s is not None
    return found


@pytest.mark.parametrize(
    ("retransmits", "expires_s", "settings", "count", "in_s", "whole_s"),
    [
        (0, 0.4, OLD, 6, 126.4, 127.0),  # asked for 0.6 s
        (2, 3.5, OLD, 6, 123.5, 127.0),  # the repeats came at 1 and 3 s, the next is due at 7
        (2, 0.5, OLD, 2, 0.5, 7.0),
        (4, 0.25, NEW, 6, 126.25, 131.0),  # at 1, 2, 3, 4 s; the next at 5
        (2, 0.5, NEW, 1, 0.5, 3.0),
        (6, 1.0, NEW, 3, 9.0, 19.0),
        (6, 30.0, OLD, 6, 30.0, 127.0),
    ],
)
def test_the_kernel_gives_up_connecting(
    *,
    retransmits: int,
    expires_s: float,
    settings: TcpSettings,
    count: int,
    in_s: float,
    whole_s: float,
) -> None:
    found = first(live(asking(retransmits, expires_s), replace(OPTIONS, syn_count=count)), settings)
    assert (found.name, rounded(found.in_s), found.limit_s) == ("TCP_SYNCNT", in_s, whole_s)
    assert found.error == "ETIMEDOUT"


def test_without_options_the_systems_count_is_the_sockets() -> None:
    found = first(live(asking(0, 0.5), None), TcpSettings(syn_retries=3))
    assert (found.in_s, found.limit_s) == (14.5, 15.0)


@pytest.mark.parametrize(
    ("user_s", "retransmits", "expires_s", "name", "in_s", "whole_s"),
    [
        (5.0, 0, 0.5, "TCP_USER_TIMEOUT", 4.5, 5.0),
        (5.0, 2, 1.5, "TCP_USER_TIMEOUT", 1.5, 5.0),  # its timer fires at 5 s, not at 7
        (0.3, 0, 0.75, "TCP_USER_TIMEOUT", 0.75, 1.0),  # one repeat there is in any case
        (500.0, 0, 0.5, "TCP_SYNCNT", 126.5, 127.0),
    ],
)
def test_the_users_limit_bounds_connecting(
    *, user_s: float, retransmits: int, expires_s: float, name: str, in_s: float, whole_s: float
) -> None:
    options = replace(OPTIONS, user_timeout_s=user_s)
    found = first(live(asking(retransmits, expires_s), options))
    assert (found.name, found.in_s, found.limit_s) == (name, in_s, whole_s)


def test_a_write_limit_ends_connect_first() -> None:
    found = first(live(asking(1, 1.5), replace(OPTIONS, send_limit_s=5.0)))
    assert (found.name, found.in_s, found.error) == ("SO_SNDTIMEO", 3.5, "EINPROGRESS")


@pytest.mark.parametrize(("blocks", "row"), [(False, asking(1, 1.5)), (True, asking(3, 2.0))])
def test_a_write_limit_that_does_not_run_is_not_first(blocks: bool, row: object) -> None:  # noqa: FBT001
    options = replace(OPTIONS, send_limit_s=5.0, blocks=blocks)
    found = outlook(live(row, options), OLD)  # type: ignore[arg-type]
    assert [one.name for one in found.limits] == ["TCP_SYNCNT", "SO_SNDTIMEO"]
    assert ("does not block" in found.limits[1].says) is not blocks


def test_unacknowledged_data_is_given_up_by_the_systems_count() -> None:
    """Over with the first repeat that is due after 924.6 s: at 0.4, 1.2, 2.8 s, ..., 1044.4 s."""
    found = first(live(resending(1, 0.4, 0.4)))
    assert (found.name, rounded(found.limit_s)) == ("tcp_retries2", 924.6)
    assert rounded(found.in_s) == 1044.4
    assert rounded(first(live(resending(3, 1.0, 1.6))).in_s) == 1042.6
    quick = first(live(resending(1, 0.4, 0.4)), TcpSettings(retries2=3))
    assert (rounded(quick.limit_s), rounded(quick.in_s)) == (3.0, 6.0)


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def test_of_long_pauses_the_rest_is_counted_by_the_round_trip() -> None:
    found = first(live(resending(12, 100.0, 120.0)))
    before_s = sum(min(0.21 * 2**number, 120.0) for number in range(1, 12)) + 20.0
    assert found.in_s is not None
    assert 0 <= before_s + found.in_s - 924.6 <= 120.0


def test_the_users_limit_bounds_unacknowledged_data() -> None:
    options = replace(OPTIONS, user_timeout_s=10.0)
    found = first(live(resending(3, 1.0, 1.6), options))
    assert (found.name, rounded(found.in_s)) == ("TCP_USER_TIMEOUT", 8.2)
    late = first(live(resending(5, 0.2, 6.4), replace(OPTIONS, user_timeout_s=3.0)))
    assert late.in_s == 0.2


def test_what_nobody_holds_is_given_up_sooner() -> None:
    row = replace(resending(1, 0.4, 0.4), state=TcpState.FIN_WAIT1, inode=0)
    found = first(live(row, None))
    assert (found.name, rounded(found.limit_s)) == ("tcp_orphan_retries", 102.2)


def test_without_tcp_info_there_is_no_telling_when() -> None:
    found = outlook(live(replace(resending(2, 0.4, 0.8), info=None), None), OLD)
    assert found.first is None
    assert [rounded(one.limit_s) for one in found.limits] == [924.6]


def test_data_that_was_just_sent_is_under_no_limit_yet() -> None:
    row = resending(0, 0.15, 0.2)
    assert outlook(live(row), OLD).first is None


def test_a_full_window_is_waited_for_without_end() -> None:
    row = replace(SOCKET, timer=SocketTimer.WINDOW_PROBE, retransmits=3, expires_s=2.0)
    (found,) = outlook(live(row), OLD).limits
    assert (found.in_s, found.limit_s) == (None, None)
    (bound,) = outlook(live(row, replace(OPTIONS, user_timeout_s=30.0)), OLD).limits
    assert (bound.name, bound.limit_s) == ("TCP_USER_TIMEOUT", 30.0)


def test_keepalive_tells_that_the_other_end_is_gone() -> None:
    options = replace(
        OPTIONS, keepalive=True, keepalive_idle_s=60, keepalive_interval_s=10, keepalive_probes=3
    )
    row = replace(SOCKET, timer=SocketTimer.KEEPALIVE, expires_s=40.0, info=None)
    found = first(live(row, options))
    assert (found.name, found.in_s, found.limit_s) == ("SO_KEEPALIVE", 70.0, 90.0)
    probed = replace(row, retransmits=2, expires_s=4.0)
    assert first(live(probed, options)).in_s == 14.0
    heard = replace(row, info=replace(INFO, last_data_recv_s=5.0, last_ack_recv_s=25.0))
    assert first(live(heard, options)).in_s == 85.0


@pytest.mark.parametrize(("user_s", "whole_s"), [(65.0, 70.0), (5.0, 70.0), (300.0, 300.0)])
def test_the_users_limit_bounds_keepalive(user_s: float, whole_s: float) -> None:
    options = replace(
        OPTIONS,
        keepalive=True,
        keepalive_idle_s=60,
        keepalive_interval_s=10,
        keepalive_probes=3,
        user_timeout_s=user_s,
    )
    row = replace(SOCKET, timer=SocketTimer.KEEPALIVE, expires_s=60.0)
    assert first(live(row, options)).limit_s == whole_s


def test_an_idle_connection_without_keepalive_has_no_limit() -> None:
    found = outlook(live(SOCKET), OLD)
    assert (found.limits, found.complete) == ((), True)
    assert outlook(live(SOCKET, None), OLD).complete is False


def test_calls_have_limits_of_their_own() -> None:
    options = replace(OPTIONS, receive_limit_s=30.5, send_limit_s=7.0)
    found = outlook(live(SOCKET, options), OLD)
    assert [(one.name, one.limit_s) for one in found.limits] == [
        ("SO_SNDTIMEO", 7.0),
        ("SO_RCVTIMEO", 30.5),
    ]
    assert found.first is None
    listener = replace(SOCKET, state=TcpState.LISTEN)
    (only,) = outlook(live(listener, options), OLD).limits
    assert only.says.startswith("accept()")


def test_half_open_connections_are_forgotten() -> None:
    row = replace(asking(1, 1.5), state=TcpState.SYN_RECV, inode=0)
    found = first(live(row, None))
    assert (found.name, found.in_s, found.limit_s) == ("tcp_synack_retries", 61.5, 63.0)


@pytest.mark.parametrize(
    ("state", "name", "whole_s"),
    [(TcpState.TIME_WAIT, "TIME_WAIT", 60.0), (TcpState.FIN_WAIT2, "tcp_fin_timeout", 60.0)],
)
def test_closed_connections_leave_their_ports(state: TcpState, name: str, whole_s: float) -> None:
    row = replace(SOCKET, state=state, timer=SocketTimer.TIME_WAIT, expires_s=12.5, inode=0)
    found = first(live(row, None))
    assert (found.name, found.in_s, found.limit_s) == (name, 12.5, whole_s)


def test_without_settings_only_what_needs_none_is_told() -> None:
    assert outlook(live(asking(0, 0.5)), None).limits == ()
    assert outlook(live(resending(1, 0.4, 0.4)), None).limits == ()
    options = replace(OPTIONS, send_limit_s=5.0)
    assert [one.in_s for one in outlook(live(asking(0, 0.5), options), None).limits] == [None]
