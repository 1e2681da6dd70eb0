"""What a unit logged last, by journalctl(1): root and the group systemd-journal may read it.

Log lines are strings from outside, of programs that may log anything: passwords are masked, what a
terminal would obey is taken out, and each line is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from layerwalk.probes.firewall.tools import ToolError, Tools
from layerwalk.probes.secrets import HIDDEN, without_secrets

_LINES, _LONGEST = 5, 240
_LOOKED_AT = 1 << 14
"""Characters of a line that are looked through for secrets; what stands behind is left out."""

_TALK = (
    r"authentication|auth|for|is|was|not|has|had|must|failed|failure|incorrect|invalid|wrong|"
    r"required|expired|mismatch|prompt|file|hash|policy|changed?|check|reset|rotation|or|and|in|"
    r"to|from|of|supplied|provided|given|set|too|does|did|on|with|by|as|will|can|could|cannot"
)
_SPOKEN = re.compile(
    rf"\b((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key)[\"']?(?:\s*[=:]\s*|\s+))"
    rf"(?!(?:{_TALK})\b|[\[<(]?{re.escape(HIDDEN)})(\"[^\"]*\"?|'[^']*'?|[^\s,;]+)",
    re.IGNORECASE,
)

_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""What colours a terminal or names its window (ECMA-48, 5.4 and 8.3.89)."""


def last_words(unit: str, tools: Tools) -> tuple[str, ...]:
    """Give the last lines that a unit logged; none where this user may not read them."""
    command = ["journalctl", "--no-pager", "--quiet", "--output=cat", f"--lines={_LINES}"]
    try:
        return told(tools.run([*command, f"--unit={unit}"]).split("\n"))
    except ToolError:
        return ()


def told(lines: Iterable[str]) -> tuple[str, ...]:
    """Write log lines as they may be shown: no passwords, no controls, and none too long. Pure."""
    plain = (_masked(" ".join(_printable(_looked_at(line)).split())) for line in lines)
    return tuple(line[:_LONGEST] for line in plain if line)[-_LINES:]


def _masked(line: str) -> str:
    return _SPOKEN.sub(rf"\1{HIDDEN}", without_secrets(line))


def _looked_at(line: str) -> str:
    """The part that is short enough to look through, in whole words: half a secret is none."""
    if len(line) <= _LOOKED_AT:
        return line
    return line[:_LOOKED_AT].rpartition(" ")[0]


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in _SEQUENCE.sub("", line))
