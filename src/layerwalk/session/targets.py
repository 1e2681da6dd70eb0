"""What a person typed as target, understood or refused."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, NoReturn

from layerwalk.probes.facts.target import Family, Scheme, Target
from layerwalk.session.plain import shortened

PORTS = range(1, 65536)
DEFAULT_PORTS: dict[Scheme, int | None] = {"tcp": None, "tls": 443, "http": 80, "https": 443}

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)")
_AUTHORITY = re.compile(r"(?P<authority>[^/?#\\]*)(?P<path>[^?#]*)(?P<more>.*)")
_PORT = re.compile(r"[0-9]{1,5}")
_LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_SCOPE = re.compile(r"[^/:%\[\]\s]{1,15}")
_NAME_LENGTH, _LABEL_LENGTH = 253, 63
_INPUT_LENGTH = 2000


class BadInput(ValueError):  # noqa: N818 - it is the person's word for it, too
    """Something that was typed can't be used; the message names it and says what would do."""


class _Parts(NamedTuple):
    """A target taken apart, not yet looked at closely."""

    shown: str
    scheme: Scheme
    host: str
    port: str | None
    bracketed: bool = False


def parse_target(text: str, family: Family | None = None) -> Target:
    """Read ``host``, ``host:port``, ``[v6]:port``, a bare IPv6 address or a URL (RFC 3986).

    A URL's path, query and user are dropped, and no password ever gets into the result or into
    a message. Names become lower case and, beyond ASCII, IDNA (RFC 3490).

    Raises:
        BadInput: the text is no target, or not one of this family.
    """
    text = text.strip(" \t\r\n")
    parts = _parts(text)
    address = _address(parts, text)
    host = str(address) if address else _name(parts, text)
    if address:
        _check_use(address, family, text)
    return Target(
        input=parts.shown,
        host=host,
        port=_port(parts, text),
        scheme=parts.scheme,
        family=family,
    )


def _refuse(text: str, why: str) -> NoReturn:
    """Refuse a target, quoting it without whatever may be a password in it."""
    before, at, rest = text.rpartition("@")
    scheme = before.partition("://")[0] + "://" if "://" in before else ""
    quoted = (f"{scheme}...@{rest}" if at else text).partition("?")[0]
    raise BadInput(f"target '{shortened(quoted)}': {why}")


def _parts(text: str) -> _Parts:
    if not text:
        _refuse(text, "it is empty; give host, host:port or a URL")
    if len(text) > _INPUT_LENGTH:
        _refuse(text, f"it is longer than {_INPUT_LENGTH} characters; give host:port")
    if not text.isprintable() or " " in text:
        _refuse(text, "a blank or a control character is in it; give host, host:port or a URL")
    url = _URL.fullmatch(text)
    if url:
        return _url_parts(text, url["scheme"].lower(), url["rest"])
    if "/" in text or "\\" in text:
        _refuse(text, "a slash belongs in a URL only; give host:port, or begin with http://")
    authority = text.rpartition("@")[2]
    return _authority_parts(text, "tcp", authority, authority)


def _url_parts(text: str, scheme: str, rest: str) -> _Parts:
    if scheme not in DEFAULT_PORTS:
        known = ", ".join(f"{name}://" for name in DEFAULT_PORTS)
        _refuse(text, f"its scheme is not one of {known}; give host:port")
    pieces = _AUTHORITY.fullmatch(rest)
    if pieces is None:  # pragma: no cover - printable text always fits
        _refuse(text, "it is no URL; give host:port")
    authority = pieces["authority"].rpartition("@")[2].replace("%25", "%")
    path = "/..." if "@" in pieces["path"] else pieces["path"]
    shown = f"{scheme}://{authority}{path}{'?...' if pieces['more'] else ''}"
    return _authority_parts(text, scheme, authority, shown)


def _authority_parts(text: str, scheme: Scheme, authority: str, shown: str) -> _Parts:
    if authority.startswith("["):
        inside, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            _refuse(text, "the brackets don't close around the address; write [ADDRESS]:PORT")
        return _Parts(shown, scheme, inside, rest[1:] if rest else None, bracketed=True)
    if authority.count(":") > 1:
        return _Parts(shown, scheme, authority, None)
    host, colon, port = authority.partition(":")
    if colon and not host and "://" not in text:
        _refuse(text, "a port alone is for --role server; give host:port")
    return _Parts(shown, scheme, host, port if colon else None)


def _port(parts: _Parts, text: str) -> int | None:
    if parts.port is None:
        return DEFAULT_PORTS[parts.scheme]
    if not _PORT.fullmatch(parts.port) or int(parts.port) not in PORTS:
        _refuse(text, f"its port is not a number from {PORTS[0]} to {PORTS[-1]}")
    return int(parts.port)


def _address(parts: _Parts, text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(parts.host)
    except ValueError:
        address = None
    scope = getattr(address, "scope_id", None)
    if scope is not None and not _SCOPE.fullmatch(scope):
        _refuse(text, "what stands behind % is no interface; write ADDRESS%INTERFACE")
    if address is None and (parts.bracketed or ":" in parts.host):
        _refuse(text, "this is no IPv6 address; write host:port, or [ADDRESS]:PORT for IPv6")
    if parts.bracketed and isinstance(address, IPv4Address):
        _refuse(text, "brackets are for IPv6; write ADDRESS:PORT")
    # What programs with one socket for both families print is IPv4 on the wire (RFC 4291 2.5.5.2).
    return getattr(address, "ipv4_mapped", None) or address


def _check_use(address: IPv4Address | IPv6Address, family: Family | None, text: str) -> None:
    if family and address.version != family:
        _refuse(text, f"it is an IPv{address.version} address, and -{family} asks for the other")
    if address.is_unspecified:
        _refuse(text, "this stands for all addresses of a listener; name one, such as loopback")
    if address.is_multicast or str(address) == "255.255.255.255":
        _refuse(text, "this is a group of machines, and connections go to one; name its address")


def _name(parts: _Parts, text: str) -> str:
    name = parts.host
    if not name.rstrip("."):
        _refuse(text, "it has no host; give host, host:port or a URL")
    if not name.isascii():
        name = _idna(name, text)
    labels = name.removesuffix(".").split(".")
    if len(name.removesuffix(".")) > _NAME_LENGTH or any(len(it) > _LABEL_LENGTH for it in labels):
        _refuse(text, f"a name has at most {_NAME_LENGTH} characters, {_LABEL_LENGTH} between dots")
    if _NUMBER.fullmatch(labels[-1]):
        _refuse(text, "it looks like a broken IPv4 address; write four numbers from 0 to 255")
    if not all(_LABEL.fullmatch(label) for label in labels):
        _refuse(text, "this is no host name; letters, digits, - and _ make one, with single dots")
    return name.lower()


def _idna(name: str, text: str) -> str:
    if len(name) > _NAME_LENGTH:
        _refuse(text, f"a name has at most {_NAME_LENGTH} characters")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        _refuse(text, "this can't be written as a host name (IDNA); give its xn-- form")
