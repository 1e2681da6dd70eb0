"""What a cause is made of, and what it answers when it is asked about a walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Literal

from layerwalk.probes.facts import AS_CLIENT, Role, RuleMatch, Standpoint

if TYPE_CHECKING:
    from layerwalk.diagnosis.address_view import AddressView
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.facts import Fact

Where = Mapping[str, Any]
"""The report's ``where``: ``kind`` and the fields that the catalogue names."""


class Status(StrEnum):
    """What a cause says of itself."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    RULED_OUT = "ruled out"
    UNKNOWN = "unknown"

    @property
    def names_it(self) -> bool:
        """Whether the verdict may name the cause."""
        return self in {Status.CONFIRMED, Status.LIKELY, Status.POSSIBLE}


class Layer(IntEnum):
    """The layers of the catalogue; 0 stands for the machine itself."""

    MACHINE = 0
    PHYSICAL = 1
    LINK = 2
    NETWORK = 3
    TRANSPORT = 4
    SESSION = 5
    PRESENTATION = 6
    APPLICATION = 7


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A connection that a rule of this machine refuses: to whom, and who is at the other end.

    ``address`` and ``port`` are the service's; where ``serves``, this machine's, and ``client`` is
    who wants to come in, or empty for anybody.
    """

    rule: RuleMatch
    address: str
    port: int
    serves: bool = False
    client: str = ""

    @property
    def to_service(self) -> bool:
        """Whether it is the SYN that is refused, not the answer to it."""
        return (self.rule.direction == "in") is self.serves


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A cause's answer.

    ``evidence`` holds the ids that decided. ``missing`` says what was not measured (of ``UNKNOWN``
    all that it is about, of others what they leave out), and ``unlock`` what would make it so.
    ``alternatives`` are ids of causes that the evidence can't tell from this one, ``decide_by`` the
    test that would. ``before`` are those that a program meets only after this one, where that is
    known of this very case; it outweighs what the causes say in general. ``refusal`` is what a rule
    of this machine refuses, for the advice.
    """

    status: Status
    evidence: tuple[str, ...] = ()
    explanation: str = ""
    where: Where = field(default_factory=dict)
    decide_by: str = ""
    alternatives: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    missing: str = ""
    unlock: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One step for a person: where, what, and the command; ``changes_state`` warns."""

    on: Literal["client", "server", "network", "resolver"]
    action: str
    command: str = ""
    changes_state: bool = False


@dataclass(frozen=True, kw_only=True)
class Example:
    """Facts as plain data with what the cause must say of them."""

    name: str
    facts: tuple[Fact, ...]
    expect: Status
    target: str = "198.51.100.10"
    port: int | None = 5432
    timeout_s: float | None = None
    standpoint: Standpoint = AS_CLIENT


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A cause of the catalogue.

    A cause of the whole walk (names) has ``judge_walk``, all others ``judge`` each address.
    ``before`` are the ids that it goes before where both are found. ``roles`` are the ends of the
    connection at which it is asked; ``judge_server`` judges the server's end, where that is done in
    another way, and needs no role besides.
    """

    id: str
    title: str
    layer: Layer
    doc: str
    advise: Callable[[Judgement], tuple[Advice, ...]]
    judge: Callable[[AddressView], Judgement] | None = None
    judge_walk: Callable[[WalkView], Judgement] | None = None
    judge_server: Callable[[AddressView], Judgement] | None = None
    before: tuple[str, ...] = ()
    roles: tuple[Role, ...] = (Role.CLIENT,)
    examples: tuple[Example, ...] = ()

    def judging(self, role: Role) -> Callable[[AddressView], Judgement] | None:
        """What judges an address at this end of the connection; ``None`` where nothing does."""
        if role is Role.SERVER and self.judge_server:
            return self.judge_server
        return self.judge if role in self.roles else None


def ruled_out(evidence: tuple[str, ...], why: str) -> Judgement:
    """Exclude a cause on evidence; without any evidence it stays unknown."""
    if not evidence:
        return unknown(why)
    return Judgement(status=Status.RULED_OUT, evidence=evidence, explanation=why)


def unknown(missing: str, unlock: str = "") -> Judgement:
    """Leave a cause open: nothing that was measured speaks for or against it."""
    return Judgement(status=Status.UNKNOWN, missing=missing, unlock=unlock)


@dataclass(frozen=True, kw_only=True)
class Open:
    """Something that was not checked: an id of the catalogue, why, and what would unlock it."""

    id: str
    why: str
    unlock: str = ""
