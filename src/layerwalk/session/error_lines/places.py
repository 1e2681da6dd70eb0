"""Hosts, addresses, ports and URLs, as they are written in the middle of a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv6Address, ip_address

from layerwalk.probes.facts.target import Scheme
from layerwalk.session.error_lines.findings import Place
from layerwalk.session.targets import DEFAULT_PORTS, PORTS, BadInput, parse_target

# Every piece is bounded and begins where no name can go on: a search in a long line stays linear.
NAME = r"(?:(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,12}(?:\.(?=[:\"'`\]),]))?)"
_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
V6 = (
    rf"(?:(?:[0-9A-Fa-f]{{0,4}}:){{2,9}}(?:{_V4}(?::\d{{1,5}})?|\d{{1,5}}|[0-9A-Fa-f]{{1,4}})?"
    r"(?:%(?:25)?[\w.-]{1,15}(?::\d{1,5})?)?)"
)
BRACKETED = rf"(?:\[{V6}\])"
HOST = rf"(?:{BRACKETED}|{V6}|{NAME})"
AT = rf"(?:{BRACKETED}(?::\d{{1,5}})?|{V6}|{NAME}(?::\d{{1,5}})?)"
URL = r"(?:[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>`|\\^{}]{1,2000})"

_PORTS_OF: dict[str, int] = {
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "mongodb": 27017,
    "redis": 6379,
    "rediss": 6379,
    "amqp": 5672,
    "amqps": 5671,
    "nats": 4222,
    "mqtt": 1883,
    "ssh": 22,
    "git": 9418,
    "ftp": 21,
    "ldap": 389,
    "ldaps": 636,
    "smtp": 25,
    "imap": 143,
    "ws": 80,
    "wss": 443,
    "grpc": 443,
    "sftp": 22,
    "docker": 2375,
    "sqlserver": 1433,
}
_SCHEMES: dict[str, Scheme] = {"tcp": "tcp", "tls": "tls", "http": "http", "https": "https"}
_CUT, _PASSWORD = re.compile(r"[/?#]"), re.compile(r"[^:\[]{0,200}:(?!\d{1,5}$)")
_END = ".,;:!?)]}'\""


def place(
    host: str, port: str | None = None, scheme: Scheme = "tcp", address: str | None = None
) -> Place | None:
    """Make a place of a host and a port; nothing where they can't be ones."""
    known = None
    host = host.strip("[]").replace("%25", "%")
    if port is not None and (not port.isdecimal() or int(port) not in PORTS):
        return None
    if host == "unix":  # a socket's file stands behind it
        return None
    try:
        target = parse_target(f"[{host}]" if ":" in host else host)
        if address is not None:
            known = parse_target(f"[{address}]" if ":" in address else address)
    except BadInput:
        return None
    number = int(port) if port else DEFAULT_PORTS[scheme]
    found = Place(host=target.host, port=number, scheme=scheme)
    if known is None or known.address is None or known.host == found.host:
        return found
    return replace(found, addresses=(known.host,))


def endpoint(text: str, scheme: Scheme = "tcp") -> Place | None:
    """Read ``host:port``. Of IPv6 without brackets the last group is the port, where it can be."""
    text = text.strip("/")
    if text.endswith(":") and not text.endswith("::"):
        text = text[:-1]
    if text.startswith("["):
        inside, _, rest = text[1:].partition("]")
        return place(inside, rest.removeprefix(":") or None, scheme)
    if text.count(":") > 1:
        before, _, last = text.rpartition(":")
        if _is_v6(before) and last.isdecimal() and int(last) in PORTS:
            return place(before, last, scheme)
        return place(text, None, scheme)
    host, _, port = text.partition(":")
    return place(host, port or None, scheme)


def url(text: str) -> Place | None:
    """Read a URL; of a scheme that is not HTTP's only host and port matter, so it is TCP."""
    name, _, rest = text.rstrip(_END if "[" not in text else ".,;:!?)}'\"").partition("://")
    name = name.lower().rpartition("+")[0] if "+" in name else name.lower()
    found = endpoint(_authority(rest).partition(",")[0], _SCHEMES.get(name, "tcp"))
    if found is None:
        return None
    if found.port is None:
        return replace(found, port=_PORTS_OF.get(name))
    return replace(found, path=_path(rest)) if found.scheme in {"http", "https"} else found


def _path(rest: str) -> str:
    """Give the path of what stands behind a URL's scheme; nothing that could be a secret in it."""
    _, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"/{path}" if slash and path and "@" not in path else ""


def _authority(rest: str) -> str:
    """Give host and port; a password may have a slash in it, although it should not."""
    first = _CUT.split(rest, maxsplit=1)[0]
    if "@" not in first and "@" in rest and _PASSWORD.match(first):
        first = _CUT.split(rest.rpartition("@")[2], maxsplit=1)[0]
    return first.rpartition("@")[2]


def _is_v6(text: str) -> bool:
    try:
        return isinstance(ip_address(text), IPv6Address)
    except ValueError:
        return False
