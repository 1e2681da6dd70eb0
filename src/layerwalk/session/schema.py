"""The JSON Schema of the report: made from the structures, kept beside them as a file."""

from __future__ import annotations

import inspect
import json
from importlib import resources
from typing import Any

import msgspec

from layerwalk.probes.facts.outcome import Outcome
from layerwalk.session.report import SCHEMA, Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "report.schema.json"

DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Report": {
        "schema": "The name and version of this shape.",
        "tool": "Who wrote the report.",
        "host": "The machine that was walked from.",
        "target": "What was walked to.",
        "role": "Where the walking machine stands: client, server or gateway.",
        "client": "Who can't get in, by address, where the walking machine is the server. Absent"
        " where nobody was named.",
        "origin": "Where packets came from, as asked for. Absent where it was left to the system.",
        "error_line": "The pasted error line that the walk began with, as it was understood.",
        "started": "When the walk began: UTC, ISO 8601.",
        "seconds": "How long the walk took.",
        "ended": "How it ended: done; interrupted, by a person or a signal; budget, out of time;"
        " broken-off, killed: read back from its journal. Absent in reports of version 0.1.",
        "verdict": "What the walk amounts to.",
        "path": "Every hop from this machine towards the target, as far as any probe got.",
        "ports": "The ports that were asked for with --ports, as far as they were asked to the end."
        " Absent where none were.",
        "evidence": "What was measured, in the order of its beginning.",
    },
    "Tool": {"name": "The tool's name.", "version": "Its version."},
    "Privileges": {
        "raw": "Whether raw sockets could be used.",
        "admin": "Whether what only root may read could be read.",
    },
    "Host": {
        "name": "The machine's name.",
        "os": "Its operating system.",
        "kernel": "The release of its kernel.",
        "privileges": "What the walk was allowed.",
    },
    "ErrorEntry": {
        "text": "The line as given, control characters removed.",
        "phase": "What the program was doing: looking up the name, connecting, TLS or reading.",
        "errno": "The symbol of the error (ETIMEDOUT and the like); empty where the line has none.",
        "runtime": "The program or runtime that writes such lines; empty where unknown.",
        "timer": "Whose timer fired: the kernel's, the program's, none, or unknown.",
        "limit_s": "The time limit that the line names, in seconds; null where it names none.",
    },
    "OriginEntry": {
        "mark": "The firewall mark of every packet; 0 where none was asked for.",
        "address": "The address that packets came from; empty where none was asked for.",
        "interface": "The interface by which they left; empty where none was asked for.",
        "pid": "The process whose network and resolver files were used; null where none was named.",
        "process": "The name of that process; may be empty.",
        "network": "Its network namespace; empty where that is the one of the walking program.",
    },
    "TargetEntry": {
        "input": "The target as given, without user, password and query.",
        "host": "The name or address.",
        "port": "The port; null where none was given.",
        "scheme": "tcp, tls, http or https.",
        "addresses": "The addresses that the name has, in the order in which they are tried.",
    },
    "Verdict": {
        "outcome": "Whether a fault was found.",
        "summary": "One sentence that a person can act on.",
        "timer": "Whose timer ends or ended it; null where none was asked for or met.",
        "causes": "What was found, the cause that explains the failure first; else empty.",
        "ruled_out": "Causes that the evidence excludes.",
        "not_checked": "Causes that could not be looked at.",
    },
    "TimerEntry": {
        "whose": "The kernel's, the program's, or not known.",
        "kernel_s": "When this machine's kernel gives up an unanswered SYN, in seconds.",
        "limit_s": "The program's limit, or after how long it failed, in seconds; null if unknown.",
        "says": "The same in a sentence.",
        "timers": "Every time limit of the kernel here that a connection may meet.",
    },
    "TimerFigure": {
        "name": "The setting with its value.",
        "phases": "What it may end: connect, accept, read, write, idle or close.",
        "after_s": "The soonest that it fires, in seconds.",
        "until_s": "The latest that it fires, in seconds.",
        "means": "What has happened when it fires.",
        "fits": "Whether the limit or failure in limit_s fits it; no proof that it was this one.",
    },
    "CauseEntry": {
        "id": "The cause's name in the catalogue; it never changes.",
        "title": "The cause in a few words.",
        "layer": "The layer that it sits on; 0 is the machine itself.",
        "relation": "explains: this is why; alternative: it could as well be this;"
        " also: true by itself.",
        "confidence": "certain only where this report's evidence rules its competitors out.",
        "where": "Where it sits.",
        "explanation": "Why this is what happens, for a person.",
        "decide_by": "The next test that would tell it from its alternatives; may be empty.",
        "evidence": "The ids of the evidence that speaks for it.",
        "recommendations": "What to do, in this order.",
    },
    "Recommendation": {
        "on": "The machine to do it on: client, network, server and the like.",
        "action": "What to do.",
        "command": "The command that does it; may be empty.",
        "changes_state": "Whether it changes anything.",
    },
    "RuledOut": {
        "id": "The cause's name in the catalogue.",
        "evidence": "The ids of the evidence that excludes it.",
        "why": "How that excludes it; may be empty.",
    },
    "NotChecked": {
        "id": "The cause's name in the catalogue.",
        "why": "Why it could not be looked at.",
        "unlock": "What would make it possible; may be empty.",
    },
    "HopRow": {
        "hop": "How many hops away, from 1.",
        "addresses": "Who answered there: empty where all was silent, several where paths divide.",
        "sent": "How many probes were to expire or end there.",
        "received": "How many of them were answered.",
        "rtt_s": "best, mean and worst round trip in seconds; empty where none was measured.",
        "syn": "How the SYN to the port fared there.",
        "probes": "Sent and received by kind of probe.",
        "target": "Whether this hop is the target.",
        "extensions": "What routers there add to their ICMP errors (RFC 4884), such as MPLS labels"
        " and interfaces, in words.",
        "names": "The names of the addresses by DNS (PTR), in the same order; empty texts where"
        " none is known, and no list where none of them has one.",
    },
    "PortEntry": {
        "port": "The port.",
        "state": "What nmap calls it.",
        "reason": "Why: syn-ack, reset, no-response, or what an ICMP error says.",
    },
    "EvidenceEntry": {
        "id": "The name by which causes cite it.",
        "probe": "What measured it.",
        "layer": "The layer that was looked at.",
        "started": "When it began, in seconds from the walk's start.",
        "seconds": "How long it took.",
        "status": "The probe's outcome.",
        "finding": "What was seen, in one line.",
        "data": "The measurement in full; its shape is the probe's own.",
        "command": "What a person would type to see the same with ordinary tools; may be empty.",
    },
}
OPTIONAL = {
    "Report": {"client", "ended", "error_line", "origin", "ports"},
    "HopRow": {"probes", "target", "extensions", "names"},
    "RuledOut": {"why"},
}
WHERE: dict[str, tuple[str, ...]] = {
    "local": (),
    "resolver": (),
    "path": (),
    "host": (),
    "proxy": ("address", "port"),
    "upstream": ("address", "port", "name", "inside"),
}


def make_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of what ``--json`` prints: a report, or an array of them."""
    (report,), parts = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    for name, part in parts.items():
        _complete(name, part)
    parts["EvidenceEntry"]["properties"]["status"]["enum"] = sorted(Outcome)
    parts["CauseEntry"]["properties"]["where"]["$ref"] = "#/$defs/Where"
    for part in ("CauseEntry", "RuledOut", "NotChecked"):
        parts[part]["properties"]["id"]["pattern"] = "^[a-z0-9]+(-[a-z0-9]+)*$"
    return {
        "$schema": DIALECT,
        "title": SCHEMA,
        "description": "What layerwalk found: one report, or an array where there were several"
        " targets.",
        "oneOf": [report, {"type": "array", "items": report}],
        "$defs": {**parts, "Where": _where(), "Hop": _hop()},
    }


def shipped_schema() -> dict[str, Any]:
    """Read the schema's file as it is installed."""
    text = resources.files("layerwalk.session").joinpath(FILE).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def schema_text() -> str:
    """Write the schema as its file has it."""
    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


def _complete(name: str, part: dict[str, Any]) -> None:
    """Describe every field, and demand those that are always written."""
    part["description"] = inspect.cleandoc(part["description"])  # which 3.13 does by itself
    for field, shape in part["properties"].items():
        shape.pop("default", None)
        shape["description"] = DESCRIPTIONS[name][field]
    part["required"] = [it for it in part["properties"] if it not in OPTIONAL.get(name, ())]


def _where() -> dict[str, Any]:
    demands = [
        {"if": {"properties": {"kind": {"const": kind}}}, "then": {"required": list(fields)}}
        for kind, fields in WHERE.items()
        if fields
    ]
    hop, itself = {"$ref": "#/$defs/Hop"}, {"$ref": "#/$defs/Where"}
    return {
        "type": "object",
        "description": "Where a cause sits; further fields, such as interface, say it closer.",
        "properties": {
            "kind": {"enum": list(WHERE), "description": "The kind of place."},
            "after": {**hop, "description": "The last hop that the failing probe reached."},
            "before": {**hop, "description": "The next hop that answered."},
            "inside": {**itself, "description": "Where on the way to an upstream."},
        },
        "required": ["kind"],
        "allOf": demands,
    }


def _hop() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A hop of the path.",
        "properties": {
            "hop": {"type": "integer", "minimum": 0, "description": "How many hops away."},
            "address": {"type": "string", "description": "Who answers there."},
        },
        "required": ["hop", "address"],
    }
