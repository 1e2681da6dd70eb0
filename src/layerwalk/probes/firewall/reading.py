"""The rule set as the kernel has it, asked through nft, iptables and ipset. Changes nothing.

Needs CAP_NET_ADMIN in the network namespace of the calling thread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from layerwalk.probes.firewall.ipsets import ipsets_of
from layerwalk.probes.firewall.iptables import ruleset_of_save
from layerwalk.probes.firewall.listing import devices_of, texts_of
from layerwalk.probes.firewall.ruleset import Chain, Place, Rule, Ruleset, ruleset_of
from layerwalk.probes.firewall.tools import ToolError, Tools

# Of the thread, not of the process: threads may be in other namespaces.
_LEGACY_TABLES = {
    "ip": Path("/proc/thread-self/net/ip_tables_names"),
    "ip6": Path("/proc/thread-self/net/ip6_tables_names"),
}
_SAVE = {"ip": "iptables", "ip6": "ip6tables"}
_OF_IPTABLES = frozenset({"filter", "nat", "mangle", "raw", "security"})
_WITHOUT_JSON = re.compile(r"JSON support|(invalid|unrecognized) option", re.IGNORECASE)
_DEVICE_HOOKS = frozenset({"ingress", "egress"})
_FEW = 6
LEGACY = " (legacy)"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A rule set, and what could not be read of it."""

    ruleset: Ruleset
    unread: tuple[str, ...] = field(default=())


def read_ruleset(tools: Tools) -> Reading:
    """Read everything. ``ToolError`` where nothing can be read at all."""
    unread: list[str] = []
    try:
        ruleset = _translated(_named(_of_nft(tools), tools), tools)
    except ToolError as error:
        ruleset = _without_nft(error, tools)
        unread.append(f"nft's own tables ({error})")
    for family in legacy_families():
        try:
            legacy = _legacy(family, tools)
        except ToolError as error:
            unread.append(f"the tables of {_SAVE[family]}-legacy ({error})")
        else:
            ruleset = replace(ruleset, chains={**ruleset.chains, **legacy.chains})
    ruleset, sets = _with_ipsets(ruleset, tools)
    return Reading(ruleset=ruleset, unread=(*unread, *sets))


def _of_nft(tools: Tools) -> Ruleset:
    text = tools.run(["nft", "-j", "list", "ruleset"])
    try:
        ruleset = ruleset_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        words = f"nft's answer can't be read: {error}"
        raise ToolError(words) from error
    return replace(ruleset, chains=_awake(ruleset, tools))


def _awake(ruleset: Ruleset, tools: Tools) -> dict[Place, Chain]:
    """Leave tables out that are dormant, which not every nft tells in its JSON (nft(8), "Tables").

    Of a table with flags it may print another word; what it prints for people is right.
    """
    asleep = set()
    for family, table in ruleset.flagged:
        listed = tools.run(["nft", "-t", "list", "table", family, table])
        if re.search(r"^\tflags .*dormant", listed, re.MULTILINE):
            asleep.add((family, table))
    return {place: it for place, it in ruleset.chains.items() if place[:2] not in asleep}


def _without_nft(error: ToolError, tools: Tools) -> Ruleset:
    """Read at least the rules of iptables, where nft is missing or too old for JSON."""
    if not error.missing and not _WITHOUT_JSON.search(str(error)):
        raise error
    chains: dict[Place, Chain] = {}
    for family, name in _SAVE.items():
        try:
            saved = tools.run([f"{name}-save", "-c"])
        except ToolError as second:
            raise error from second
        if "(nf_tables)" in saved:
            chains |= ruleset_of_save(saved, family).chains
    return Ruleset(chains=chains)


def _named(ruleset: Ruleset, tools: Tools) -> Ruleset:
    """Add the devices of chains at devices, which not every nft has in its JSON."""
    unnamed = [it for it in ruleset.chains.values() if it.hook in _DEVICE_HOOKS and not it.devices]
    if not unnamed:
        return ruleset
    try:
        devices = devices_of(tools.run(["nft", "list", "chains"]))
    except ToolError:
        return ruleset
    named = {it.place: replace(it, devices=devices.get(it.place, ())) for it in unnamed}
    return replace(ruleset, chains={**ruleset.chains, **named})


def legacy_families() -> tuple[str, ...]:
    """The families that have tables of iptables-legacy in this network."""
    found = []
    for family, names in _LEGACY_TABLES.items():
        with suppress(OSError):
            if names.read_text(encoding="ascii", errors="replace").split():
                found.append(family)
    return tuple(found)


def rule_texts() -> Mapping[tuple[Place, int], str]:
    """Ask for the rules as nft prints them, without counts; empty where it does not."""
    return texts_of(listing_of(None, Tools()))


def _legacy(family: str, tools: Tools) -> Ruleset:
    try:
        saved = tools.run([f"{_SAVE[family]}-legacy-save", "-c"])
    except ToolError as error:
        if not error.missing:
            raise
        saved = tools.run([f"{_SAVE[family]}-save", "-c"])  # before there were two of them
        if "(nf_tables)" in saved:
            raise
    return ruleset_of_save(saved, family, suffix=LEGACY)


def _with_ipsets(ruleset: Ruleset, tools: Tools) -> tuple[Ruleset, list[str]]:
    if not any("ipset" in it for rule in ruleset.rules for it in rule.statements):
        return ruleset, []
    try:
        return replace(ruleset, ipsets=ipsets_of(tools.run(["ipset", "save"]))), []
    except ToolError as error:
        return ruleset, [f"the sets of ipset ({error})"]


def _opaque(rule: Rule) -> bool:
    return any(isinstance(it, dict) and "xt" in it for it in rule.statements)


def _translated(ruleset: Ruleset, tools: Tools) -> Ruleset:
    """Put iptables' own reading of its rules where nft shows them as opaque."""
    chains = dict(ruleset.chains)
    for family, name in _SAVE.items():
        if not any(_is_iptables(it) for it in ruleset.chains.values() if it.place[0] == family):
            continue
        try:
            saved = ruleset_of_save(tools.run([f"{name}-nft-save"]), family)
        except ToolError:
            continue
        for place, chain in saved.chains.items():
            if place in chains:
                chains[place] = _with_statements(chains[place], chain)
    return replace(ruleset, chains=chains)


def _is_iptables(chain: Chain) -> bool:
    own = chain.place[1] in _OF_IPTABLES and (chain.place[2].isupper() or not chain.hook)
    return (own and bool(chain.rules)) or any(_opaque(rule) for rule in chain.rules)


def _with_statements(chain: Chain, saved: Chain) -> Chain:
    """Take over text and statements, rule by rule; both listings have them in the same order."""
    if len(chain.rules) != len(saved.rules):
        return chain
    pairs = zip(chain.rules, saved.rules, strict=True)
    return replace(chain, rules=tuple(_with_text(rule, it) for rule, it in pairs))


def _with_text(rule: Rule, saved: Rule) -> Rule:
    statements = saved.statements if _opaque(rule) else rule.statements
    return replace(rule, statements=statements, text=saved.text, counted=rule.packets)


def listing_of(places: set[Place] | None, tools: Tools) -> str:
    """Have nft print chains, or all where there are many or none named; empty where it does not."""
    commands = [["list", "chain", *place] for place in sorted(places or ())]
    if places is None or len(commands) > _FEW:
        commands = [["list", "ruleset"]]
    try:
        return "".join(tools.run(["nft", "-a", "-s", *words]) for words in commands)
    except ToolError:
        return ""
