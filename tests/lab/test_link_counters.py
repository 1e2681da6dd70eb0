"""The kernel's counters of an interface, risen for real: broken frames in, no room to go out."""

import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.topology import line
from layerwalk.probes.link_counters import LOSSES, LinkWatch, read

pytestmark = pytest.mark.netns

TUN = Path("/dev/net/tun")
_TUNSETIFF = 0x400454CA
_TUN, _NO_INFO, _WITH_HEADER = 0x0001, 0x1000, 0x4000
BROKEN = struct.pack("=BBHHHH", 1, 77, 20, 9, 0, 0) + bytes(40)
"""A header in front of the packet that asks for what there is not: a frame error."""


@contextmanager
def cable() -> Iterator[int]:
    """An interface ``wire0`` in this thread's network, whose other end is this descriptor."""
    if not TUN.exists():
        pytest.skip("no TUN devices here")
    end = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    try:
        mode = _TUN | _NO_INFO | _WITH_HEADER
        fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", b"wire0", mode))
        yield end
    finally:
        os.close(end)


def test_every_loss_that_is_read_is_one_that_the_kernel_counts() -> None:
    assert {*LOSSES} <= read("lo").keys()


def test_broken_frames_and_full_queues_show() -> None:
    with build(line(0)) as lab, lab.inside("client"), cable() as end:
        lab.run("client", ["ip", "address", "add", "192.0.2.129/25", "dev", "wire0"])
        lab.run("client", ["ip", "link", "set", "dev", "wire0", "txqueuelen", "2", "up"])
        watch = LinkWatch("wire0")
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
            for _ in range(40):
                with suppress(OSError):
                    sock.sendto(b"any", ("192.0.2.130", 9))
        for _ in range(5):
            with suppress(OSError):
                os.write(end, BROKEN)
        counts = watch.counts()
    assert counts
    assert counts.rise("rx_errors") == 5
    assert counts.rise("tx_dropped") + counts.rise("queue_drops") >= 30
    assert counts.share > 0.5
