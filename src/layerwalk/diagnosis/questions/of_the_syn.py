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
SYN_PACE = Question(
    id=Step.SYN_PACE,
    text="Are SYNs answered by how fast they come, by when they come, or by chance?",
    why="Some SYNs to the port were answered and others were not.",
    choices=(
        Choice(
            id="slow-ones-pass",
            text="The first of a burst and all slow ones are answered, the rest is not.",
            proves="Something counts SYNs and drops those beyond a rate.",
            favours=("syn-rate-limited",),
            disfavours=("packet-loss", "accept-queue-full"),
        ),
        Choice(
            id="now-and-then",
            text="For a while all are answered, then for a while none.",
            proves="The service takes its connections too slowly: its queue is full at times.",
            favours=("accept-queue-full",),
            disfavours=("packet-loss", "syn-rate-limited"),
        ),
        Choice(
            id="by-chance",
            text="Any of them may get lost, however fast they come.",
            proves="Packets get lost on the way.",
            favours=("packet-loss",),
            disfavours=("syn-rate-limited", "accept-queue-full"),
        ),
    ),
)
HANDSHAKE = Question(
    id=Step.HANDSHAKE,
    text="Does the target, too, think the connection made?",
    why="This machine does; a full listen queue would have dropped the last ACK.",
    choices=(
        Choice(
            id="made",
            text="It does.",
            proves="The connection waits to be accepted, or is accepted already.",
            disfavours=("accept-queue-full",),
        ),
        Choice(
            id="repeats",
            text="It sends its SYN-ACK again and again.",
            proves="It drops our last ACK: its queue is full.",
            favours=("accept-queue-full",),
        ),
    ),
)
STRAY_ACK = Question(
    id=Step.STRAY_ACK,
    text="Does the silent port reset an ACK that belongs to no connection?",
    why="The port is silent to SYNs; the target's own TCP would reset such an ACK all the same.",
    choices=(
        Choice(
            id="resets",
            text="It resets it.",
            proves="The target's TCP is reached: SYNs alone are dropped, by a rule or a queue.",
            favours=("accept-queue-full",),
        ),
        Choice(
            id="silent",
            text="It is silent, and another port resets such ACKs.",
            proves="A rule keeps the whole port from us.",
            favours=("firewall-drop",),
            disfavours=("accept-queue-full",),
        ),
    ),
)
