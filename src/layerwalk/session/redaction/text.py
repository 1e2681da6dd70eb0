"""Redacting a text: every find of the pattern gives way to its stand-in."""

from __future__ import annotations

import re
from collections.abc import Callable

from layerwalk.probes.facts.service import LOG_ENDS
from layerwalk.session.redaction.macs import Macs
from layerwalk.session.redaction.names import Names, Words
from layerwalk.session.redaction.patterns import pattern
from layerwalk.session.redaction.spelled import SpelledAddresses

_STAND_INS = re.compile(
    r"\b(?P<name>name-[0-9]{1,9})\b|\b(?P<interface>if-[0-9]{1,9})\b"
    r"|\b(?P<home>user-[0-9]{1,9})\b|\b(?P<opaque>secret-[0-9]{1,9})\b"
    r"|\b(?P<mac>02:00:5e(?::[0-9a-f]{2}){3})\b"
    r"|(?P<v4>\b0(?:\.[0-9]{1,3}){3}\b)|\b(?P<v6>3fff:[0-9a-f:]+)",
    re.IGNORECASE,
)
_KEY = re.compile(r"[^=:]*[=:]\s*[\"']?")
_ALL_BUT_LAST = re.compile(r"(?s).*[\s:=\"']")
_LOG_LINE, _TELLING = "(a line of a log)", 12
"""A shorter one may be a word that other texts have, too."""
_PACKAGES = ("/site-packages/", "/dist-packages/", "/src/")


class TextRedaction:
    """Replaces what tells something in texts, with the stand-ins of one report."""

    def __init__(self) -> None:
        self.names = Names()
        self._users = Words("user")
        self._secrets = Words("secret")
        self._pattern = pattern((), ())
        self._known = (0, 0)
        addresses, users, secrets = SpelledAddresses(), self._users, self._secrets
        self._addresses = addresses
        self._by: dict[str, Callable[[str], str]] = {
            "userinfo": self._userinfo,
            "login": self._userinfo,
            "authorization": lambda text: _behind(_ALL_BUT_LAST, text, secrets),
            "cookie": lambda text: _behind(_KEY, text, secrets),
            "keyed": lambda text: _behind(_KEY, text, secrets),
            "query": lambda text: _behind(_KEY, text, secrets),
            "account": lambda text: _behind(_ALL_BUT_LAST, text, users),
            "email": lambda text: f"{users.stand_in(text[:-1])}@",
            "home": users.stand_in,
            "source": _source,
            "remark": lambda text: f'{text.split()[0]} "..."',
            "reverse": addresses.backwards,
            "mac": Macs().stand_in,
            "name": self._name,
            "v6": self._v6,
            "v4": addresses.v4,
            "dashed": addresses.dashed,
            "hex": addresses.hexadecimal,
            "opaque": secrets.stand_in,
        }

    def text(self, text: str) -> str:
        """Redact a text."""
        known = (len(self.names.known), len(self.names.interfaces))
        if known != self._known:
            self._known = known
            self._pattern = pattern(self.names.known, self.names.interfaces)
        for line in sorted(self.names.lines, key=len, reverse=True):
            whole = line if len(line) >= _TELLING else f"{LOG_ENDS}{line}"
            text = text.replace(whole, whole.removesuffix(line) + _LOG_LINE)
        return self._pattern.sub(self._stand_in, text)

    def meet(self, text: str) -> None:
        """Pass over the numbers of the stand-ins that are in a text already."""
        for found in _STAND_INS.finditer(text):
            if found.lastgroup == "interface":
                self.names.learn_interface(found[0])
            else:
                self._by[found.lastgroup or ""](found[0])

    def _stand_in(self, found: re.Match[str]) -> str:
        return self._by[found.lastgroup or ""](found[0])

    def _userinfo(self, text: str) -> str:
        user, colon, password = text[:-1].partition(":")
        if not any(map(str.isalnum, text)):  # somebody has taken it out already
            return text
        shown = self._users.stand_in(user) if user else ""
        return f"{shown}:{self._secrets.stand_in(password)}@" if colon else f"{shown}@"

    def _name(self, text: str) -> str:
        if text in self.names.interfaces and text.lower() not in self.names.known:
            return self.names.stand_in_interface(text)
        return self.names.stand_in(text)

    def _v6(self, text: str) -> str:
        whole, percent, zone = text.partition("%")
        shown, rest = self._addresses.v6(whole)
        if percent and not rest:
            return f"{shown}%{self.names.stand_in_interface(zone)}"
        return f"{shown}{rest}{self.text(percent + zone)}"


def _behind(key: re.Pattern[str], text: str, words: Words) -> str:
    """Redact what stands behind a key; all of it, where there is no key."""
    found = key.match(text)
    end = found.end() if found else 0
    return text[:end] + words.stand_in(text[end:])


def _source(folder: str) -> str:
    """Keep of a source file's folder what is the program's, not the machine's."""
    for mark in _PACKAGES:
        _, found, package = folder.rpartition(mark)
        if found:
            return f".../{package}"
    return ".../"
