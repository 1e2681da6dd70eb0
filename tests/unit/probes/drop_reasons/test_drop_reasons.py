"""The kernel's drop reasons: read line by line, and ours only if as many come as we send."""

import pytest

from layerwalk.probes.drop_reasons import BURSTS, tied
from layerwalk.probes.drop_reasons.instance import Drop, read
from layerwalk.probes.facts import DropReason

LINES = """\
CPU:1 [LOST 12 EVENTS]
   python-14401 [001] ..s1. 37768.372541: kfree_skb: skbaddr=000000006f047813 \
rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET
   a b-c-12-77 [000] b.s1. 37768.37: kfree_skb: skbaddr=0 protocol=34525 \
location=nft_do_chain+0x3e8/0x610 [nf_tables] reason: NETFILTER_DROP
   <idle>-0 [000] ..s1. 1.0: kfree_skb: skbaddr=0 protocol=2048 location=0xffffffff81 reason: XDP
odd
"""
RULE = Drop(7, "nft_do_chain", "NETFILTER_DROP")
NOISE = Drop(9, "ping_rcv", "NO_SOCKET")
FIRST, SECOND = BURSTS


def test_lines_are_read_whatever_the_programs_are_called() -> None:
    assert list(read(LINES)) == [
        Drop(14401, "tcp_v4_rcv", "NO_SOCKET"),
        Drop(77, "nft_do_chain", "NETFILTER_DROP"),
        Drop(0, "0xffffffff81", "XDP"),
    ]


def bursts(one: Drop, first: int, second: int) -> list[tuple[Drop, ...]]:
    return [(one,) * first, (one,) * second]


def test_a_reason_that_comes_with_each_burst_is_ours() -> None:
    quiet = bursts(NOISE, 2, 1)
    found = tied(quiet, bursts(RULE, FIRST, SECOND), thread=7)
    assert found == (
        DropReason(
            reason="NETFILTER_DROP", place="nft_do_chain", counts=(FIRST, SECOND), quiet=0, own=True
        ),
    )
    (other,) = tied(quiet, bursts(RULE, FIRST + 1, SECOND), thread=8)
    assert not other.own


@pytest.mark.parametrize(
    ("quiet", "heard"),
    [
        (bursts(RULE, 0, 0), bursts(RULE, FIRST, SECOND - 1)),
        (bursts(RULE, 0, 0), bursts(RULE, FIRST - 1, SECOND)),
        (bursts(RULE, FIRST, 0), bursts(RULE, FIRST, SECOND)),
        (bursts(NOISE, 40, 40), bursts(NOISE, 41, 52)),
        (bursts(RULE, 0, 0), bursts(Drop(7, "f", "QUEUE_PURGE"), FIRST, SECOND)),
    ],
)
def test_what_others_cause_is_not(
    quiet: list[tuple[Drop, ...]], heard: list[tuple[Drop, ...]]
) -> None:
    assert tied(quiet, heard, thread=1) == ()
