"""Rules of iptables, read from iptables-save(8), as statements of nft. Pure.

What has no counterpart here becomes an ``unread`` statement, which nobody decides.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from layerwalk.probes.firewall.iptables.matches import matches_of
from layerwalk.probes.firewall.iptables.targets import targets_of
from layerwalk.probes.firewall.ruleset import Chain, Place, Rule, Ruleset

__all__ = ["ruleset_of_save"]

_HOOKS = frozenset({"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"})
_PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
_NAT_PRIORITIES = {"PREROUTING": -100, "OUTPUT": -100, "INPUT": 100, "POSTROUTING": 100}
_COUNTED = re.compile(r"\[(\d+):\d+\] ")


def ruleset_of_save(text: str, family: str, *, suffix: str = "") -> Ruleset:
    """Read what iptables-save prints for a family (``ip``, ``ip6``); a suffix marks its tables."""
    chains: dict[Place, Chain] = {}
    rules: dict[Place, list[Rule]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":"):
            name, policy, *_ = [*line[1:].split(), "-", "-"]
            place = (family, table + suffix, name)
            chains[place] = _chain(place, table, policy)
        elif line.startswith(("-A ", "[")):
            rule = _rule(line, family, table + suffix)
            rules.setdefault(rule.place, []).append(rule)
    return Ruleset(
        chains={
            place: replace(chain, rules=tuple(rules.get(place, ())))
            for place, chain in chains.items()
        }
    )


def _chain(place: Place, table: str, policy: str) -> Chain:
    name = place[2]
    if name not in _HOOKS:
        return Chain(place=place)
    nat = table == "nat"
    return Chain(
        place=place,
        hook=name.lower(),
        kind="nat" if nat else "filter",
        priority=_NAT_PRIORITIES.get(name, 0) if nat else _PRIORITIES.get(table, 0),
        policy=policy.lower(),
    )


def _rule(line: str, family: str, table: str) -> Rule:
    counted = _COUNTED.match(line)
    text = line[counted.end() :] if counted else line
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    name = words[1] if len(words) > 1 else ""
    target = next((at for at, word in enumerate(words) if word in {"-j", "-g"}), len(words))
    statements = [*matches_of(words[2:target], family), *targets_of(words[target:], family)]
    return Rule(
        place=(family, table, name),
        handle=None,
        statements=tuple(statements),
        text=text,
        counted=int(counted[1]) if counted else None,
    )
