"""How long tasks stood still for want of a resource: the kernel's pressure figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Resource(StrEnum):
    """What the kernel keeps pressure figures of (kernel's accounting/psi)."""

    CPU = "cpu"
    MEMORY = "memory"
    IO = "io"

    @property
    def words(self) -> str:
        """What is waited for, in a word or two."""
        return {Resource.CPU: "a processor", Resource.MEMORY: "memory", Resource.IO: "disks"}[self]


@dataclass(frozen=True, kw_only=True)
class Pressure:
    """One look at the pressure of one resource, on the machine or in a cgroup.

    ``some_s`` is the time, since the counting began, during which at least one task waited for the
    resource, ``full_s`` that during which nothing else ran either, both in seconds; ``some_avg10``
    and ``full_avg10`` are the shares of the last ten seconds, 0 to 1.
    """

    resource: Resource
    some_s: float
    full_s: float = 0.0
    some_avg10: float = 0.0
    full_avg10: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Stall:
    """Which share of a span of time, 0 to 1, tasks waited for a resource: some, or all of them."""

    some: float = 0.0
    full: float = 0.0


def stall(
    now: tuple[Pressure, ...], before: tuple[Pressure, ...], resource: Resource, span_s: float
) -> Stall | None:
    """Give the shares of the span between two looks; ``None`` where the kernel tells nothing."""
    last = next((one for one in now if one.resource is resource), None)
    first = next((one for one in before if one.resource is resource), None)
    if last is None or first is None or span_s <= 0:
        return None
    some, full = (last.some_s - first.some_s) / span_s, (last.full_s - first.full_s) / span_s
    return Stall(some=_share(some), full=_share(full))


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)
