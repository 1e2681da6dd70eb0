"""What an errno means, in one place.

Sources: errno(3), ip(7), tcp(7), ip-route(8) for what the route kinds turn into.
"""

from __future__ import annotations

import errno

from layerwalk.probes.facts import Outcome

_OUTCOMES = {
    Outcome.REFUSED: ("ECONNREFUSED", "ECONNRESET", "EPIPE"),
    Outcome.SILENT: ("ETIMEDOUT", "EAGAIN", "EINPROGRESS"),
    Outcome.UNREACHABLE: (
        "EADDRNOTAVAIL",
        "EAFNOSUPPORT",
        "EHOSTDOWN",
        "EHOSTUNREACH",
        "ENETDOWN",
        "ENETUNREACH",
        "ENODEV",
        "ENONET",
        "ENXIO",
    ),
    # EACCES is a prohibit route, EINVAL a blackhole, EPERM a firewall rule of this machine.
    Outcome.REJECTED: ("EACCES", "EINVAL", "EPERM"),
    Outcome.CANCELLED: ("ECANCELED", "EINTR"),
}
_BY_ERRNO = {
    getattr(errno, name): outcome for outcome, names in _OUTCOMES.items() for name in names
}
_NO_RIGHTS = frozenset({errno.EACCES, errno.EPERM})


def number(error: OSError | int) -> int:
    """Return the errno of an error; a time-out without a number is ETIMEDOUT, all else 0."""
    if isinstance(error, int):
        return error
    if error.errno is None and isinstance(error, TimeoutError):
        return errno.ETIMEDOUT
    return error.errno or 0


def symbol(error: OSError | int) -> str:
    """Name an error as the manuals do (``ECONNREFUSED``), empty where it has no number."""
    code = number(error)
    return errno.errorcode.get(code, f"errno {code}" if code else "")


def outcome_of(error: OSError | int, *, opening: bool = False) -> Outcome:
    """Tell how a measurement ended that ended in this error.

    By default the error is one of sending, connecting or looking up a route, where the kernel's
    "not permitted" is a local rule's doing. With ``opening`` it is one of opening a socket, a file
    or a command, where the same words say that the rights are missing.
    """
    code = number(error)
    if opening:
        return Outcome.NOT_PERMITTED if code in _NO_RIGHTS else Outcome.FAILED
    return _BY_ERRNO.get(code, Outcome.FAILED)
