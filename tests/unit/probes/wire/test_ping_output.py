"""What ping prints: iputils' lines as it printed them in the lab, busybox' as it documents them."""

import pytest

from layerwalk.probes.wire.kernel.ping_output import Complaint, Reply, is_barred, read_line

WHO = "198.18.2.2"
SIX = "2001:db8:102::2"


@pytest.mark.parametrize(
    ("line", "version", "reply"),
    [
        (
            "64 bytes from 203.0.113.10: icmp_seq=1 ttl=61 time=0.090 ms",
            4,
            Reply("203.0.113.10", 61, 0.00009),
        ),
        (
            "64 bytes from 2001:db8:2::10: icmp_seq=1 ttl=60 time=12 ms",
            6,
            Reply("2001:db8:2::10", 60, 0.012),
        ),
        ("64 bytes from fe80::1%eth0: icmp_seq=1 ttl=64 time=1 ms", 6, Reply("fe80::1", 64, 0.001)),
        (
            "64 bytes from 203.0.113.10: seq=0 ttl=61 time=0.5 ms",
            4,
            Reply("203.0.113.10", 61, 0.0005),
        ),
        ("24 bytes from 203.0.113.10: icmp_seq=1 ttl=61", 4, Reply("203.0.113.10", 61, None)),
    ],
)
def test_a_reply_is_read(line: str, version: int, reply: Reply) -> None:
    found = read_line(line, version)
    assert isinstance(found, Reply)
    assert (found.who, found.ttl) == (reply.who, reply.ttl)
    assert found.rtt_s == (None if reply.rtt_s is None else pytest.approx(reply.rtt_s))


@pytest.mark.parametrize(
    ("line", "version", "said"),
    [
        (f"From {WHO} icmp_seq=1 Time to live exceeded", 4, Complaint(WHO, 11, 0)),
        (f"From {WHO}: icmp_seq=1 Time to live exceeded", 4, Complaint(WHO, 11, 0)),
        (f"From {WHO} icmp_seq=1 Packet filtered", 4, Complaint(WHO, 3, 13)),
        (f"From {WHO} icmp_seq=1 Destination Net Unreachable", 4, Complaint(WHO, 3, 0)),
        (f"From {WHO} icmp_seq=1 Destination Host Unreachable", 4, Complaint(WHO, 3, 1)),
        (
            f"From {WHO} icmp_seq=1 Destination Host Unreachable for Type of Service",
            4,
            Complaint(WHO, 3, 12),
        ),
        (
            f"From {WHO} icmp_seq=1 Frag needed and DF set (mtu = 1300)",
            4,
            Complaint(WHO, 3, 4, 1300),
        ),
        (f"From {SIX} icmp_seq=1 Time exceeded: Hop limit", 6, Complaint(SIX, 3, 0)),
        (
            f"From {SIX} icmp_seq=1 Destination unreachable: Administratively prohibited",
            6,
            Complaint(SIX, 1, 1),
        ),
        (f"From {SIX}%eth0 icmp_seq=1 Packet too big: mtu=1300", 6, Complaint(SIX, 2, 0, 1300)),
    ],
)
def test_an_error_is_read(line: str, version: int, said: Complaint) -> None:
    assert read_line(line, version) == said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PING 203.0.113.10 (203.0.113.10) 56(84) bytes of data.",
        "--- 203.0.113.10 ping statistics ---",
        "1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms",
        f"From {WHO} icmp_seq=1 Something new",
        "ping: local error: message too long, mtu=1300",
        "\x1b[31m64 bytes from",
    ],
)
def test_all_else_is_nothing(line: str) -> None:
    assert read_line(line, 4) is None
    assert not is_barred(line)


@pytest.mark.parametrize(
    "line",
    [
        "ping: socket: Operation not permitted",
        "ping: icmp open socket: Operation not permitted",
        "ping: permission denied (are you root?)",
        "ping: Lacking privilege for icmp socket.",
    ],
)
def test_a_ping_without_the_right_says_so(line: str) -> None:
    assert is_barred(line)
