"""Sockets to look at, made by hand."""

from dataclasses import replace

from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.facts.tcp_settings import TcpSettings

OLD = TcpSettings()
NEW = TcpSettings(linear_timeouts=4)
SOCKET = Socket(
    family=4,
    state=TcpState.ESTABLISHED,
    source="192.0.2.10",
    source_port=40000,
    destination="198.51.100.10",
    destination_port=443,
    timer=SocketTimer.NONE,
    expires_s=0.0,
    retransmits=0,
    receive_queue=0,
    send_queue=0,
    uid=1000,
    inode=4711,
)
INFO = TcpInfo(
    state="ESTABLISHED",
    options=("timestamps",),
    retransmits=0,
    probes=0,
    backoff=0,
    rto_s=0.2,
    rtt_s=0.01,
    rttvar_s=0.005,
    snd_mss=1448,
    rcv_mss=536,
    advmss=1448,
    pmtu=1500,
    unacked=0,
    lost=0,
    snd_cwnd=10,
    total_retrans=0,
    last_data_sent_s=1.0,
    last_data_recv_s=1.0,
    last_ack_recv_s=1.0,
    bytes_acked=1,
    bytes_received=0,
    notsent_bytes=0,
    min_rtt_s=0.01,
    snd_wnd=65535,
)
OPTIONS = SocketOptions(
    blocks=True,
    receive_limit_s=0.0,
    send_limit_s=0.0,
    keepalive=False,
    keepalive_idle_s=7200,
    keepalive_interval_s=75,
    keepalive_probes=9,
    user_timeout_s=0.0,
    syn_count=6,
)


def live(row: Socket, options: SocketOptions | None = OPTIONS) -> LiveSocket:
    return LiveSocket(socket=row, options=options)


def asking(retransmits: int, expires_s: float) -> Socket:
    return replace(
        SOCKET,
        state=TcpState.SYN_SENT,
        timer=SocketTimer.RETRANSMIT,
        retransmits=retransmits,
        expires_s=expires_s,
    )


def resending(retransmits: int, expires_s: float, rto_s: float) -> Socket:
    return replace(
        SOCKET,
        timer=SocketTimer.RETRANSMIT,
        retransmits=retransmits,
        expires_s=expires_s,
        send_queue=100,
        info=replace(INFO, rto_s=rto_s, backoff=retransmits),
    )
