"""The way of a packet through the chains, and the rules that would refuse it. Pure.

A rule that can't be decided leaves both ways open; what follows it is then only possible. An accept
ends its base chain alone, a drop ends everything (nft(8), "Verdict statements").
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import partial
from typing import Any

from layerwalk.probes.facts import Certainty, RuleMatch
from layerwalk.probes.firewall.membership import Tri, all_of
from layerwalk.probes.firewall.packet import Packet
from layerwalk.probes.firewall.ruleset import Chain, Place, Rule, Ruleset
from layerwalk.probes.firewall.statements import Action, Verdict, effect_of


class End(Enum):
    """How a rule or a chain may leave a packet."""

    ON = "on"
    RETURN = "return"
    ACCEPT = "accept"
    DROP = "drop"


_DEEPEST = 16
"""The kernel follows no more jumps (NFT_JUMP_STACK_SIZE)."""

_CONNTRACK_PRIORITY = -200
_DEVICE_HOOKS = frozenset({"ingress", "egress"})
_FAMILIES = {4: frozenset({"ip", "inet"}), 6: frozenset({"ip6", "inet"})}


class Passage:
    """One packet on its way through the hooks of one direction (``out`` or ``in``).

    ``matches`` are the rules that refuse it; ``undecided`` those that could not be read for sure.
    """

    def __init__(self, ruleset: Ruleset, packet: Packet, direction: str) -> None:
        self._ruleset = ruleset
        self._packet = packet
        self._direction = direction
        self.matches: list[RuleMatch] = []
        self.undecided: list[Rule] = []

    def go(self, hooks: Iterable[str], *, translated: bool) -> None:
        """Send it through hooks; chains of kind ``nat`` see only a connection's first packet."""
        certain = True
        for chain in (chain for hook in hooks for chain in self._at(hook)):
            if (chain.kind == "nat" and not translated) or self._elsewhere(chain):
                continue
            ends = self._through(chain, certain=certain)
            if End.ACCEPT not in ends:
                return
            certain = certain and End.DROP not in ends

    def _at(self, hook: str) -> list[Chain]:
        own = _FAMILIES[self._packet.version]
        return self._ruleset.at(hook, own | ({"netdev"} if hook in _DEVICE_HOOKS else set()))

    def _elsewhere(self, chain: Chain) -> bool:
        device = self._packet.get("meta", "iifname") or self._packet.get("meta", "oifname")
        return bool(chain.devices) and device not in chain.devices

    def _through(self, chain: Chain, *, certain: bool) -> set[End]:
        """Go through a base chain: the packet is accepted there, dropped, or perhaps either."""
        # The device is not in every nft's listing: then it may be another one.
        maybe = chain.hook in _DEVICE_HOOKS and not chain.devices
        certain = certain and not maybe
        tracked = self._packet.get("ct", "state"), self._packet.get("ct", "direction")
        early = chain.priority <= _CONNTRACK_PRIORITY or chain.hook == "ingress"
        if early:
            self._packet = self._packet.forget("ct state", "ct direction")
        ends = self._walk(chain, certain=certain, depth=0)
        if early and self._packet.get("ct", "notrack") == 0:
            self._packet = self._packet.with_fields(ct_state=tracked[0], ct_direction=tracked[1])
        if End.RETURN in ends:
            alone = ends == {End.RETURN}
            ends = (ends - {End.RETURN}) | {self._by_policy(chain, certain=certain and alone)}
        return ends | {End.ACCEPT} if maybe else ends

    def _by_policy(self, chain: Chain, *, certain: bool) -> End:
        if chain.policy != "drop":
            return End.ACCEPT
        family, table, name = chain.place
        text = f"table {family} {table} chain {name} policy drop"
        policy = Rule(place=chain.place, handle=None, statements=(), text=text)
        self._refuse(policy, "drop", certain=certain)
        return End.DROP

    def _walk(self, chain: Chain, *, certain: bool, depth: int) -> set[End]:
        ends: set[End] = set()
        for rule in chain.rules:
            found = self._rule(rule, certain=certain, depth=depth)
            ends |= found - {End.ON}
            if End.ON not in found:
                return ends
            certain = certain and found == {End.ON}
        return ends | {End.RETURN}

    def _rule(self, rule: Rule, *, certain: bool, depth: int) -> set[End]:
        answer: Tri = True
        for statement in rule.statements:
            effect = effect_of(statement, self._packet, partial(self._elements, rule.place))
            answer = all_of((answer, effect.answer))
            if answer is False:
                break
            self._packet = effect.changed or self._packet
            if effect.verdicts is not None:
                verdicts = [(all_of((answer, sure)), it) for sure, it in effect.verdicts]
                return self._ends(rule, verdicts, certain=certain, depth=depth)
        return {End.ON}

    def _ends(
        self, rule: Rule, verdicts: list[tuple[Tri, Verdict]], *, certain: bool, depth: int
    ) -> set[End]:
        """Follow the verdicts that a rule may come to."""
        ends: set[End] = set()
        for sure, verdict in verdicts:
            ends |= self._follow(rule, verdict, certain=certain and sure is True, depth=depth)
        if not any(sure for sure, _ in verdicts):
            ends.add(End.ON)
        if ends != {End.ON} and not all(sure for sure, _ in verdicts):
            self.undecided.append(rule)
        return ends

    def _follow(self, rule: Rule, verdict: Verdict, *, certain: bool, depth: int) -> set[End]:
        if verdict.action in {Action.DROP, Action.REJECT}:
            self._refuse(rule, verdict.words, certain=certain)
            return {End.DROP}
        if verdict.action in {Action.JUMP, Action.GOTO}:
            back = End.ON if verdict.action is Action.JUMP else End.RETURN
            chain = self._ruleset.chains.get((*rule.place[:2], verdict.target))
            if chain is None or depth >= _DEEPEST:
                self.undecided.append(rule)
                return {End.ON, End.ACCEPT, End.DROP}
            ends = self._walk(chain, certain=certain, depth=depth + 1)
            return {back if end is End.RETURN else end for end in ends}
        if verdict.action is Action.ANY:
            return {End.ON, End.ACCEPT, End.DROP}
        return {End.ACCEPT if verdict.action is Action.ACCEPT else End.RETURN}

    def _refuse(self, rule: Rule, verdict: str, *, certain: bool) -> None:
        chain = rule.place[2]
        self.matches.append(
            RuleMatch(
                direction=self._direction,
                verdict=verdict,
                certainty=Certainty.EXACT if certain else Certainty.POSSIBLE,
                text=rule.text or f"rule {rule.handle} of table {rule.owner} chain {chain}",
                table=rule.owner,
                chain=chain,
                handle=rule.handle,
            )
        )

    def _elements(self, place: Place, name: str) -> tuple[Any, ...] | None:
        return self._ruleset.sets.get((*place[:2], name))
