"""The rules as nft prints them for people: their texts, and the devices of chains. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from layerwalk.probes.firewall.ruleset import Place

_TABLE = re.compile(r"^table (\S+) (\S+) \{")
_BLOCK = re.compile(r"^\t(chain|set|map|flowtable|\w+) (\S+) \{")
_RULE = re.compile(r"^\t\t(.*) # handle (\d+)$")
_DEVICES = re.compile(r"hook \w+ devices? (?:= \{ (.*?) \}|(\S+)) priority")


def texts_of(listing: str) -> Mapping[tuple[Place, int], str]:
    """Find each rule's text by its chain's place and its handle."""
    found = ((place, _RULE.match(line)) for place, line in _lines(listing))
    return {(place, int(rule[2])): rule[1].strip() for place, rule in found if rule}


def devices_of(listing: str) -> Mapping[Place, tuple[str, ...]]:
    """Find the devices that chains are bound to."""
    devices = {}
    for place, line in _lines(listing):
        if bound := _DEVICES.search(line):
            names = (bound[1] or bound[2]).split(",")
            devices[place] = tuple(name.strip().strip('"') for name in names)
    return devices


def _lines(listing: str) -> Iterator[tuple[Place, str]]:
    """Give the lines inside chains, each with the chain's place."""
    family = table = chain = ""
    for line in listing.splitlines():
        if opened := _TABLE.match(line):
            family, table = opened.groups()
        elif block := _BLOCK.match(line):
            chain = block[2] if block[1] == "chain" else ""
        elif chain:
            yield (family, table, chain), line
