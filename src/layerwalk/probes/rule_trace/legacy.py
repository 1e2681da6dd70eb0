"""Which rule of iptables-legacy refuses: told by its counter; the kernel's trace skips those.

A rule that refuses counts every packet of ours, in a small burst and again in another of another
size. Changes nothing; needs CAP_NET_ADMIN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.probes.facts import Certainty, RuleMatch
from layerwalk.probes.firewall.reading import legacy_families
from layerwalk.probes.firewall.tools import ToolError, run

BURSTS = (3, 5)

_COUNTED = re.compile(r"\[(\d+):\d+\] (-A (\S+) .*)")
_POLICY = re.compile(r":(\S+) DROP \[(\d+):\d+\]")
_REFUSING = re.compile(r"-[jg] (DROP|REJECT)\b")
_ARRIVING = {"PREROUTING", "INPUT"}
_LEAVING = {"OUTPUT", "POSTROUTING"}


@dataclass(frozen=True)
class Counted:
    """A rule, or a policy, that refuses: ``number`` is its place among all lines."""

    family: str
    table: str
    chain: str
    number: int
    text: str
    direction: str

    def match(self, *, sure: bool) -> RuleMatch:
        """The rule as a trace names it."""
        return RuleMatch(
            direction=self.direction,
            verdict="reject" if "REJECT" in self.text else "drop",
            certainty=Certainty.EXACT if sure else Certainty.POSSIBLE,
            text=self.text,
            table=f"{self.family} {self.table} (legacy)",
            chain=self.chain,
        )


Counts = dict[Counted, int]


def look(version: int) -> Counts:
    """Read what every refusing rule of one family has counted; nothing where there are none."""
    family = "ip6" if version == 6 else "ip"
    if family not in legacy_families():
        return {}
    try:
        saved = run([f"{family}tables-legacy-save", "-c"])
    except ToolError:
        return {}
    return dict(counted(saved, family))


def counted(saved: str, family: str) -> Iterator[tuple[Counted, int]]:
    """Find the refusing rules and policies in what iptables-save prints. Pure."""
    table, jumps = "", _jumps(saved)
    for number, line in enumerate(saved.splitlines()):
        if line.startswith("*"):
            table = line[1:]
        elif policy := _POLICY.match(line):
            chain = policy[1]
            text = f"table {family} {table} chain {chain} policy drop"
            yield Counted(family, table, chain, number, text, _way(chain, jumps)), int(policy[2])
        elif (rule := _COUNTED.match(line)) and _REFUSING.search(rule[2]):
            way = _way(rule[3], jumps)
            yield Counted(family, table, rule[3], number, rule[2], way), int(rule[1])


def refusing(rises: list[Counts]) -> tuple[RuleMatch, ...]:
    """The rules that rose by no less than each burst; surely where it was by just as many."""
    found = []
    for rule in rises[0] if len(rises) == len(BURSTS) else ():
        rose = [rise.get(rule, 0) for rise in rises]
        if all(by >= sent for by, sent in zip(rose, BURSTS, strict=True)):
            found.append(rule.match(sure=rose == [*BURSTS]))
    return tuple(found)


def risen(before: Counts, after: Counts) -> Counts:
    """What each rule counted meanwhile."""
    return {rule: value - before.get(rule, value) for rule, value in after.items()}


def _jumps(saved: str) -> dict[str, set[str]]:
    """From which chains each one is jumped to."""
    found: dict[str, set[str]] = {}
    for line in saved.splitlines():
        rule = re.match(r"(?:\[\S+\] )?-A (\S+) .*-[jg] (\S+)", line)
        if rule:
            found.setdefault(rule[2], set()).add(rule[1])
    return found


def _way(chain: str, jumps: dict[str, set[str]]) -> str:
    """Which way packets go that come to a chain."""
    every, fresh = {chain}, [chain]
    while fresh:
        new = jumps.get(fresh.pop(), set()) - every
        every |= new
        fresh += new
    return "in" if every & _ARRIVING and not every & _LEAVING else "out"
