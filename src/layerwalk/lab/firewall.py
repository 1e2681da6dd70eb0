"""Rulesets for nft, put together from chains and rules."""

from collections.abc import Sequence

# What a dropping policy must let through, or the link itself fails.
NEIGHBOURS = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
TOO_BIG = (
    "icmp type destination-unreachable icmp code frag-needed drop",
    "icmpv6 type packet-too-big drop",
)
TIME_EXCEEDED = ("icmp type time-exceeded", "icmpv6 type time-exceeded")
SYN_ACK = "tcp flags & (syn | ack) == (syn | ack)"


def ruleset(policy: str = "accept", **chains: Sequence[str]) -> str:
    """Return a ruleset with a chain for each hook named: `forward=["tcp dport 1 drop"]`."""
    parts = [_chain(hook, policy, rules) for hook, rules in chains.items()]
    return "\n".join(["table inet lab {", *parts, "}", ""])


def _chain(hook: str, policy: str, rules: Sequence[str]) -> str:
    head = f"  chain {hook} {{\n    type filter hook {hook} priority 0; policy {policy};\n"
    return head + "".join(f"    {rule}\n" for rule in rules) + "  }"
