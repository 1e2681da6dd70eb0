"""What must not be shown or saved of a line: passwords in URLs, tokens in queries and headers."""

from __future__ import annotations

import re

HIDDEN = "..."
_NAMES = (
    r"(?:[\w.-]{0,40}(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|"
    r"signature|credential|session(?:id)?|x-amz-[\w-]{1,40}|private[_-]?key)[\w.-]{0,40}|auth|sig|"
    r"key|code|pass)"
)
_USER = re.compile(
    r"(?<=://)(?:[^\s/?#\"'<>]{1,1000}|[^\s/@:]{0,200}:(?!\d{1,5}[/?])[^\s@\"'<>]{1,500})"
    r"@(?=[^\s@/?#]{1,300})"
)
_QUERY = re.compile(rf"(?<=[?&;])({_NAMES}=)[^&\s\"'<>;)]{{1,4000}}", re.IGNORECASE)
_SETTING = re.compile(
    r"\b((?:[\w-]{0,40}(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|access[_-]?key))"
    r"[\"']?\s?[=:]\s?)(\"[^\"]{1,4000}\"|'[^']{1,4000}'|[^\s\"',;&}{)]{1,4000})",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\b((?:bearer|basic|digest|aws4-hmac-sha256)\s+)[A-Za-z0-9+/=_.~-]{6,8000}"
    r"|\b((?:set-)?cookie[\"']?:\s?).{1,8000}",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Put dots in the place of secrets."""
    text = _USER.sub(f"{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1{HIDDEN}", text)
    text = _SETTING.sub(rf"\1{HIDDEN}", text)
    return _HEADER.sub(lambda match: f"{match[1] or match[2]}{HIDDEN}", text)
