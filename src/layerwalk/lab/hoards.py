"""Source ports that a host has taken before anybody looks at it."""

import socket
import time

from layerwalk.lab.loop import Loop
from layerwalk.lab.spec import family_of
from layerwalk.lab.traffic import Hoard, Leftover

PATIENCE_S = 5.0
AT_ONCE = 64


def fill(hoards: tuple[Hoard, ...], loop: Loop) -> None:
    """Take the ports; OSError where there are fewer."""
    for hoard in hoards:
        for first in range(0, hoard.count, AT_ONCE):
            some = [_taken(hoard) for _ in range(first, min(first + AT_ONCE, hoard.count))]
            if hoard.leftover is Leftover.CLOSED:
                _close(some)
            else:
                for one in some:
                    loop.keep(one)
    time.sleep(max((hoard.age_s for hoard in hoards), default=0.0))


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
