"""What the measurements of the target itself ask."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

_FIREWALLS = ("firewall-drop", "firewall-reject")
_DEAD = ("path-blackhole", "host-down")
_WITH_A_WAY_OUT = "There is a way out, so packets can be sent; this needs no other result."
ECHO = Question(
    id=Step.ECHO,
    text="Does the target answer a ping (ICMP echo)?",
    why=_WITH_A_WAY_OUT,
    choices=(
        Choice(
            id="answers",
            text="It answers.",
            proves="The machine is up and the path works both ways: a silent port is a port's "
            "matter.",
            favours=_FIREWALLS,
            disfavours=_DEAD,
        ),
        Choice(
            id="silent",
            text="It does not.",
            proves="Little: many machines ignore pings. Other probes must tell.",
        ),
    ),
)
PORTS = Question(
    id=Step.PORTS,
    text="In which state are the ports that were asked for?",
    why="They were named with --ports; the verdict is about the target and needs no answer here.",
    choices=(Choice(id="known", text="I know them.", proves="Nothing: no verdict rests on them."),),
)
SYN = Question(
    id=Step.SYN,
    text="What does a SYN to the port meet: a SYN-ACK, a reset, an ICMP error, or silence?",
    why=_WITH_A_WAY_OUT,
    choices=(
        Choice(
            id="open",
            text="A SYN-ACK.",
            proves="The port is open; time is lost elsewhere, or on this side.",
        ),
        Choice(
            id="closed",
            text="A reset.",
            proves="The target is there and nothing listens, or somebody resets in its name.",
            favours=("port-closed",),
            disfavours=("firewall-drop", *_DEAD),
        ),
        Choice(
            id="rejected",
            text="An ICMP error.",
            proves="A router or firewall refuses, and the error names who.",
            favours=("firewall-reject",),
            disfavours=("firewall-drop", "port-closed"),
        ),
        Choice(
            id="silent",
            text="Silence.",
            proves="It, or its answer, is dropped on the way: the path must show where.",
            favours=("firewall-drop", "path-blackhole"),
            disfavours=("port-closed", "firewall-reject"),
        ),
    ),
)
SYN_AGAIN = Question(
    id=Step.SYN_AGAIN,
    text="Does the port stay silent when it is asked again and listened to for longer?",
    why="The port has given no answer yet. Loss, or a router's report after 3.1 s, would show now.",
    choices=(
        Choice(id="answers", text="It answers now.", proves="It was loss or delay, not a rule."),
        Choice(
            id="host-unreachable",
            text="A router reports 'host unreachable' after some three seconds.",
            proves="Nobody on the target's own link has its address.",
            favours=("host-down",),
            disfavours=("firewall-drop", "path-blackhole"),
        ),
        Choice(
            id="silent",
            text="It stays silent.",
            proves="The silence is to be believed: something drops without a word.",
            favours=("firewall-drop", "path-blackhole"),
            disfavours=("host-down",),
        ),
    ),
)
CONNECT = Question(
    id=Step.CONNECT,
    text="Does a real connection come about, as the failing program makes it?",
    why="The kernel's own connect() passes this machine's rules; raw SYNs do not all of them.",
    choices=(
        Choice(id="made", text="It is made.", proves="The connection works at this moment."),
        Choice(
            id="refused",
            text="It is refused at once.",
            proves="Somebody says no: the port, or a firewall in its place.",
            favours=("port-closed", "firewall-reject"),
            disfavours=("firewall-drop", *_DEAD),
        ),
        Choice(
            id="waits",
            text="It waits until it gives up.",
            proves="The SYN or its answer is lost without a word.",
            favours=("firewall-drop", *_DEAD),
            disfavours=("port-closed", "firewall-reject"),
        ),
    ),
)
FLOWS = Question(
    id=Step.FLOWS,
    text="Do connections from some source ports fail each time, while others always work?",
    why="Where paths are parallel, a flow keeps to one of them; one probe sees but one path.",
    choices=(
        Choice(
            id="all-alike",
            text="All fare alike.",
            proves="No single one of several paths is to blame.",
            disfavours=("flow-dependent-path",),
        ),
        Choice(
            id="some-fail",
            text="Some always fail, others always work.",
            proves="One of several parallel paths is broken.",
            favours=("flow-dependent-path",),
        ),
        Choice(
            id="now-and-then",
            text="The same ones fail now and then.",
            proves="Packets get lost, or somebody limits how many are answered.",
            favours=("packet-loss",),
            disfavours=("flow-dependent-path",),
        ),
    ),
)
FLOW_TRACE = Question(
    id=Step.FLOW_TRACE,
    text="At which hop do a flow that fails and one that works part?",
    why="Some source ports always fail; the last hop that both share is where paths divide.",
    choices=(
        Choice(
            id="part",
            text="They part at a hop, and the failing one ends there or soon after.",
            proves="The path that the failing one takes from there is broken.",
            favours=("flow-dependent-path",),
        ),
        Choice(
            id="same",
            text="Both get equally far.",
            proves="The paths back may differ, which no trace from here shows.",
        ),
    ),
)
CONTROL = Question(
    id=Step.CONTROL,
    text="Does anything else of the target answer: ports 22, 80, 443, a high one, or UDP?",
    why="The port or the ping is silent; this tells a silent port from a silent machine.",
    choices=(
        Choice(
            id="answers",
            text="Something answers.",
            proves="The machine is up: only this port is kept from us.",
            favours=_FIREWALLS,
            disfavours=_DEAD,
        ),
        Choice(
            id="silent",
            text="Nothing answers.",
            proves="The machine, or the path to it, is dead or behind a rule that drops all.",
            favours=_DEAD,
        ),
    ),
)
