"""Names in a pasted error line: there nothing tells a name but how it is written.

Better one word too many than one too few: what is posted can't be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from layerwalk.session.redaction.names import HOST_NAME, is_address
from layerwalk.session.redaction.patterns import PARTS

_HOST = r"(?P<name>[^\W_][\w-]*(?:\.[\w-]+)*\.?)"
_SOURCES = (
    r"c|cc|cfg|conf|config|cpp|cs|crt|css|dll|exe|go|h|html|ini|jar|java|js|json|key|kt|lock|log|lua"
    r"|mjs|pem|php|pid|pl|py|pyc|rb|rs|scala|sh|so|sock|socket|service|toml|ts|txt|xml|yaml|yml"
)
_COUNTED = r"(?:port|time|timeout|line|code|errno|status|pid|after|error|attempt|id|at)\b"
_WORDS = (
    r"(?:host(?:name)?|server|upstream|lookup|resolve|resolving|connect(?:ing)? to|peer|address"
    r"|ENOTFOUND|EAI_AGAIN|UnknownHostException|name)"
)
_CUES = (
    rf"://(?:[^\s/\"'<>]{{0,300}}@)?{_HOST}",  # whatever user and password stand in front
    rf"@{_HOST}",
    rf"(?<![\w./-])(?!{_COUNTED}){_HOST}:[0-9]{{1,5}}\b",
    rf"\b{_WORDS}(?:\s*[=:]\s*|\s+)(?:host:?\s+|at\s+|name\s+)?[\"']?{_HOST}",
)
_NOT_NAMES = (
    "a after address and at by can closed connect connection could did error failed failure for"
    " from has host http https in is it lookup name names net node not of on or port refused server"
    " service tcp temporarily temporary the this timed timeout tls to udp unix unknown unreachable"
    " upstream was with"
)
_NO_NAMES = frozenset(_NOT_NAMES.split())
_ADDRESSES = re.compile(
    rf"{PARTS['reverse']}|{PARTS['mac']}|{PARTS['v6']}|{PARTS['v4']}(?!\.[a-z])", re.IGNORECASE
)
_CUED = [re.compile(cue, re.IGNORECASE) for cue in _CUES]
_DOTTED = re.compile(r"(?<![\w./$-])[a-z0-9_][\w-]*(?:\.[\w-]+)+(?![\w(/$-])", re.IGNORECASE)
_SOURCE = re.compile(rf"(?i:.*\.(?:{_SOURCES}))")
_CODE = re.compile(
    r".*[a-z][A-Z].*|java\..*|javax\..*|(?:socket|os|select|ssl|http\.client|errno)\.[a-z]*err(?:or)?"
    r"|socket\.(?:timeout|gaierror|herror)|asyncio\..*|[0-9.]+"
)


def names_in(text: str) -> Iterator[str]:
    """Find what may be the name of a host in an error line."""
    text = _ADDRESSES.sub("*", text)
    for cue in _CUED:
        for found in cue.finditer(text):
            name = found["name"]
            if name.lower() not in _NO_NAMES and not _SOURCE.fullmatch(name):
                yield from _checked(name)
    for found in _DOTTED.finditer(text):
        if not _SOURCE.fullmatch(found[0]) and not _CODE.fullmatch(found[0]):
            yield from _checked(found[0])


def _checked(name: str) -> Iterator[str]:
    if HOST_NAME.fullmatch(name) and not is_address(name):
        yield name
