"""What the measurements of the path ask."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

_FIREWALLS = ("firewall-drop", "firewall-reject")
_DEAD = ("path-blackhole", "host-down")
TRACE = Question(
    id=Step.TRACE,
    text="How far does each kind of probe get: ICMP, UDP, and the SYN to the port?",
    why="The first probes are out; where one kind ends and others go on is where to look.",
    choices=(
        Choice(
            id="others-further",
            text="Others get further than the SYN, or to the target.",
            proves="A rule for this port drops it, behind the last hop that reports the SYN.",
            favours=_FIREWALLS,
            disfavours=_DEAD,
        ),
        Choice(
            id="all-end",
            text="All end after the same hop.",
            proves="The path is dead behind that hop, whatever is sent.",
            favours=("path-blackhole", "route-missing-on-path"),
            disfavours=_FIREWALLS,
        ),
        Choice(
            id="loop",
            text="The same routers come up again and again.",
            proves="Two routers send the packets to each other.",
            favours=("routing-loop",),
            disfavours=("path-blackhole", *_FIREWALLS),
        ),
    ),
)
CONTROL_TRACE = Question(
    id=Step.CONTROL_TRACE,
    text="How many hops away is the target, by a port that does answer?",
    why="Another port answers where pings do not; it gives the distance that the path lacks.",
    choices=(
        Choice(
            id="next",
            text="The SYN gets as far as its last router.",
            proves="It is dropped at the target or by that router.",
        ),
        Choice(
            id="short",
            text="The SYN ends well before.",
            proves="It is dropped on the path, far from the target.",
            favours=("firewall-drop",),
            disfavours=("accept-queue-full",),
        ),
    ),
)
PATH_MTU = Question(
    id=Step.PATH_MTU,
    text="Do packets as large as the interface sends get through unfragmented?",
    why="Small packets get through; a connection that opens and then hangs may lose large ones.",
    choices=(
        Choice(
            id="pass",
            text="They do, or a router says 'too big'.",
            proves="Packet size is not the fault.",
            disfavours=("pmtu-blackhole",),
        ),
        Choice(
            id="vanish",
            text="Large ones vanish, and nobody says why.",
            proves="A link is smaller than the ends believe, and its message is dropped.",
            favours=("pmtu-blackhole",),
        ),
    ),
)
