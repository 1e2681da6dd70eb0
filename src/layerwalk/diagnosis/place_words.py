"""Where on the way something happens, in words that several causes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def behind(where: Mapping[str, Any]) -> str:
    """Say behind which hop: ``behind hop 2 (203.0.113.1)``; hop 0 is this machine itself."""
    after = where.get("after")
    if not isinstance(after, Mapping):
        return "somewhere on the way"
    if not after.get("hop"):
        return "on the first link"
    return f"behind {hop_in_words(after)}"


def link(where: Mapping[str, Any]) -> str:
    """Name the link that follows the hop named: ``the link behind hop 2 (203.0.113.1)``."""
    after = where.get("after") or {}
    return f"the link {behind(where)}" if after.get("hop") else "this machine's own link"


def hop_in_words(hop: Mapping[str, Any]) -> str:
    """Name a hop by its number, and by its address where that is known."""
    address = hop.get("address")
    return f"hop {hop.get('hop')} ({address})" if address else f"hop {hop.get('hop')}"
