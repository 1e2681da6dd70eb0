"""Source ports that a host has taken before anybody looks at it."""

import socket
import time
from pathlib import Path

from layerwalk.lab.loop import Loop
from layerwalk.lab.spec import family_of
from layerwalk.lab.traffic import Hoard, Leftover

PATIENCE_S = 5.0
AT_ONCE = 64
ROUNDS = 5


def fill(hoards: tuple[Hoard, ...], loop: Loop) -> None:
    """Take the ports; OSError where there are fewer."""
    for hoard in hoards:
        _take(hoard, hoard.count, loop)
        if hoard.leftover is Leftover.CLOSED:
            _top_up(hoard, loop)
    time.sleep(max((hoard.age_s for hoard in hoards), default=0.0))


def _take(hoard: Hoard, count: int, loop: Loop) -> None:
    for first in range(0, count, AT_ONCE):
        some = [_taken(hoard) for _ in range(first, min(first + AT_ONCE, count))]
        if hoard.leftover is Leftover.CLOSED:
            _close(some)
        else:
            for one in some:
                loop.keep(one)


def _top_up(hoard: Hoard, loop: Loop) -> None:
    """Close more, where some ended without waiting: a busy machine may reset what comes late."""
    for _ in range(ROUNDS):
        words = Path("/proc/net/sockstat").read_text(encoding="ascii").split()
        missing = hoard.count - int(words[words.index("tw") + 1])
        if missing <= 0:
            return
        _take(hoard, missing, loop)


def _taken(hoard: Hoard) -> socket.socket:
    six = hoard.dual or family_of(hoard.address) == 6
    handle = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
    handle.settimeout(PATIENCE_S)
    if hoard.leftover is Leftover.BOUND:
        handle.bind(("::" if six else "0.0.0.0", 0))  # a namespace of the lab's
    else:
        mapped = f"::ffff:{hoard.address}" if hoard.dual else hoard.address
        handle.connect((mapped, hoard.port))
    return handle


def _close(handles: list[socket.socket]) -> None:
    """Close first, and see the other end close, so that it is this end that waits."""
    for handle in handles:
        handle.shutdown(socket.SHUT_WR)
    for handle in handles:
        while handle.recv(4096):
            pass
        handle.close()
