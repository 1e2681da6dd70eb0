"""What a statement of a rule may do to a packet, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from layerwalk.probes.firewall.packet import Tracking
from layerwalk.probes.firewall.values import Tri, Value


class Action(Enum):
    """What a verdict does; ``ANY`` stands for one that can't be read."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    RETURN = "return"
    CONTINUE = "continue"
    JUMP = "jump"
    GOTO = "goto"
    QUEUE = "queue"
    ANY = "any"


@dataclass(frozen=True)
class Verdict:
    """A verdict; ``target`` is a chain, ``words`` how a refusal is told."""

    action: Action
    target: str = ""
    words: str = ""


@dataclass(frozen=True)
class Effect:
    """Whether the packet goes on through the rule, changed perhaps, or meets verdicts here.

    ``touched`` is a set whose elements are not known any more; ``translates`` says that what is
    changed is an end of the connection.
    """

    answer: Tri = True
    changes: Mapping[str, Value] | None = None
    tracking: Tracking | None = None
    verdicts: tuple[tuple[Tri, Verdict], ...] | None = None
    touched: str = ""
    translates: bool = False

    @property
    def touches(self) -> bool:
        """Whether anything is another way after it."""
        return bool(self.touched or self.tracking) or self.changes is not None


ANSWERS: Mapping[Tri, Effect] = {answer: Effect(answer) for answer in (True, False, None)}
"""The effects of statements that only match."""

UNREADABLE = Effect(verdicts=((None, Verdict(Action.ANY)),))
"""What a statement may do that nobody can read: everything."""
