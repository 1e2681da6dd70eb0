"""The words that the screens use for what a report says in codes, each with its sign."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.tui.lettering import Sign


@dataclass(frozen=True)
class Word:
    """A word, its sign, and what it says (in the help)."""

    word: str
    sign: Sign
    says: str = ""


STATUSES = {
    "running": Word("running", Sign.RUNNING, "under way, an answer is waited for"),
    "answered": Word("answered", Sign.GOOD, "an answer came"),
    "answered_by_person": Word("you said", Sign.GOOD, "a person answered it"),
    "refused": Word("refused", Sign.BAD, "the asked machine itself said no"),
    "silent": Word("silent", Sign.BAD, "asked, and no answer of any kind came"),
    "unreachable": Word("unreachable", Sign.BAD, "a router or this machine found no way there"),
    "rejected": Word("rejected", Sign.BAD, "something in between said no"),
    "not_permitted": Word("not permitted", Sign.OPEN, "not measured: the rights are missing"),
    "cancelled": Word("cancelled", Sign.OPEN, "not measured to the end: the walk ended first"),
    "not_run": Word("not run", Sign.OPEN, "not measured"),
    "failed": Word("probe failed", Sign.BROKEN, "a defect of layerwalk; its details are kept"),
}
OUTCOMES = {
    "fault": Word("FAULT FOUND", Sign.BAD),
    "healthy": Word("NO FAULT FOUND", Sign.GOOD),
    "inconclusive": Word("INCONCLUSIVE", Sign.OPEN),
}
FATES = {
    "answered": Word("answered", Sign.GOOD),
    "passed": Word("passed", Sign.NONE, "the SYN got further; the hop said nothing of it"),
    "silent": Word("silent", Sign.NONE),
    "rejected": Word("rejected", Sign.BAD),
    "": Word("", Sign.NONE),
}
ENDINGS = {
    "done": "",
    "interrupted": "stopped early; the verdict rests on what was measured until then",
    "broken-off": "broke off; the verdict rests on what was measured until then",
    "budget": "out of time; the verdict rests on what was measured until then",
}


def status_word(status: str) -> Word:
    """Give the word for a probe's status; one that is not known is shown as it is."""
    return STATUSES.get(status) or Word(status.replace("_", " "), Sign.OPEN)
