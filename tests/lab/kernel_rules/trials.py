"""Connections that are tried, between whom, and what the kernel and the matcher made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from layerwalk.probes.facts import Certainty
from layerwalk.probes.firewall.evaluation import Passage

PORTS = (22, 80, 443, 5432, 8080)
OWN = {4: ("192.0.2.1", "192.0.2.11"), 6: ("2001:db8::1", "2001:db8::11")}
THEIRS = {
    4: ("192.0.2.2", "198.51.100.9", "203.0.113.5"),
    6: ("2001:db8::2", "2001:db8:1::9", "2001:db8:2::5"),
}
LOOPBACK = {4: "127.0.0.1", 6: "::1"}

Commands = list[tuple[list[str], str]]
"""Tools, and what each is given to read."""

Named = tuple[str, str, int | None, str]
"""A rule by its table, chain, handle and text."""


@dataclass(frozen=True)
class Case:
    """A connection: ``out`` to the peer, ``in`` from it, or on the ``lo`` interface.

    ``hides`` what the matcher is not told: the source's ``port``, or the whole ``client``.
    """

    way: str
    version: int
    source: str
    destination: str
    port: int
    mark: int = 0
    hides: str = ""


@dataclass(frozen=True)
class Found:
    """How far the kernel let a connection come, and what the matcher says of each stage."""

    case: Case
    truth: tuple[bool, ...]
    passages: tuple[Passage, ...]
    counts: Mapping[Named, int | None]

    @property
    def said(self) -> tuple[bool | None, ...]:
        """For each packet that came into being: through, refused, or undecided."""
        return tuple(it.gets_through for it in self.passages[: len(self.truth)])

    @property
    def exact(self) -> bool:
        """Whether all was decided that the kernel decided."""
        return None not in self.said

    @property
    def differs(self) -> bool:
        """Whether something was said for sure that is not so, or another rule did it."""
        return self.uncounted or any(
            said is not None and said is not true
            for said, true in zip(self.said, self.truth, strict=True)
        )

    @property
    def refusals(self) -> list[str]:
        """The rules that we say refuse it."""
        return [f"{m.certainty} {m.table} {m.text}" for it in self.passages for m in it.matches]

    @property
    def uncounted(self) -> bool:
        """Whether the rule that is said to refuse the last packet has never met one."""
        last = self.passages[len(self.truth) - 1]
        sure = [it for it in last.matches if it.certainty is Certainty.EXACT]
        rule = next(iter(sure), None)
        if self.truth[-1] or last.gets_through is not False or rule is None:
            return False
        return self.counts.get((rule.table, rule.chain, rule.handle, rule.text)) == 0
