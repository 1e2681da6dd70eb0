"""Learning which names there are from the places that hold names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from layerwalk.session.redaction.names import Names
from layerwalk.session.redaction.pasted import names_in
from layerwalk.session.redaction.places import telling_words
from layerwalk.session.report import ErrorEntry, EvidenceEntry, HopRow, Host, TargetEntry

_NAMES = frozenset({"host", "hostname", "asked_names", "search", "domain", "server_name", "ptr"})
_PATHS = frozenset({"container", "folder", "group", "place", "process", "unit"})
_OF_PROGRAMS = frozenset({"listeners", "process", "service"})
"""The measurements in which a ``name`` is that of a program or of its unit."""
_RULES = frozenset({"bypassed"})
_INTERFACES = frozenset({"interface", "interfaces", "dev"})


def learn(names: Names, part: object) -> None:
    """Take note of every name in an event, a report, or a part of them."""
    if isinstance(part, TargetEntry):
        names.learn(part.host)
    elif isinstance(part, HopRow):
        for name in part.names:
            names.learn(name)
    elif isinstance(part, Host):
        names.learn(part.name)
    elif isinstance(part, ErrorEntry):
        for name in names_in(part.text):
            names.learn(name)
    else:
        _learn_parts(names, part)


def _learn_parts(names: Names, part: object) -> None:
    if isinstance(part, EvidenceEntry):
        _learn_data(names, part.data, part.probe)
    elif isinstance(part, dict):
        _learn_data(names, part, "where")
    elif isinstance(part, msgspec.Struct):
        for field in part.__struct_fields__:
            learn(names, getattr(part, field))
    elif isinstance(part, tuple | list):
        for each in part:
            learn(names, each)


def _learn_data(names: Names, data: Any, place: str) -> None:
    """Take note of the names in a mapping; ``place`` says what its ``name`` is the name of."""
    if isinstance(data, list | tuple):
        for each in data:
            _learn_data(names, each, place)
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        note = _noting(names, key, place)
        for text in _texts(value):
            if note and text != place:  # a measurement without a fact of its own has its own name
                note(text)
        _learn_data(names, value, place)


def _noting(names: Names, key: str, place: str) -> Callable[[str], None] | None:
    """Tell what takes note of the texts under a key; nothing, where they are no names."""
    named = key == "name"
    if key in _INTERFACES or (named and place == "links"):
        return names.learn_interface
    if key in _PATHS or (named and place in _OF_PROGRAMS):
        return lambda path: _learn_path(names, path)
    if key == "log":
        return names.lines.add
    if key in _RULES:
        return lambda rule: names.learn(rule.lstrip("*.").partition(":")[0])
    if key in _NAMES or (named and place in {"resolve", "where"}):
        return names.learn
    return None


def _learn_path(names: Names, path: str) -> None:
    for word in telling_words(path):
        names.learn_word(word)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (it for it in value if isinstance(it, str))
