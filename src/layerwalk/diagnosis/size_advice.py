"""What to do where large packets vanish: let the messages through, clamp, or set the size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layerwalk.diagnosis.model import Advice, Judgement

_MESSAGES = "ICMP type 3 code 4, ICMPv6 type 2"
_ENDS = (("Behind", "after"), ("up to", "before"))


def let_through(judgement: Judgement) -> tuple[Advice, ...]:
    """Let the message through, clamp, or set the size."""
    mss, mtu = judgement.where.get("mss", 0), judgement.where.get("mtu", 0)
    is_back = judgement.where.get("direction") == "back"
    return (
        *(_let_back(judgement.where) if is_back else _let_out(judgement.where)),
        Advice(
            on="network",
            action="Or clamp the MSS on the router in front of the small link.",
            command="nft add rule inet filter forward "
            "tcp flags syn tcp option maxseg size set rt mtu",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Until then, use an MSS that fits on the route to the target"
            + ("; the target then sends no more than that." if is_back else "."),
            command=f"ip route replace TARGET via GATEWAY advmss {mss}"
            + ("" if is_back else f" mtu {mtu}"),
            changes_state=True,
        ),
    )


def _let_out(where: Mapping[str, Any]) -> tuple[Advice, ...]:
    if where.get("messages"):
        return (
            Advice(
                on="client",
                action=f'Find the rule that drops the "too big" messages ({_MESSAGES}) and let '
                "them in.",
                command="nft list ruleset",
            ),
        )
    return (
        Advice(
            on="network",
            action=f'Behind {_hop(where.get("after"))}: let the "too big" messages through '
            f"({_MESSAGES}).",
            changes_state=True,
        ),
    )


def _let_back(where: Mapping[str, Any]) -> tuple[Advice, ...]:
    ends = [f"{word} {_hop(where[key])}" for word, key in _ENDS if where.get(key)]
    place = ", ".join(ends) if ends else "Somewhere on the way back"
    return (
        Advice(
            on="network",
            action=f'{place}: let the "too big" messages through to the target ({_MESSAGES}).',
            changes_state=True,
        ),
        Advice(
            on="server",
            action="See whether the target's own firewall drops these messages.",
            command="nft list ruleset",
        ),
    )


def _hop(place: Any) -> str:
    number = place.get("hop") if isinstance(place, Mapping) else None
    return f"hop {number} ({place.get('address')})" if number else "this machine"
