"""What an error line means, in a plain sentence or two."""

from __future__ import annotations

from layerwalk.session.report import ErrorEntry

_PHASES = {
    "name": "while the name was looked up",
    "connect": "while the connection was being opened",
    "tls": "during the TLS handshake, on a connection that was open already",
    "read": "on an open connection, while an answer was awaited",
    "unknown": "at a point that the line does not tell",
}
_ERRORS = {
    "ECONNREFUSED": "The connection was refused: a reset came back at once, so something is there,"
    " and it does not listen on that port, or a firewall answers for it.",
    "EHOSTUNREACH": "A router or this machine's own link reported that the host can't be reached,"
    " or a firewall said so.",
    "EHOSTDOWN": "Nobody on the link answers for that address.",
    "ENETUNREACH": "There is no route to that network, here or at a router on the way.",
    "ECONNRESET": "The other end, or something in between, cut the connection off with a reset.",
    "EPIPE": "The other end had closed the connection before all was sent.",
    "EADDRNOTAVAIL": "This machine had no source address or port left for the connection.",
    "EMFILE": "The program had no file descriptor left for the connection.",
    "EPERM": "A rule on the machine itself forbids the connection.",
    "EAI_NONAME": "The resolver said that there is no such name.",
    "EAI_NODATA": "The resolver knows the name, but no address of it.",
    "EAI_AGAIN": "No resolver gave a usable answer in time.",
}


def meaning(entry: ErrorEntry) -> str:
    """Say what happened, when, and whose patience ended."""
    if entry.errno in _ERRORS:
        return _ERRORS[entry.errno] + _when(entry)
    if entry.phase == "name" and entry.timer in {"none", "unknown"}:
        return "The name could not be looked up."
    if entry.timer == "kernel":
        return _kernel(entry)
    if entry.timer == "program":
        return _program(entry)
    if entry.errno == "ETIMEDOUT":
        return (
            f"No answer came {_PHASES[entry.phase]}. Whether the kernel gave up or a limit of the"
            " program ran out, this program's words don't tell."
        )
    return f"It failed {_PHASES[entry.phase]}; the line does not say whose time ran out, if any."


def _kernel(entry: ErrorEntry) -> str:
    if entry.phase == "read":
        return (
            "The connection was open, then what was sent was never acknowledged, and the kernel"
            " gave up (ETIMEDOUT)."
        )
    handed = " getsockopt only hands that error over." if "getsockopt" in entry.text else ""
    return (
        "No answer to the SYN came: the kernel repeated it as often as it may, then gave up"
        f" (ETIMEDOUT).{handed} The program set no shorter limit, or none at all."
    )


def _program(entry: ErrorEntry) -> str:
    limit = f" of {entry.limit_s:g} s" if entry.limit_s is not None else ""
    says = f"The program's own limit{limit} ran out {_PHASES[entry.phase]}."
    if entry.phase == "connect":
        return f"{says} As a rule that means that no answer to the SYN had come until then."
    if entry.phase == "read":
        return f"{says} So the port had been reached; the answer was late, or never came."
    return says


def _when(entry: ErrorEntry) -> str:
    if entry.errno == "ECONNRESET" and entry.phase in {"connect", "tls", "read"}:
        return f" That was {_PHASES[entry.phase]}."
    return ""
