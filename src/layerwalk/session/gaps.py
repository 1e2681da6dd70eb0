"""What a walk did not check, put together by what would unlock it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.session.report import NotChecked, Verdict

_WALK, _LONGER, _PORTLESS, _NAME = "layerwalk diagnose ", "--budget", ":PORT", "name it "


@dataclass(frozen=True)
class Gap:
    """Things that were not checked, and the one way to all of them: in words, and the command."""

    members: tuple[NotChecked, ...]
    lead: str = ""
    command: str = ""

    @property
    def unlock(self) -> str:
        """The way there in one line; empty where none is known."""
        return f"{self.lead}: {self.command}" if self.command else self.lead


def gaps(verdict: Verdict) -> Iterator[Gap]:
    """Give what was not checked, in the order of the verdict.

    A walk like this one would stop at the same fault again: that has to be mended before.
    """
    together: dict[str, list[NotChecked]] = {}
    for one in verdict.not_checked:
        together.setdefault(one.unlock, []).append(one)
    for unlock, members in together.items():
        in_the_way = bool(verdict.causes) and _is_the_same_walk(unlock)
        lead = "once what is in the way is mended" if in_the_way else "to look there"
        told = (unlock, "") if unlock.startswith(_NAME) or not unlock else (lead, unlock)
        yield Gap(tuple(members), *told)


def _is_the_same_walk(unlock: str) -> bool:
    return unlock.startswith(_WALK) and _LONGER not in unlock and not unlock.endswith(_PORTLESS)
