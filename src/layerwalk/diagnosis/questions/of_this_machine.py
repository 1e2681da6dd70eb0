"""What the measurements of this machine and its resolvers ask."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

_FIREWALLS = ("firewall-drop", "firewall-reject")
_FROM_THE_START = "It costs the network nothing, and everything else rests on it."
LINKS = Question(
    id=Step.LINKS,
    text="Are this machine's interfaces up, with a carrier and an address?",
    why=_FROM_THE_START,
    choices=(
        Choice(
            id="up",
            text="They are up.",
            proves="The fault is not the cable or the switch on this side.",
        ),
        Choice(
            id="down",
            text="The one that leads there is down, or has no carrier.",
            proves="Nothing leaves this machine by it, whatever lies behind.",
            favours=("link-down",),
        ),
    ),
)
TIMERS = Question(
    id=Step.TIMERS,
    text="How long does this machine's kernel go on repeating a SYN that nobody answers?",
    why="It costs the network nothing, and tells the kernel's timer from the program's own.",
    choices=(
        Choice(
            id="default",
            text="As long as it does by default.",
            proves="A failure that comes sooner is the program's own limit.",
        ),
        Choice(
            id="changed",
            text="Somebody changed net.ipv4.tcp_syn_retries.",
            proves="The kernel itself may give up as soon as the program does.",
        ),
    ),
)
RESOLVE = Question(
    id=Step.RESOLVE,
    text="Which addresses does the name have, and does every nameserver say so?",
    why="The target is a name; without an address there is nothing to walk to.",
    choices=(
        Choice(id="found", text="It has the right addresses.", proves="The name is not the fault."),
        Choice(
            id="no-such-name",
            text="The nameservers say that there is no such name.",
            proves="The connection fails before a packet is sent to the target.",
            favours=("name-not-found",),
            disfavours=("resolver-unreachable",),
        ),
        Choice(
            id="no-answer",
            text="No nameserver answers.",
            proves="The resolver, or the way to it, is to be mended first.",
            favours=("resolver-unreachable",),
            disfavours=("name-not-found",),
        ),
    ),
)
ROUTE = Question(
    id=Step.ROUTE,
    text="By which interface and gateway would the kernel send to the address?",
    why=_FROM_THE_START,
    choices=(
        Choice(
            id="route",
            text="There is a route.",
            proves="This machine can send; the fault lies further.",
        ),
        Choice(
            id="no-route",
            text="There is none.",
            proves="This machine has nowhere to send to.",
            favours=("no-route",),
            disfavours=("route-rejected",),
        ),
        Choice(
            id="refused",
            text="A blackhole, unreachable or prohibit route, or a rule, refuses.",
            proves="This machine itself is told not to send there.",
            favours=("route-rejected",),
            disfavours=("no-route",),
        ),
    ),
)
NEIGHBOUR = Question(
    id=Step.NEIGHBOUR,
    text="Does the next hop answer ARP or neighbour discovery on the link?",
    why="The route names a next hop; if nobody has that address, all else is lost behind it.",
    choices=(
        Choice(id="answers", text="It answers.", proves="The link and the next hop work."),
        Choice(
            id="silent",
            text="Nobody answers for it.",
            proves="The gateway, or a target on this very link, is not there.",
            favours=("gateway-unreachable", "host-down"),
            disfavours=_FIREWALLS,
        ),
    ),
)
DROP_REASONS = Question(
    id=Step.DROP_REASONS,
    text="For which reason does this machine's own kernel drop the SYNs, or their answers?",
    why="They get lost here, and the kernel may tell why; it proves nothing by itself.",
    choices=(
        Choice(
            id="none",
            text="It drops none.",
            proves="What gets lost is lost elsewhere.",
        ),
        Choice(
            id="rule",
            text="For a firewall's rule (NETFILTER_DROP).",
            proves="The fault is on this machine, and so is the mend.",
            favours=_FIREWALLS,
            disfavours=("reverse-path-filter",),
        ),
        Choice(
            id="reverse-path",
            text="For the reverse path filter (IP_RPFILTER).",
            proves="The target answers; the fault is here, or in the routes back.",
            favours=("reverse-path-filter",),
            disfavours=_FIREWALLS,
        ),
    ),
)
COUNTERS = Question(
    id=Step.COUNTERS,
    text="Do SYNs to the port, or the answers to them, get lost on this machine itself?",
    why="Without raw sockets a rule here looks like one elsewhere; the kernel's counters tell.",
    choices=(
        Choice(
            id="pass",
            text="They leave, and what comes in is delivered.",
            proves="The rules of this machine are not to blame.",
        ),
        Choice(
            id="lost",
            text="They get lost here.",
            proves="The fault is on this machine, and so is the mend.",
            favours=_FIREWALLS,
        ),
    ),
)
REVERSE_PATH = Question(
    id=Step.REVERSE_PATH,
    text="Does this machine drop the answers because they come in by another interface?",
    why="Answers come in, or get lost here, and the kernel's filter for reverse paths is on.",
    choices=(
        Choice(
            id="accepts",
            text="It takes them, by whichever interface they come.",
            proves="The filter for reverse paths is not to blame.",
            disfavours=("reverse-path-filter",),
        ),
        Choice(
            id="drops",
            text="It drops them.",
            proves="The target answers; the fault is here, or in the routes back.",
            favours=("reverse-path-filter",),
        ),
    ),
)
_BY_A_RULE = (
    Choice(
        id="none",
        text="None does.",
        proves="The rules of this machine are not to blame.",
    ),
    Choice(
        id="drops",
        text="One drops it.",
        proves="The fault is on this machine, and so is the mend.",
        favours=("firewall-drop",),
        disfavours=("firewall-reject",),
    ),
    Choice(
        id="rejects",
        text="One rejects it.",
        proves="The fault is on this machine, and so is the mend.",
        favours=("firewall-reject",),
        disfavours=("firewall-drop",),
    ),
)
RULE_TRACE = Question(
    id=Step.RULE_TRACE,
    text="Which rule of this machine does the kernel itself say refuses the connection?",
    why="The connection fails, and you allowed it: a table of our own is added to the rules for a "
    "moment, and taken away whatever happens.",
    choices=_BY_A_RULE,
)
FIREWALL = Question(
    id=Step.FIREWALL,
    text="Does one of this machine's own rules refuse the connection?",
    why="The kernel would not send, or an answer came in and the connection never saw it.",
    choices=_BY_A_RULE,
)
