"""What an answer to a SYN makes of its port, in nmap's words (as ``nmap -sS --reason`` has it)."""

from __future__ import annotations

from typing import NamedTuple

from layerwalk.probes.facts.ports import Reason, ScanState

_UNREACHABLE_4 = {
    0: Reason.NET_UNREACH,
    1: Reason.HOST_UNREACH,
    2: Reason.PROTO_UNREACH,
    3: Reason.PORT_UNREACH,
    5: Reason.NET_UNREACH,
    6: Reason.NET_UNREACH,
    7: Reason.HOST_UNREACH,
    8: Reason.HOST_UNREACH,
    9: Reason.NET_PROHIBITED,
    10: Reason.HOST_PROHIBITED,
    11: Reason.NET_UNREACH,
    12: Reason.HOST_UNREACH,
    13: Reason.ADMIN_PROHIBITED,
    14: Reason.ADMIN_PROHIBITED,
    15: Reason.ADMIN_PROHIBITED,
}
"""Type 3 (RFC 792, RFC 1812 5.2.7.1); "too big" is none."""

_UNREACHABLE_6 = {
    0: Reason.NO_ROUTE,
    1: Reason.ADMIN_PROHIBITED,
    2: Reason.BEYOND_SCOPE,
    3: Reason.HOST_UNREACH,
    4: Reason.PORT_UNREACH,
    5: Reason.ADMIN_PROHIBITED,
    6: Reason.REJECT_ROUTE,
}
"""Type 1 (RFC 4443 3.1)."""

_BY_TYPE = {4: (3, _UNREACHABLE_4, 11), 6: (1, _UNREACHABLE_6, 3)}


class Reply(NamedTuple):
    """What became of a port; ``by`` is who sent the ICMP error, empty where none did."""

    port: int
    state: ScanState
    reason: Reason
    by: str = ""


def reason_of(version: int, icmp_type: int, code: int) -> Reason | None:
    """Tell what an ICMP error says of the port; ``None`` where it says nothing of it."""
    unreachable, codes, exceeded = _BY_TYPE[version]
    if icmp_type == exceeded:
        return Reason.TIME_EXCEEDED
    return codes.get(code) if icmp_type == unreachable else None
