"""The refusing rules that a connection's packets met, as the fact that is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Certainty, FirewallFact, Outcome, RuleMatch
from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.listing import texts_of
from layerwalk.probes.firewall.reading import Reading, listing_of, read_ruleset
from layerwalk.probes.firewall.ruleset import Place, Rule, Ruleset
from layerwalk.probes.firewall.tools import ToolError, Tools

Texts = Mapping[tuple[Place, int | None], str]


def followed(
    blank: FirewallFact, course: Callable[[Ruleset], Iterator[Passage]], ctx: ProbeContext
) -> FirewallFact:
    """Read the rules, follow the packets through them, and sum up what refuses them."""
    if ctx.cancel.is_set():
        return replace(blank, outcome=Outcome.CANCELLED)
    tools = Tools()
    try:
        reading = read_ruleset(tools)
    except ToolError as error:
        return replace(blank, outcome=_outcome(error), detail=_told(error))
    return _summed(blank, reading, list(course(reading.ruleset)), tools)


def _summed(
    blank: FirewallFact, reading: Reading, found: list[Passage], tools: Tools
) -> FirewallFact:
    matches = [match for passage in found for match in passage.matches]
    # Where a packet is safe, it does not matter what could not be told on its way.
    undecided = [rule for passage in found if not passage.safe for rule in passage.undecided]
    texts = _texts(matches, undecided, reading.ruleset, tools)
    named = [replace(it, text=texts.get(_key(it), it.text)) for it in matches]
    open_ones = [texts.get((it.place, it.handle), _plain(it)) for it in undecided]
    return replace(
        blank,
        matches=_surest(named),
        undecided=(*dict.fromkeys(open_ones), *reading.unread),
        refused=tuple({it.direction: None for it in found if it.gets_through is False}),
        rules=sum(1 for _ in reading.ruleset.rules),
    )


def _texts(
    matches: list[RuleMatch], undecided: list[Rule], ruleset: Ruleset, tools: Tools
) -> Texts:
    """Find the rules' texts: iptables' own, where it keeps them, or nft's."""
    wanted = {_key(it) for it in matches} | {(it.place, it.handle) for it in undecided}
    places = [place for place, handle in wanted if handle is not None]
    rules = (
        rule for place in places if place in ruleset.chains for rule in ruleset.chains[place].rules
    )
    known = {(rule.place, rule.handle): rule.text for rule in rules if rule.text}
    asked = {place for place, handle in wanted if handle is not None} - {it[0] for it in known}
    printed = texts_of(listing_of(asked, tools)) if asked else {}
    return {**{(place, handle): text for (place, handle), text in printed.items()}, **known}


def _key(match: RuleMatch) -> tuple[Place, int | None]:
    family, _, table = match.table.partition(" ")
    return (family, table, match.chain), match.handle


def _plain(rule: Rule) -> str:
    return rule.text or f"rule {rule.handle} of table {rule.table} chain {rule.place[2]}"


def _surest(matches: list[RuleMatch]) -> tuple[RuleMatch, ...]:
    """Name each rule once a direction, as surely as any packet met it; the exact ones first."""
    ranked = sorted(matches, key=lambda match: match.certainty is not Certainty.EXACT)
    once = {(m.direction, m.table, m.chain, m.handle, m.text): m for m in reversed(ranked)}
    return tuple(match for match in ranked if match in once.values())


def _outcome(error: ToolError) -> Outcome:
    if error.missing:
        return Outcome.NOT_RUN
    return Outcome.NOT_PERMITTED if error.not_permitted else Outcome.FAILED


def _told(error: ToolError) -> str:
    return f"{error} (package nftables)" if error.missing else str(error)
