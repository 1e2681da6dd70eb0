"""The rules as ``nft -a -s list ruleset`` prints them, by their handles. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from layerwalk.probes.firewall.ruleset import Place

_TABLE = re.compile(r"^table (\S+) (\S+) \{")
_BLOCK = re.compile(r"^\t(chain|set|map|flowtable|\w+) (\S+) \{")
_RULE = re.compile(r"^\t\t(.*) # handle (\d+)$")


def texts_of(listing: str) -> Mapping[tuple[Place, int], str]:
    """Find each rule's text by its chain's place and its handle."""
    texts: dict[tuple[Place, int], str] = {}
    family = table = chain = ""
    for line in listing.splitlines():
        if opened := _TABLE.match(line):
            family, table = opened.groups()
        elif block := _BLOCK.match(line):
            chain = block[2] if block[1] == "chain" else ""
        elif chain and (rule := _RULE.match(line)):
            texts[(family, table, chain), int(rule[2])] = rule[1].strip()
    return texts
