"""What the kernel's own trace says of a connection's packets and this machine's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.local import RuleMatch
from layerwalk.probes.facts.target import endpoint


@dataclass(frozen=True, kw_only=True)
class RuleTraceFact(Fact):
    """The way of a SYN and of its answer through the rules, as the kernel reports it (nft(8)).

    ``matches`` are the rules or policies that refused a packet, ``out`` or ``in``; ``passed`` the
    chains that it was in, as nft names them. ``left`` tells whether the SYN came to the rules for
    what goes out, ``came`` whether anything came to those for what comes in: the answer, or the
    client's SYN where this machine is the ``server``.
    """

    probe: ClassVar[str] = "rule-trace"
    layer: ClassVar[int] = 4

    address: str
    port: int
    server: bool = False
    left: bool = False
    came: bool = False
    matches: tuple[RuleMatch, ...] = ()
    passed: tuple[str, ...] = ()

    @property
    def finding(self) -> str:
        """The rule that refuses, or how far the packets got."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        if self.matches:
            return f"the kernel's own trace: {'; '.join(_told(it) for it in self.matches)}"
        return f"the kernel's own trace: no rule refuses {self._which}; {self._came}"

    @property
    def _which(self) -> str:
        who = "a client's SYN" if self.server else "the SYN"
        chains = f" (chains passed: {', '.join(self.passed)})" if self.passed else ""
        return f"{who} to {endpoint(self.address, self.port)}{chains}"

    @property
    def _came(self) -> str:
        if self.server:
            return "one came in" if self.came else "none came in meanwhile"
        if not self.left:
            return "it did not even get to the rules"
        return "an answer came in, and passes" if self.came else "no answer came in"

    @property
    def command(self) -> str:
        """The same by hand; the first line adds a table, the last takes it away."""
        family = "ip6" if ":" in self.address else "ip"
        sides = (
            ("output", "daddr", "dport") if not self.server else ("prerouting", "daddr", "dport")
        )
        return (
            f"nft 'table inet t {{ chain c {{ type filter hook {sides[0]} priority -500; "
            f"{family} {sides[1]} {self.address} tcp {sides[2]} {self.port} meta nftrace set 1; "
            "}; }'\nnft monitor trace\nnft delete table inet t"
        )


def _told(match: RuleMatch) -> str:
    what = "what leaves" if match.direction == "out" else "what comes in"
    number = f" (handle {match.handle})" if match.handle is not None else ""
    return f"{what} is refused in {match.table} {match.chain} by: {match.text}{number}"
