"""The rule set as the kernel has it, asked through nft and iptables. Changes nothing.

Needs CAP_NET_ADMIN in the network namespace of the calling thread.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from layerwalk.probes.firewall.iptables import ruleset_of_save
from layerwalk.probes.firewall.listing import texts_of
from layerwalk.probes.firewall.ruleset import Chain, Place, Rule, Ruleset, ruleset_of

PATIENCE_S = 2.0
_SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")
# Of the thread, not of the process: threads may be in other namespaces.
_LEGACY_TABLES = {
    "ip": Path("/proc/thread-self/net/ip_tables_names"),
    "ip6": Path("/proc/thread-self/net/ip6_tables_names"),
}
_SAVE = {"ip": "iptables", "ip6": "ip6tables"}


class ToolError(Exception):
    """A tool that said no, took too long, or is not there (``missing``)."""

    def __init__(self, words: str, *, missing: bool = False, not_permitted: bool = False) -> None:
        super().__init__(words)
        self.missing = missing
        self.not_permitted = not_permitted


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A rule set, and what could not be read of it."""

    ruleset: Ruleset
    unread: tuple[str, ...] = field(default=())


def read_ruleset() -> Reading:
    """Read everything. ``ToolError`` where nft can't be asked at all."""
    ruleset = ruleset_of(_json(run(["nft", "-j", "list", "ruleset"])))
    if any(_opaque(rule) for rule in ruleset.rules):
        ruleset = _translated(ruleset)
    unread = []
    for family in legacy_families():
        command = f"{_SAVE[family]}-legacy-save"
        try:
            legacy = ruleset_of_save(run([command]), family, suffix=" (legacy)")
        except ToolError as error:
            unread.append(f"the tables of {_SAVE[family]}-legacy ({error})")
        else:
            ruleset = replace(ruleset, chains={**ruleset.chains, **legacy.chains})
    return Reading(ruleset=ruleset, unread=tuple(unread))


def legacy_families() -> tuple[str, ...]:
    """The families that have tables of iptables-legacy in this network."""
    return tuple(family for family, names in _LEGACY_TABLES.items() if _text(names).split())


def rule_texts() -> Mapping[tuple[Place, int], str]:
    """Ask for the rules as nft prints them, without counts; empty where it does not."""
    try:
        return texts_of(run(["nft", "-a", "-s", "list", "ruleset"]))
    except ToolError:
        return {}


def run(command: list[str]) -> str:
    """Run a tool that only reads. ``ToolError`` where it fails."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_FOLDERS])
    environment = {**os.environ, "PATH": path, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError as error:
        raise ToolError(f"{command[0]} is not installed", missing=True) from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{command[0]} took longer than {PATIENCE_S:g} s") from error
    except OSError as error:
        raise ToolError(f"{command[0]}: {error}", not_permitted=True) from error
    if done.returncode:
        words = " ".join(done.stderr.decode(errors="replace").split())
        denied = "not permitted" in words or "ermission denied" in words
        raise ToolError(words or f"{command[0]} failed", not_permitted=denied)
    return done.stdout.decode(errors="replace")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ToolError(f"nft's answer can't be read: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _opaque(rule: Rule) -> bool:
    return any(isinstance(it, dict) and "xt" in it for it in rule.statements)


def _translated(ruleset: Ruleset) -> Ruleset:
    """Put iptables' own reading of its rules where nft shows them as opaque."""
    families = {rule.place[0] for rule in ruleset.rules if _opaque(rule)} & set(_SAVE)
    chains = dict(ruleset.chains)
    for family in sorted(families):
        try:
            saved = ruleset_of_save(run([f"{_SAVE[family]}-nft-save"]), family)
        except ToolError:
            continue
        for place, chain in saved.chains.items():
            if place in chains:
                chains[place] = _with_statements(chains[place], chain)
    return replace(ruleset, chains=chains)


def _with_statements(chain: Chain, saved: Chain) -> Chain:
    """Take over the statements, rule by rule; both listings have them in the same order."""
    if len(chain.rules) != len(saved.rules):
        return chain
    pairs = zip(chain.rules, saved.rules, strict=True)
    return replace(
        chain, rules=tuple(replace(rule, statements=it.statements) for rule, it in pairs)
    )
