"""ICMP "destination unreachable" codes as refusals, the one place that knows them."""

from __future__ import annotations

from layerwalk.probes.facts import Refusal

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
