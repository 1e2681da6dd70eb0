"""From a trace's events to the rules that refused a packet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from layerwalk.probes.facts import Certainty, RuleMatch
from layerwalk.probes.firewall.ruleset import Place
from layerwalk.probes.rule_trace.netlink import Event, Kind, Verdict

_REFUSING = {Verdict.DROP: "drop", Verdict.QUEUE: "queue", Verdict.STOLEN: "drop"}
_CODE = 0xFF
"""The rest of a verdict of NF_QUEUE is the queue's number."""


@dataclass
class Reading:
    """A trace as it grows; ``own`` names the table that has it made, which refuses nothing."""

    own: str
    events: list[Event] = field(default_factory=list)

    def take(self, events: Iterable[Event]) -> None:
        """Take in more of it."""
        self.events += events

    @property
    def seen(self) -> set[str]:
        """The directions in which a packet came to the rules."""
        return {direction for direction, _ in self._directed()}

    @property
    def refused(self) -> bool:
        """Whether some packet came to its end."""
        return any(_refuses(event) for event in self.events)

    @property
    def passed(self) -> tuple[str, ...]:
        """The chains that packets were in, but for our own, in their order."""
        names = (f"{it.family} {it.table} {it.chain}" for it in self.events if it.table != self.own)
        return tuple(dict.fromkeys(names))

    def matches(self, texts: Mapping[tuple[Place, int], str]) -> tuple[RuleMatch, ...]:
        """The rules that refused, once each; ``texts`` are those of all rules."""
        found = [
            _match(direction, event, texts)
            for direction, event in self._directed()
            if _refuses(event)
        ]
        return tuple(dict.fromkeys(found))

    def _directed(self) -> Iterable[tuple[str, Event]]:
        """Each event with the way its packet goes: what has come in by a device goes ``in``."""
        ways: dict[int, str] = {}
        for event in self.events:
            if event.incoming is not None:
                ways[event.packet] = "in" if event.incoming else "out"
            yield ways.get(event.packet, "out"), event


def _refuses(event: Event) -> bool:
    decides = event.kind in {Kind.RULE, Kind.POLICY}
    return decides and event.verdict >= 0 and event.verdict & _CODE in _REFUSING


def _match(direction: str, event: Event, texts: Mapping[tuple[Place, int], str]) -> RuleMatch:
    place = (event.family, event.table, event.chain)
    owner, verdict = f"{event.family} {event.table}", _REFUSING[Verdict(event.verdict & _CODE)]
    if event.kind == Kind.POLICY or event.handle is None:
        text, handle = f"table {owner} chain {event.chain} policy {verdict}", None
    else:
        handle = event.handle
        text = texts.get((place, handle), f"rule {handle} of table {owner} chain {event.chain}")
    return RuleMatch(
        direction=direction,
        verdict="reject" if "reject" in text.split() else verdict,
        certainty=Certainty.EXACT,
        text=text,
        table=owner,
        chain=event.chain,
        handle=handle,
    )
