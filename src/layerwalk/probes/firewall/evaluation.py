"""The way of a packet through the chains, and the rules that would refuse it. Pure.

A rule that can't be decided leaves both ways open; what follows it is then only possible. An accept
ends its base chain alone, a drop ends everything (nft(8), "Verdict statements").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from layerwalk.probes.facts import Certainty, RuleMatch
from layerwalk.probes.firewall.effects import Action, Effect, Verdict
from layerwalk.probes.firewall.expressions import Scene
from layerwalk.probes.firewall.owners import owner_of
from layerwalk.probes.firewall.packet import Packet, Tracking
from layerwalk.probes.firewall.ruleset import Chain, Rule, Ruleset
from layerwalk.probes.firewall.statements import effect_of
from layerwalk.probes.firewall.values import Missing, Tri, Value, all_of


class End(Enum):
    """How a rule or a chain may leave a packet."""

    ON = "on"
    RETURN = "return"
    ACCEPT = "accept"
    DROP = "drop"


_DEEPEST = 16
"""The kernel follows no more jumps (NFT_JUMP_STACK_SIZE)."""

_PLAIN = {
    Action.ACCEPT: {End.ACCEPT},
    Action.RETURN: {End.RETURN},
    Action.CONTINUE: {End.ON},
    Action.QUEUE: {End.ACCEPT, End.DROP},
    Action.ANY: {End.ON, End.ACCEPT, End.DROP},
}


@dataclass(frozen=True)
class _Way:
    """How a packet got to a rule: for certain or not, and through which chains."""

    certain: bool
    chains: tuple[str, ...]

    def sure_if(self, answer: Tri) -> _Way:
        return self if answer and self.certain else replace(self, certain=False)


class Passage:
    """One packet on its way through this machine (``out`` or ``in``).

    ``stage`` names it where it is neither the SYN nor the SYN-ACK. ``matches`` are the rules that
    refuse it; ``undecided`` those that could not be read for sure. ``certain`` stays true while
    every rule could be decided, ``open`` while it may get through, and ``safe`` while it can't but
    do so.
    """

    def __init__(self, ruleset: Ruleset, packet: Packet, direction: str, stage: str = "") -> None:
        self.ruleset = ruleset
        self.packet = packet
        self.direction = direction
        self.stage = stage
        self.matches: list[RuleMatch] = []
        self.undecided: list[Rule] = []
        self.certain = True
        self.open = True
        self.safe = True
        self.translated: Tri = False
        self._touched: frozenset[str] = frozenset()

    def through(self, chain: Chain, *, maybe: bool = False) -> None:
        """Send the packet through a base chain, which perhaps it does not meet at all."""
        certain = self.certain and not maybe
        ends = self._walk(chain, _Way(certain, (chain.place[2],)))
        if End.RETURN in ends:
            alone = certain and ends == {End.RETURN}
            ends = (ends - {End.RETURN}) | {self._by_policy(chain, _Way(alone, ()))}
        if maybe:
            ends |= {End.ACCEPT}
        self.open = self.open and End.ACCEPT in ends
        self.safe = self.safe and End.DROP not in ends
        self.certain = self.certain and len(ends) == 1

    @property
    def gets_through(self) -> Tri:
        """Whether the packet gets through, as far as that can be told."""
        return True if self.safe else None if self.open else False

    def _by_policy(self, chain: Chain, way: _Way) -> End:
        if chain.policy != "drop":
            return End.ACCEPT
        family, table, name = chain.place
        text = f"table {family} {table} chain {name} policy drop"
        policy = Rule(place=chain.place, handle=None, statements=(), text=text)
        self._refuse(policy, "drop", way)
        return End.DROP

    def _walk(self, chain: Chain, way: _Way) -> set[End]:
        ends: set[End] = set()
        for rule in chain.rules:
            found = self._rule(rule, way)
            ends |= found - {End.ON}
            if End.ON not in found:
                return ends
            if len(found) > 1:
                way = way.sure_if(None)
        return ends | {End.RETURN}

    def _rule(self, rule: Rule, way: _Way) -> set[End]:
        answer: Tri = True
        scene = Scene(self.packet, self.ruleset, rule.place, self._touched)
        for statement in rule.statements:
            effect = effect_of(statement, scene)
            if effect.answer is not True:
                answer = effect.answer
                if answer is False:
                    break
            if effect.touches:
                self._apply(effect, certain=answer is True and way.certain)
                scene = Scene(self.packet, self.ruleset, rule.place, self._touched)
            if effect.verdicts is not None:
                verdicts = [(all_of((answer, sure)), it) for sure, it in effect.verdicts]
                return self._ends(rule, verdicts, way)
        return {End.ON}

    def _apply(self, effect: Effect, *, certain: bool) -> None:
        if effect.touched:
            self._touched |= {effect.touched}
        if effect.tracking:
            sure = effect.tracking if certain else Tracking.UNSURE
            self.packet = replace(self.packet, tracking=sure)
        if effect.changes is not None:
            self.change(effect.changes if certain else dict.fromkeys(effect.changes, _UNKNOWN))
            if effect.translates:
                self.translated = True if certain else None

    def change(self, changes: Mapping[str, Value]) -> None:
        """Give the packet other values from here on."""
        self.packet = self.packet.having(changes)

    def _ends(self, rule: Rule, verdicts: list[tuple[Tri, Verdict]], way: _Way) -> set[End]:
        """Follow the verdicts that a rule may come to."""
        ends: set[End] = set()
        for sure, verdict in verdicts:
            ends |= self._follow(rule, verdict, way.sure_if(sure))
        if not any(sure for sure, _ in verdicts):
            ends.add(End.ON)
        if ends != {End.ON} and not all(sure for sure, _ in verdicts):
            self.undecided.append(rule)
        return ends

    def _follow(self, rule: Rule, verdict: Verdict, way: _Way) -> set[End]:
        if verdict.action in {Action.DROP, Action.REJECT}:
            self._refuse(rule, verdict.words, way)
            return {End.DROP}
        if verdict.action not in {Action.JUMP, Action.GOTO}:
            return _PLAIN[verdict.action]
        back = End.ON if verdict.action is Action.JUMP else End.RETURN
        chain = self.ruleset.chains.get((*rule.place[:2], verdict.target))
        if chain is None or len(way.chains) > _DEEPEST:
            self.undecided.append(rule)
            return {End.ON, End.ACCEPT, End.DROP}
        ends = self._walk(chain, replace(way, chains=(*way.chains, verdict.target)))
        return {back if end is End.RETURN else end for end in ends}

    def _refuse(self, rule: Rule, verdict: str, way: _Way) -> None:
        chain = rule.place[2]
        self.matches.append(
            RuleMatch(
                direction=self.direction,
                verdict=verdict,
                certainty=Certainty.EXACT if way.certain else Certainty.POSSIBLE,
                text=rule.text or f"rule {rule.handle} of table {rule.table} chain {chain}",
                table=rule.table,
                chain=chain,
                handle=rule.handle,
                owner=owner_of(self.ruleset, rule.place, way.chains),
                packets=rule.packets,
                stage=self.stage,
            )
        )


_UNKNOWN = Missing.UNKNOWN
