"""What the measurements of this machine's limits ask."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

ENVIRONMENT = Question(
    id=Step.ENVIRONMENT,
    text="Is the program told to connect by a proxy?",
    why="It costs the network nothing: what the program was started with says so.",
    choices=(
        Choice(
            id="direct",
            text="No, it connects by itself.",
            proves="What is walked is what the program meets.",
        ),
        Choice(
            id="proxied",
            text="Yes, by a proxy.",
            proves="For http:// and https:// it is the proxy that it connects to.",
        ),
    ),
)
SOURCE_PORTS = Question(
    id=Step.SOURCE_PORTS,
    text="Does this machine have a source port left for a connection to the address and port?",
    why="It costs the network nothing: the kernel counts its own sockets.",
    choices=(
        Choice(
            id="free",
            text="There are many left.",
            proves="The program gets as far as sending its SYN.",
            disfavours=("ephemeral-ports-exhausted",),
        ),
        Choice(
            id="none",
            text='None is: "cannot assign requested address".',
            proves="The connection fails here, before a packet is sent.",
            favours=("ephemeral-ports-exhausted",),
        ),
    ),
)
SOCKETS = Question(
    id=Step.SOCKETS,
    text="How do the program's own sockets to the address and port fare?",
    why="It costs the network nothing: the kernel lists them, with what is set on each.",
    choices=(
        Choice(
            id="waiting",
            text="They wait for an answer to their SYN (SYN_SENT).",
            proves="The program meets the same silence as the walk.",
        ),
        Choice(
            id="connected",
            text="They are connected.",
            proves="What the program meets is not a connection that can't be made.",
        ),
        Choice(
            id="none",
            text="It has none.",
            proves="It does not connect just now, or connects elsewhere.",
        ),
    ),
)
