"""The kernel's pressure figures: of the machine, or of one group (kernel's accounting/psi)."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.probes.facts.pressure import Pressure, Resource
from layerwalk.probes.resources.figures import Files

_PERCENT = 100.0
_MICROSECONDS = 1e6


def of_machine(files: Files) -> tuple[Pressure, ...]:
    """Read /proc/pressure; empty where the kernel keeps no such figures."""
    return _read(files, {it: f"/proc/pressure/{it}" for it in Resource})


def of_group(files: Files, folder: str) -> tuple[Pressure, ...]:
    """Read those of a group of the second version."""
    return _read(files, {it: f"{folder}/{it}.pressure" for it in Resource})


def _read(files: Files, places: dict[Resource, str]) -> tuple[Pressure, ...]:
    found = ((resource, _lines(files.text(place))) for resource, place in places.items())
    return tuple(_pressure(resource, lines) for resource, lines in found if "some" in lines)


def _pressure(resource: Resource, lines: dict[str, dict[str, float]]) -> Pressure:
    some, full = lines["some"], lines.get("full", {})  # of processors old kernels have no "full"
    return Pressure(
        resource=resource,
        some_s=some.get("total", 0.0) / _MICROSECONDS,
        full_s=full.get("total", 0.0) / _MICROSECONDS,
        some_avg10=some.get("avg10", 0.0) / _PERCENT,
        full_avg10=full.get("avg10", 0.0) / _PERCENT,
    )


def _lines(text: str) -> dict[str, dict[str, float]]:
    """Read "some avg10=0.00 … total=0" and its like."""
    lines = (line.split() for line in text.splitlines())
    return {words[0]: dict(_values(words[1:])) for words in lines if words}


def _values(words: list[str]) -> Iterator[tuple[str, float]]:
    for word in words:
        name, _, value = word.partition("=")
        try:
            yield name, float(value)
        except ValueError:
            continue
