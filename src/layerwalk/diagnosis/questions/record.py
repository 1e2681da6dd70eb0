"""What a question and its answers are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer: what it says, what it would prove, and the causes that it is for and against.

    A choice that is for and against nothing is an honest "I don't know", or proves nothing.
    """

    id: str
    text: str
    proves: str
    favours: tuple[str, ...] = ()
    disfavours: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with all its answers, and why it is asked."""

    id: str
    text: str
    why: str
    choices: tuple[Choice, ...]

    def choice(self, identifier: str) -> Choice | None:
        """The answer of this id, if it has one."""
        return next((one for one in self.choices if one.id == identifier), None)
