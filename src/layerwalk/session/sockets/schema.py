"""The JSON Schema of ``layerwalk sockets --json``: made from the structures, kept as a file."""

from __future__ import annotations

import inspect
import json
from importlib import resources
from typing import Any

import msgspec

from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.facts.tcp_settings import TcpSettings
from layerwalk.session.schema import DIALECT
from layerwalk.session.sockets.descriptions import DESCRIPTIONS
from layerwalk.session.sockets.report import SCHEMA, SocketsReport

FILE = "sockets.schema.json"

_OPEN = {
    ("SocketsReport", "settings"): "TcpSettings",
    ("SocketEntry", "options"): "SocketOptions",
    ("SocketEntry", "info"): "TcpInfo",
}
"""What is written as an object with a shape of its own, or null."""


def make_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of what the command prints."""
    shapes = [SocketsReport, TcpSettings, SocketOptions, TcpInfo]
    (report, *_), parts = msgspec.json.schema_components(shapes, ref_template="#/$defs/{name}")
    options = parts["SocketOptions"]["properties"]
    options["interface"] = options.pop("device")
    for (part, field), shape in _OPEN.items():
        nullable = [{"$ref": f"#/$defs/{shape}"}, {"type": "null"}]
        parts[part]["properties"][field] = {"anyOf": nullable}
    for name, part in parts.items():
        _complete(name, part)
    return {
        "$schema": DIALECT,
        "title": SCHEMA,
        "description": "TCP sockets of this machine, and when their time limits fire.",
        **report,
        "$defs": parts,
    }


def shipped_schema() -> dict[str, Any]:
    """Read the schema's file as it is installed."""
    file = resources.files("layerwalk.session.sockets").joinpath(FILE)
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def schema_text() -> str:
    """Write the schema as its file has it."""
    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


def _complete(name: str, part: dict[str, Any]) -> None:
    part["description"] = inspect.cleandoc(part["description"])  # which 3.13 does by itself
    for field, shape in part["properties"].items():
        shape.pop("default", None)
        shape["description"] = DESCRIPTIONS[name][field]
    part["required"] = list(part["properties"])
