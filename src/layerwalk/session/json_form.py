"""The report as indented JSON, piece by piece: 65,535 ports are never written out at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from layerwalk.session.report import PortEntry, Report

_NONE = b'"ports": []'
_LINES = 4096
"""How many ports go into a piece."""


def to_json(report: Report | tuple[Report, ...]) -> bytes:
    """Encode a report (an array of them, where several targets were walked) as indented JSON."""
    return b"".join(json_pieces(report))


def json_pieces(report: Report | tuple[Report, ...]) -> Iterator[bytes]:
    """Encode a report, each port on a line of its own."""
    reports = report if isinstance(report, tuple) else (report,)
    bare = tuple(msgspec.structs.replace(it, ports=()) if it.ports else it for it in reports)
    whole = bare if isinstance(report, tuple) else bare[0]
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2)
    margin = b"\n" + b"  " * (2 if isinstance(report, tuple) else 1)  # deeper ones are others'
    lists = [it.ports for it in reports if isinstance(it.ports, tuple)]
    for ports, piece in itertools.zip_longest(lists, text.split(margin + _NONE)):
        yield piece
        if ports is not None:
            yield margin + b'"ports": ['
            yield from _lines(ports, margin)
            yield b"]"
    yield b"\n"


def _lines(ports: tuple[PortEntry, ...], margin: bytes) -> Iterator[bytes]:
    between = b"," + margin + b"  "
    for begin in range(0, len(ports), _LINES):
        listed = msgspec.json.encode(ports[begin : begin + _LINES])[1:-1]
        yield (between if begin else between[1:]) + listed.replace(b"},{", b"}" + between + b"{")
    if ports:
        yield margin
