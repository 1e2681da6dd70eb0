"""How a measurement ended: the one vocabulary that every probe speaks."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """A probe's outcome, as the report's ``evidence[].status`` spells it.

    ``NOT_RUN``, ``NOT_PERMITTED`` and ``CANCELLED`` all mean *not measured*, which is never the
    same as fine.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    NOT_PERMITTED = "not_permitted"
    CANCELLED = "cancelled"
    NOT_RUN = "not_run"
    FAILED = "failed"
    ANSWERED_BY_PERSON = "answered_by_person"

    @property
    def measured(self) -> bool:
        """Whether the network (or the kernel) was really asked and had its chance to answer."""
        return self in _MEASURED


_MEASURED = frozenset(
    {
        Outcome.ANSWERED,
        Outcome.REFUSED,
        Outcome.SILENT,
        Outcome.UNREACHABLE,
        Outcome.REJECTED,
    }
)
