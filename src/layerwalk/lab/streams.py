"""Datagrams that a host sends at a steady rate, as a backup or a camera would."""

import contextlib
import socket
import threading
import time

from layerwalk.lab.spec import family_of
from layerwalk.lab.traffic import Stream

_STEP_S = 0.005


def pour(stream: Stream) -> None:
    """Begin to send, in a thread of its own that ends with the process."""
    threading.Thread(target=_pour, args=(stream,), daemon=True).start()


def _pour(stream: Stream) -> None:
    """Send what is due, a few at a time; what the queue has no room for is lost."""
    family = socket.AF_INET6 if family_of(stream.to) == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, stream.priority)
        began, sent, data = time.monotonic(), 0, bytes(stream.size)
        while stream.seconds is None or time.monotonic() - began < stream.seconds:
            due = (time.monotonic() - began) * stream.rate
            while sent < due:
                sent += 1
                with contextlib.suppress(OSError):  # refused, or its interface is down
                    sock.sendto(data, (stream.to, stream.port))
            time.sleep(_STEP_S)
