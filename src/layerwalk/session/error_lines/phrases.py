"""The words for an error that all programs share: errno's symbols, numbers and messages."""

from __future__ import annotations

import re
from dataclasses import replace

from layerwalk.session.error_lines.findings import Symptom
from layerwalk.session.error_lines.languages import TRANSLATED

ENGLISH: tuple[tuple[str, Symptom], ...] = (
    ("connection timed out", Symptom(phase="connect", timer="unknown")),
    ("connection refused", Symptom(phase="connect", errno="ECONNREFUSED", timer="none")),
    ("actively refused it", Symptom(phase="connect", errno="ECONNREFUSED", timer="none")),
    ("no route to host", Symptom(phase="connect", errno="EHOSTUNREACH", timer="none")),
    ("host is unreachable", Symptom(phase="connect", errno="EHOSTUNREACH", timer="none")),
    ("host is down", Symptom(phase="connect", errno="EHOSTDOWN", timer="none")),
    ("network is unreachable", Symptom(phase="connect", errno="ENETUNREACH", timer="none")),
    ("network unreachable", Symptom(phase="connect", errno="ENETUNREACH", timer="none")),
    ("connection reset by peer", Symptom(errno="ECONNRESET", timer="none")),
    ("connection reset", Symptom(errno="ECONNRESET", timer="none")),
    ("broken pipe", Symptom(phase="read", errno="EPIPE", timer="none")),
    ("cannot assign requested address", Symptom(errno="EADDRNOTAVAIL", timer="none")),
    ("can't assign requested address", Symptom(errno="EADDRNOTAVAIL", timer="none")),
    ("too many open files", Symptom(errno="EMFILE", timer="none")),
    ("operation not permitted", Symptom(errno="EPERM", timer="none")),
    ("no such host", Symptom(phase="name", errno="EAI_NONAME", timer="none")),
    ("name or service not known", Symptom(phase="name", errno="EAI_NONAME", timer="none")),
    ("nodename nor servname", Symptom(phase="name", errno="EAI_NONAME", timer="none")),
    ("could not resolve", Symptom(phase="name", timer="none")),
    ("unknown host", Symptom(phase="name", errno="EAI_NONAME", timer="none")),
    ("temporary failure in name", Symptom(phase="name", errno="EAI_AGAIN", timer="unknown")),
    ("no address associated", Symptom(phase="name", errno="EAI_NODATA", timer="none")),
    ("server misbehaving", Symptom(phase="name", timer="none")),
    ("tls handshake timeout", Symptom(phase="tls", timer="program")),
    ("ssl handshake timed out", Symptom(phase="tls", timer="program")),
    ("handshake operation timed out", Symptom(phase="tls", timer="program")),
    ("handshake timed out", Symptom(phase="tls", timer="program")),
    ("server closed the connection", Symptom(phase="read", timer="none")),
    ("prematurely closed connection", Symptom(phase="read", timer="none")),
    ("empty reply from server", Symptom(phase="read", timer="none")),
    ("closed connection without response", Symptom(phase="read", timer="none")),
    ("certificate verify failed", Symptom(phase="tls", timer="none")),
    ("failed to verify certificate", Symptom(phase="tls", timer="none")),
    ("unknown authority", Symptom(phase="tls", timer="none")),
    ("certificate has expired", Symptom(phase="tls", timer="none")),
    ("handshake failure", Symptom(phase="tls", timer="none")),
    ("wrong version number", Symptom(phase="tls", timer="none")),
    ("read timed out", Symptom(phase="read", timer="program")),
    ("connect timed out", Symptom(phase="connect", timer="program")),
    ("connection timeout", Symptom(phase="connect", timer="program")),
    ("connect timeout", Symptom(phase="connect", timer="program")),
    ("i/o timeout", Symptom(timer="program")),
    ("context deadline exceeded", Symptom(timer="program")),
    ("deadline exceeded", Symptom(timer="program")),
    ("504 gateway time", Symptom(phase="read", timer="program")),
    ("502 bad gateway", Symptom(phase="read", timer="none")),
    ("503 service unavailable", Symptom(phase="read", timer="none")),
    ("timed out", Symptom(timer="unknown")),
    ("timeout expired", Symptom(timer="program")),
    ("timeouterror", Symptom(timer="unknown")),
    ("timeout was reached", Symptom(timer="program")),
    *(
        (words, Symptom(phase="connect"))
        for words in (
            *("failed to connect", "unable to connect", "could not connect", "cannot connect"),
            *("can't connect", "couldn't connect", "error connecting", "timeout connecting"),
        )
    ),
)
SYMBOLS: dict[str, Symptom] = {
    "ETIMEDOUT": Symptom(errno="ETIMEDOUT"),
    "ECONNREFUSED": Symptom(phase="connect", errno="ECONNREFUSED", timer="none"),
    "EHOSTUNREACH": Symptom(phase="connect", errno="EHOSTUNREACH", timer="none"),
    "ENETUNREACH": Symptom(phase="connect", errno="ENETUNREACH", timer="none"),
    "EHOSTDOWN": Symptom(phase="connect", errno="EHOSTDOWN", timer="none"),
    "ECONNRESET": Symptom(errno="ECONNRESET", timer="none"),
    "EPIPE": Symptom(phase="read", errno="EPIPE", timer="none"),
    "EADDRNOTAVAIL": Symptom(errno="EADDRNOTAVAIL", timer="none"),
    "EMFILE": Symptom(errno="EMFILE", timer="none"),
    "ENOTFOUND": Symptom(phase="name", errno="EAI_NONAME", timer="none"),
    "EAI_NONAME": Symptom(phase="name", errno="EAI_NONAME", timer="none"),
    "EAI_AGAIN": Symptom(phase="name", errno="EAI_AGAIN", timer="unknown"),
    "EAI_NODATA": Symptom(phase="name", errno="EAI_NODATA", timer="none"),
}
NUMBERS = {
    110: "ETIMEDOUT",
    111: "ECONNREFUSED",
    113: "EHOSTUNREACH",
    101: "ENETUNREACH",
    104: "ECONNRESET",
    32: "EPIPE",
    99: "EADDRNOTAVAIL",
    24: "EMFILE",
    112: "EHOSTDOWN",
    10060: "ETIMEDOUT",
    10061: "ECONNREFUSED",
    10065: "EHOSTUNREACH",
    10051: "ENETUNREACH",
    10054: "ECONNRESET",
    11001: "EAI_NONAME",
    10048: "EADDRNOTAVAIL",
}
"""errno's numbers on Linux, and those of Winsock."""
FAILURES = (
    *("error", "fail", "unable", "cannot", "can't", "could not", "couldn't", "unreachable"),
    *("timeout", "timed out", "time-out", "exception", "refused", "lost connection", "abort"),
    *("fehl", "échec", "erreur", "falló", "falha", "ошибка", "失败", "失敗", "エラー"),
    *(
        "超时",
        "exceeded",
        "hang up",
        "panic",
        "starthandshake",
        "giving up",
        "no such host",
        "is down",
    ),
)
"""What a line has in it that speaks of a failure, in lower case."""

_FLAGS = (
    *(": eof", " uf ", " uf,", '"uf', " urx", " uh ", " ut "),
    *(f" {cause}{cookie}" for cause in ("sc", "sh", "sd") for cookie in ("--", "nn", "vn", "dn")),
)
"""What stands for a failure in the logs of Go's clients, Envoy and HAProxy."""

# strerror's own words, as no program but the C library writes them: macOS and musl say Operation.
_TIMED_OUT = re.compile(
    r"\b(?:Connection|Operation) timed out(?! after| with)"
    r"|\b(?:connect|read|write|getsockopt): connection timed out"
)
_SYMBOL = re.compile(rf"\b(?:{'|'.join(SYMBOLS)})\b")
_NUMBER = re.compile(
    r"(?:\berrno[ =:]*|\bos error |\berror code:? ?|\[Errno |connect error: )(\d{2,5})\b"
    r"|\((\d{2,5})(?=[):])"
)


def symptom(line: str, lower: str) -> Symptom:
    """Give what the shared words in a line say; empty where there are none."""
    found = Symptom()
    if match := _SYMBOL.search(line):
        found = SYMBOLS[match[0]]
    if "timed out" in lower and _TIMED_OUT.search(line):
        found = found.filled(SYMBOLS["ETIMEDOUT"])
    for words, says in ENGLISH:
        if words in lower and _agree(found, says):
            found = found.filled(_sure(says) if found.errno else says)
    for phrase, errno in _ASCII if line.isascii() else _ALL:
        if phrase in lower:
            found = found.filled(SYMBOLS[errno])
    if not found.errno and (match := _NUMBER.search(line)):
        found = found.filled(SYMBOLS.get(NUMBERS.get(int(match[1] or match[2]), ""), Symptom()))
    return found


def _sure(says: Symptom) -> Symptom:
    """Leave out that a timer is not known: an errno tells whose it was."""
    return replace(says, timer=None) if says.timer == "unknown" else says


def _agree(found: Symptom, says: Symptom) -> bool:
    """Tell whether weaker words may add to what is known: not from another error."""
    return not (found.errno and says.errno and found.errno != says.errno)


def speaks_of_failure(lower: str) -> bool:
    """Tell whether a line, in lower case, may report a failure at all: a cheap sieve."""
    return any(word in lower for word in (_SIEVE_ASCII if lower.isascii() else _SIEVE))


_ALL = tuple((phrase, errno) for errno, phrases in TRANSLATED.items() for phrase in phrases)
_ASCII = tuple((phrase, errno) for phrase, errno in _ALL if phrase.isascii())
_SIEVE = tuple(
    dict.fromkeys(
        (
            *FAILURES,
            *_FLAGS,
            *(phrase for phrase, _says in ENGLISH),
            *(phrase for phrase, _errno in _ALL),
            *(symbol.lower() for symbol in SYMBOLS),
        )
    )
)
_SIEVE_ASCII = tuple(word for word in _SIEVE if word.isascii())
