"""Which ports in TIME_WAIT may be taken over."""

from pathlib import Path

import pytest

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.reused_ports import Reuse, reuse

TARGET = "198.51.100.10"


def waiting(left_s: float, target: str = TARGET, state: TcpState = TcpState.TIME_WAIT) -> Socket:
    return Socket(
        family=4,
        state=state,
        source="192.0.2.10",
        source_port=40000,
        destination=target,
        destination_port=80,
        timer=SocketTimer.TIME_WAIT,
        expires_s=left_s,
        retransmits=0,
        receive_queue=0,
        send_queue=0,
        uid=0,
        inode=0,
    )


@pytest.mark.parametrize(
    ("rules", "socket", "allowed"),
    [
        (Reuse(1), waiting(58.5), True),
        (Reuse(1), waiting(59.5), False),
        (Reuse(1, after_s=0.2), waiting(59.5), True),
        (Reuse(1, timestamps=False), waiting(5.0), False),
        (Reuse(1), waiting(5.0, state=TcpState.FIN_WAIT2), False),
        (Reuse(0), waiting(5.0), False),
        (Reuse(2), waiting(5.0), False),
        (Reuse(2), waiting(5.0, "127.0.0.9"), True),
        (Reuse(2), waiting(5.0, "::1"), True),
    ],
)
def test_it_depends_on_setting_age_and_target(rules: Reuse, socket: Socket, allowed: bool) -> None:  # noqa: FBT001
    assert rules.allows(socket) is allowed


def test_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "tcp_tw_reuse").write_text("1\n", encoding="ascii")
    (tmp_path / "tcp_timestamps").write_text("0\n", encoding="ascii")
    assert reuse(tmp_path) == Reuse(1, timestamps=False, after_s=1.0)
    (tmp_path / "tcp_tw_reuse_delay").write_text("2500\n", encoding="ascii")
    assert reuse(tmp_path).after_s == 2.5
