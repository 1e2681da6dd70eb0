"""Text from outside, made harmless: whatever a terminal would obey is shown instead."""

from __future__ import annotations

_LATIN_1, _BASIC_PLANE = 0xFF, 0xFFFF
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def plain(text: str) -> str:
    r"""Show text on one line, every character that does not print as its escape (``\x1b``).

    That covers C0 and C1 controls, DEL, format characters (those that turn the direction of
    writing among them), line separators and lone surrogates: all that ``str.isprintable`` denies.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def plain_block(text: str) -> str:
    """Like ``plain``, line by line: line feeds stay what they are."""
    return "\n".join(plain(line) for line in text.split("\n"))


def shortened(text: str, longest: int = 60) -> str:
    """Show text on one line of at most ``longest`` characters, cut in the middle."""
    shown = plain(text)
    if len(shown) <= longest:
        return shown
    half = (longest - 3) // 2
    return f"{shown[:half]}...{shown[-half:]}"


def _escape(char: str) -> str:
    code = ord(char)
    if code <= _LATIN_1:
        return _SHORT.get(char, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}"
