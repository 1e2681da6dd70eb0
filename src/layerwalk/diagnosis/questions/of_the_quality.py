"""What the measurements ask that tell how well packets get through."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

CONNECT_AGAIN = Question(
    id=Step.CONNECT_AGAIN,
    text="How long does a second connection take, now that every neighbour on the way is known?",
    why="The first one was slow; it may have waited for a neighbour, or for a lost SYN.",
    choices=(
        Choice(
            id="slow",
            text="As long as the first.",
            proves="Connecting takes that long, each time.",
            favours=("connect-timeout-too-short", "high-latency"),
        ),
        Choice(
            id="quick",
            text="Far less.",
            proves="The first one was held up once; round trips are short.",
            favours=("packet-loss",),
            disfavours=("connect-timeout-too-short", "high-latency"),
        ),
    ),
)
LOSS = Question(
    id=Step.LOSS,
    text="Of a sample of echoes and SYNs, how many stay unanswered?",
    why="The target answers; lost packets would make it answer late, or only sometimes.",
    choices=(
        Choice(
            id="none",
            text="None, or hardly any.",
            proves="Packets get through; time is lost elsewhere.",
            disfavours=("packet-loss",),
        ),
        Choice(
            id="both",
            text="Many, of both kinds.",
            proves="The path loses packets, whatever they are.",
            favours=("packet-loss",),
        ),
        Choice(
            id="echoes",
            text="Many echoes, and no SYNs.",
            proves="Somebody limits pings; connections do not suffer.",
            disfavours=("packet-loss",),
        ),
    ),
)
HOP_LOSS = Question(
    id=Step.HOP_LOSS,
    text="Which hops lose packets, too?",
    why="Packets are lost; the first hop that loses as many as the target does tells where.",
    choices=(
        Choice(
            id="from-a-hop-on",
            text="All from one hop on.",
            proves="The loss begins on the link in front of that hop.",
            favours=("packet-loss",),
        ),
        Choice(
            id="none",
            text="None of them.",
            proves="The loss begins behind the last router: at the target or on its link.",
            favours=("packet-loss",),
        ),
    ),
)
