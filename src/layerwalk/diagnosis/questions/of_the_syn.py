"""What the measurements ask that compare SYNs with each other."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

SYN_OPTIONS = Question(
    id=Step.SYN_OPTIONS,
    text="Does it matter to the port which TCP options or flags a SYN carries?",
    why="Some firewalls drop SYNs with timestamps, ECN flags and the like; plain ones would pass.",
    choices=(
        Choice(
            id="plain-passes",
            text="A SYN without options is answered, one with them is not.",
            proves="Something on the way, or the target, drops what carries that option.",
            favours=("syn-option-dropped",),
            disfavours=("firewall-drop", "path-blackhole", "host-down"),
        ),
        Choice(
            id="alike",
            text="All of them fare alike.",
            proves="It is not the options.",
            disfavours=("syn-option-dropped",),
        ),
    ),
)
