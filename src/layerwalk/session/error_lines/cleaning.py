"""From pasted text to lines: colours and controls taken out, escapes undone, records opened."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from layerwalk.session.error_lines.phrases import speaks_of_failure

LONGEST = 4_000_000
"""How many characters are read, from the end."""

_COLOURS = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]"
    r"|(?:\\u001b|\\x1b|\\033|\\e|#033|\^\[)\[[0-9;]{0,20}m",
    re.IGNORECASE,
)
_CONTROLS = dict.fromkeys((*range(9), *range(11, 13), *range(14, 32), *range(127, 160)), " ")
_ENCODED = re.compile(r"%(?:3A|2F|5B|5D|20|22)", re.IGNORECASE)
_ESCAPES = re.compile(r"\\(?:u00([0-9a-fA-F]{2})|([\"'/\\nrt]))")
_LETTERS = {"n": "\n", "r": "\n", "t": " "}
_PIECE, _OVERLAP, _RECORD_WITHIN, _DEEPEST = 8192, 1024, 300, 8
_PLACE_KEYS = re.compile(
    r"(?:^|_|\.)(?:addr|address|upstream|url|uri|target|endpoint|dest|destination|server|upstream_"
    r"host|proxy|backend|dsn)$",
    re.IGNORECASE,
)
_OTHER_KEYS = re.compile(
    r"refer|agent|client|remote|peer|caller|source|origin|forwarded|hostname|local|file|request_id"
    r"|passw|pwd|secret|token|cookie|authorization|api_?key",
    re.IGNORECASE,
)
_DECODER = json.JSONDecoder()


def cleaned(text: str) -> str:
    """Take out what a terminal would obey and what can't be seen; line feeds stay."""
    text = _COLOURS.sub("", text[-LONGEST:]).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").translate(_CONTROLS)
    if text.isascii():
        return text
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cf")


def opened(line: str) -> list[str]:
    """Give the lines that one line stands for: a JSON record's texts, or itself, unescaped."""
    start = line.find("{", 0, _RECORD_WITHIN)
    if start >= 0 and '"' in line:
        try:
            record, end = _DECODER.raw_decode(line, start)
        except (ValueError, RecursionError):
            pass
        else:
            around = f"{line[:start].strip()} {line[end:].strip()}".strip()
            within = [*_texts(record, 0), *([around] if around else [])]
            if within:
                return [plain for text in within for plain in unescaped(text).split("\n")]
    return [part for piece in _pieces(line) for part in unescaped(piece).split("\n")]


def unescaped(text: str) -> str:
    """Undo one layer of escapes where there is one: JSON's, HTML's, a URL's."""
    if "\\" in text:
        text = _ESCAPES.sub(_letter, text)
    if "&" in text:
        text = html.unescape(text)
    if "%" in text and _ENCODED.search(text):
        text = unquote(text)
    return cleaned(text)


def _letter(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _LETTERS.get(match[2], match[2])


def _pieces(line: str) -> Iterator[str]:
    """Cut a line that is too long to be a sentence to the pieces that speak of a failure."""
    if len(line) <= _PIECE:
        yield line
        return
    for start in range(0, len(line), _PIECE - _OVERLAP):
        piece = line[start : start + _PIECE]
        if speaks_of_failure(piece.lower()):
            yield piece


def _texts(value: object, depth: int, key: str = "") -> Iterator[str]:
    """Give the texts of a record, those that name a place with their key before them."""
    if depth > _DEEPEST or _OTHER_KEYS.search(key):
        return
    if isinstance(value, dict):
        if "port" in value and isinstance(value.get("host"), str):
            yield f"host={value['host']} port={value['port']}"
        for name, inner in value.items():
            yield from _texts(inner, depth + 1, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1, key)
    elif isinstance(value, str):
        yield f"{key}={value}" if _PLACE_KEYS.search(key) else value
