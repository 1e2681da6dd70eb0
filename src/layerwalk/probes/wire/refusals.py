"""What an ICMP error means, the one place that knows their types and codes."""

from __future__ import annotations

from layerwalk.probes.facts import AnswerKind, Refusal

REFUSALS_4 = {
    0: Refusal.NO_ROUTE,
    1: Refusal.HOST,
    2: Refusal.PORT,
    3: Refusal.PORT,
    6: Refusal.NO_ROUTE,
    7: Refusal.HOST,
    9: Refusal.PROHIBITED,
    10: Refusal.PROHIBITED,
    11: Refusal.NO_ROUTE,
    12: Refusal.HOST,
    13: Refusal.PROHIBITED,
}
"""Type 3 (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1)."""

REFUSALS_6 = {
    0: Refusal.NO_ROUTE,
    1: Refusal.PROHIBITED,
    3: Refusal.HOST,
    4: Refusal.PORT,
    5: Refusal.PROHIBITED,
    6: Refusal.PROHIBITED,
}
"""Type 1 (RFC 4443 3.1)."""

_EXCEEDED = {4: 11, 6: 3}
_TOO_BIG = {(4, 3, 4), (6, 2, 0)}
_UNREACHABLE = {4: 3, 6: 1}


def meaning(version: int, icmp_type: int, code: int) -> tuple[AnswerKind, Refusal | None] | None:
    """Tell what an error says, and for "unreachable" why; ``None`` where it is no such error."""
    if icmp_type == _EXCEEDED[version]:
        return AnswerKind.TIME_EXCEEDED, None
    if (version, icmp_type, code) in _TOO_BIG:
        return AnswerKind.TOO_BIG, None
    if icmp_type != _UNREACHABLE[version]:
        return None
    known = REFUSALS_6 if version == 6 else REFUSALS_4
    return AnswerKind.UNREACHABLE, known.get(code, Refusal.OTHER)
