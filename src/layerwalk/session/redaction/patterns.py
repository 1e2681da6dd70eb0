"""What tells something in a text: one pattern, so that nothing is replaced twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OCTET = r"0*(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_V4 = rf"(?<![0-9]){_OCTET}(?:\.{_OCTET}){{3}}(?![0-9])"
_NO_WORD_BEFORE = r"(?<![^\W_])"
_NO_WORD_BEHIND = r"(?![^\W_])"

_KEYS_OF_SECRETS = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|signature|session[_-]?id)"
)

PARTS = {
    # user:password@ and user@ of a URL, even where a slash is in the password
    "userinfo": r"""(?<=://)(?:[^\s/"'<>@:]{1,99}:(?![0-9]+/)[^\s"'<>]{0,300}|[^\s/"'<>]{0,300})@""",
    "login": r"(?<![\w.+-])[\w.+-]+:[^\s@/:\"'<>]+@(?=[\w\[])",
    "authorization": r"(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?"
    r"(?:(?:basic|bearer|digest|negotiate|ntlm|token)\s+)?[^\s\"',;]+|bearer\s+[^\s\"',;]{8,}",
    "cookie": r"(?:set-)?cookie[\"']?\s*[:=]\s*[^\n\"']+",
    "keyed": rf"{_KEYS_OF_SECRETS}[\"']?\s*[=:]\s*[\"']?(?!(?:yes|no)\b)[^\s\"',;&)]+",
    "query": r"[?&][\w.%\[\]-]+=[^\s&#\"'<>]+",
    "account": r"\b(?:user(?:name)?|role|database|dbname)(?:\s*=\s*[\"']?|\s+[\"'])[\w.+-]+",
    "email": r"(?<![\w.+-])[\w.+-]+@(?=[\w\[])",
    "home": r"(?<=/home/)[^/\s\"':]+|(?<=/Users/)[^/\s\"':]+",
    "source": r"(?<=File \")/[^\"\n]*/(?=[^/\"\n]+\")",
    "remark": r"\b(?:comment|prefix)\s+\"(?:\\.|[^\"\\])*\"|--(?:comment|log-prefix)\s+[^\s\"]+",
    "reverse": r"\b(?:[0-9]{1,3}\.){1,4}in-addr\.arpa|\b(?:[0-9a-f]\.){1,32}ip6\.arpa",
    "mac": _NO_WORD_BEFORE
    + r"[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5,19}|(?:-[0-9a-f]{2}){5})(?![:-]?[0-9a-f]|::)",
    "name": "",
    "v6": _NO_WORD_BEFORE
    + rf"(?:[0-9a-f]{{0,4}}:){{2,8}}(?:{_V4}|[0-9a-f]{{0,4}})(?:%[\w.@-]*\w)?",
    "v4": _V4,
    "dashed": rf"(?<![0-9])(?<![0-9]-){_OCTET}(?:-{_OCTET}){{3}}(?![0-9]|-[0-9])",
    "hex": r"\b0x[0-9a-f]{8}\b",
    "opaque": r"(?<![\w+=-])(?=[\w+-]*[a-z])(?=[\w+-]*[0-9][\w+-]*[0-9])[\w+-]{24,}={0,2}",
}
"""Each kind of find by its name, those first that go before others at the same place."""

NEVER = r"(?!)"


def pattern(names: Iterable[str], interfaces: Iterable[str]) -> re.Pattern[str]:
    """Make the pattern that finds all of it, with these names known, in one pass."""
    parts = {**PARTS, "name": _names(names, interfaces)}
    whole = "|".join(f"(?P<{kind}>{part})" for kind, part in parts.items())
    return re.compile(whole, re.IGNORECASE)


def _names(names: Iterable[str], interfaces: Iterable[str]) -> str:
    """A known name as a whole word; of a known domain whatever stands before it, too."""
    longest = sorted({*names, *interfaces}, key=len, reverse=True)
    domains = "|".join(re.escape(it) for it in longest if "." in it)
    others = "|".join(re.escape(it) for it in longest if "." not in it)
    parts = [
        rf"(?:[\w-]{{1,63}}\.){{0,20}}(?:{domains})" if domains else NEVER,
        rf"(?:{others})" if others else NEVER,
    ]
    return f"{_NO_WORD_BEFORE}(?:{'|'.join(parts)}){_NO_WORD_BEHIND}"
