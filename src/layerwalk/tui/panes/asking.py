"""The words of the start screen: what it asks, what may be typed, how walks will begin."""

from __future__ import annotations

from textual.content import Content

QUESTION = "Which connection fails?"
EXAMPLES = (
    ("db.example.org:5432", "a host and a port"),
    ("https://api.example.org/health", "a URL"),
    ("[2001:db8::10]:22", "IPv6 with a port"),
    ("192.0.2.10", "a host alone: up to the network layer"),
    (":5432 from 192.0.2.7", "a port of this machine (its client)"),
    ("dial tcp 192.0.2.10:5432: i/o timeout", "an error line, or a log: paste it"),
)


def modes(*, guided: bool, server: bool) -> Content:
    """Say how walks will begin, and by which keys that is changed."""
    rows = (
        (guided, "guided: stop before each step, and ask", "Ctrl+G"),
        (server, "server: this machine is the one that others can't reach", "Ctrl+R"),
    )
    width = max(len(words) for _on, words, _key in rows)
    lines = [
        Content.assemble(f"[{'x' if on else ' '}] {words:<{width}}  ", (key, "dim"))
        for on, words, key in rows
    ]
    return Content("\n").join(lines)


def examples() -> Content:
    """Give an example of each kind of target."""
    width = max(len(example) for example, _says in EXAMPLES)
    lines = [Content.assemble(f"{it:<{width}}  ", (says, "dim")) for it, says in EXAMPLES]
    return Content("\n").join(lines)
