"""The words that all forms of a report share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layerwalk.session.report import CauseEntry, HopRow, OriginEntry, Recommendation, Report

LAYERS = {
    0: "the machine",
    1: "physical",
    2: "link",
    3: "network",
    4: "transport",
    5: "session",
    6: "presentation",
    7: "application",
}
RELATIONS = {
    "explains": "This explains the failure",
    "alternative": "It could as well be this",
    "also": "Also noticed, true by itself",
}
_KINDS = {
    "local": "on this machine",
    "resolver": "at the resolver",
    "path": "on the path",
    "host": "at the target",
    "proxy": "at the proxy",
    "upstream": "at the upstream",
}
_ENDINGS: dict[object, str] = {
    "interrupted": ", then stopped early",
    "budget": ", then out of time",
    "broken-off": ", then broken off",
}
_PLACES = {"local": "this machine", "network": "the network"}
_WAYS = {"out": "on the way there", "back": "on the way back", "in": "as it comes in"}
_SAID_APART = {"kind", "after", "before", "inside", "address", "port", "name", "direction"}


def layer_name(layer: int) -> str:
    """Name a layer: ``layer 4 (transport)``."""
    return f"layer {layer} ({LAYERS[layer]})" if layer in LAYERS else f"layer {layer}"


def where_in_words(where: Mapping[str, Any]) -> str:
    """Say where a cause sits: ``on the path, after hop 2 (203.0.113.1)``."""
    parts = [_KINDS.get(str(where.get("kind")), str(where.get("kind", "not known")))]
    parts += [f"{key} {_hop(where[key])}" for key in ("after", "before") if where.get(key)]
    subject = " ".join(str(where[key]) for key in ("name", "address") if where.get(key))
    if subject:
        parts.append(subject)
    if where.get("port"):
        parts.append(f"port {where['port']}")
    if where.get("direction"):
        parts.append(_WAYS.get(str(where["direction"]), f"direction {where['direction']}"))
    parts += [f"{key} {_item(it)}" for key, it in where.items() if key not in _SAID_APART and it]
    words = ", ".join(parts)
    inside = where.get("inside")
    return f"{words}: {where_in_words(inside)}" if isinstance(inside, Mapping) else words


def _item(value: object) -> str:
    return " - ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _hop(place: object) -> str:
    if not isinstance(place, Mapping):
        return str(place)
    hop, address = place.get("hop"), place.get("address")
    if hop == 0:
        return "this machine itself"
    return f"hop {hop} ({address})" if address else f"hop {hop}"


def on_in_words(step: Recommendation, role: str) -> str:
    """Say on which machine a step is taken; the one that walks stands at the end ``role``."""
    if step.on == role:
        return "this machine"
    return _PLACES.get(step.on, f"the {step.on}")


def effect_in_words(step: Recommendation) -> str:
    """Say whether a step changes anything: `` (only looks)``; empty where there is no command."""
    if step.changes_state:
        return " (changes settings)"
    return " (only looks)" if step.command else ""


def judged(cause: CauseEntry) -> str:
    """Say how sure a cause is and at which layer it sits: ``likely, layer 4 (transport)``."""
    return f"{cause.confidence}, {layer_name(cause.layer)}"


def answered(hop: HopRow) -> str:
    """Say how many probes a hop answered."""
    return f"{hop.received} of {hop.sent}" if hop.sent else "not asked"


def milliseconds(seconds: float | None) -> str:
    """Write a time as people read round trips; empty where there is none."""
    return "" if seconds is None else f"{seconds * 1000:.1f} ms"


def addresses(hop: HopRow) -> str:
    """Name a hop by the addresses of those who answered there."""
    return ", ".join(hop.addresses) or "(silent)"


def addresses_and_names(hop: HopRow) -> str:
    """Name a hop by addresses, each with its name where that is known."""
    names = (*hop.names, *("" for _ in hop.addresses[len(hop.names) :]))
    pairs = zip(hop.addresses, names, strict=False)
    return ", ".join(f"{it} ({name})" if name else it for it, name in pairs) or "(silent)"


def syn_fates(path: Sequence[HopRow]) -> tuple[str, ...]:
    """Say how the SYN to the port fared at each hop; empty where none was sent that far.

    A router that is silent about a SYN which got further has let it pass: it is the router's own
    report that is missing (its ICMP limit), no SYN.
    """
    words, got_further = [], False
    for hop in reversed(path):
        passed = hop.syn == "silent" and got_further
        words.append("passed" if passed else hop.syn.replace("not_run", ""))
        got_further = got_further or hop.syn in {"answered", "rejected"}
    return tuple(reversed(words))


def endpoint_in_words(report: Report) -> str:
    """Name the target with the addresses that it has."""
    found = [it for it in report.target.addresses if it != report.target.host]
    return f"{report.target.input} ({', '.join(found)})" if found else report.target.input


def origin_in_words(origin: OriginEntry) -> str:
    """Say where packets came from: ``from 192.0.2.10, with the mark 0x5``."""
    words = [_process_in_words(origin) if origin.pid else ""]
    words += [f"from {origin.address}" if origin.address else ""]
    words += [f"by {origin.interface}" if origin.interface else ""]
    words += [f"with the mark {origin.mark:#x}" if origin.mark else ""]
    return ", ".join(word for word in words if word)


def _process_in_words(origin: OriginEntry) -> str:
    name = f" ({origin.process})" if origin.process else ""
    return f"as process {origin.pid}{name}" + (f" in {origin.network}" if origin.network else "")


def _stand_in_words(report: Report) -> str:
    """Say where it was walked from: another machine, or the target's own."""
    if report.role != "server":
        return f"from {report.host.name}"
    client = f", for {report.client}" if report.client else ""
    return f"on {report.host.name}, as its server{client}"


def walked_in_words(report: Report) -> str:
    """Say who walked where, for how long, and with which rights."""
    rights = "with raw sockets" if report.host.privileges.raw else "without raw-socket rights"
    origin = f", {origin_in_words(report.origin)}," if report.origin else ""
    went = "looked at" if report.role == "server" else "walked to"
    return (
        f"{went} {endpoint_in_words(report)} {_stand_in_words(report)}{origin}"
        f" in {report.seconds:.1f} s"
        f"{_ENDINGS.get(report.ended, '')},"
        f" {rights}; {report.started}; {report.tool.name} {report.tool.version}"
    )


def sentence(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with an address or another name."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isascii() and first.isalpha() else text


def cited(report: Report, cause: CauseEntry) -> list[str]:
    """Give the ids of a cause's evidence that the report really has, in its order."""
    known = {entry.id for entry in report.evidence}
    return [it for it in cause.evidence if it in known]
