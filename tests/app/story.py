"""One walk as events: the target answers pings, its port is silent, a firewall is to blame."""

from __future__ import annotations

from layerwalk.session import events as ev
from layerwalk.session.report import (
    CauseEntry,
    EvidenceEntry,
    HopRow,
    Host,
    NotChecked,
    Privileges,
    Recommendation,
    RuledOut,
    SynFate,
    TargetEntry,
    Tool,
    Verdict,
)
from layerwalk.session.state import WalkState, folded

BEGUN = ev.WalkStarted(
    at_s=0.0,
    target=TargetEntry(input="db.example.org:5432", host="db.example.org", port=5432, scheme="tcp"),
    tool=Tool(version="0.1.0"),
    host=Host(name="web-3", os="Debian", kernel="6.1", privileges=Privileges(raw=True, admin=True)),
    role="client",
    started="2026-01-31T12:00:00.000Z",
    budget_s=30.0,
)
FOUND = ev.AddressesFound(at_s=0.1, addresses=("198.51.100.10",))
ENDED = ev.WalkEnded(at_s=8.4, reason="done")


def started(step: str, title: str, layer: int, waits_for: str, at_s: float = 0.1) -> ev.Event:
    return ev.StepStarted(
        at_s=at_s, step=step, title=title, layer=layer, waits_for=waits_for, at_most_s=7.0
    )


def ended(step: str, entry: EvidenceEntry, at_s: float = 0.2) -> ev.Event:
    return ev.StepEnded(at_s=at_s, step=step, evidence=entry)


def entry(name: str, layer: int, status: str, finding: str, command: str = "") -> EvidenceEntry:
    number = {"resolve": "e1", "syn": "e2", "echo": "e3", "firewall": "e4", "trace": "e5"}[name]
    return EvidenceEntry(
        id=number,
        probe=name,
        layer=layer,
        started=0.1,
        seconds=0.1,
        status=status,
        finding=finding,
        data={"asked": name},
        command=command,
    )


NAME = entry("resolve", 7, "answered", "db.example.org is 198.51.100.10", "dig db.example.org A")
SYN = entry(
    "syn", 4, "silent", "3 SYNs in 7.0 s, no answer of any kind", "nc -vz 198.51.100.10 5432"
)
ECHO = entry("echo", 3, "answered", "3 of 3 echoes answered", "ping -c 3 198.51.100.10")
RULES = entry("firewall", 4, "not_permitted", "the local rules are only for root to read")
TRACE = entry("trace", 3, "answered", "the SYN was last seen at hop 2 of 3")


def hop(number: int, address: str, syn: SynFate, *, target: bool = False) -> HopRow:
    came = 3 if syn == "answered" else 0
    return HopRow(
        hop=number,
        addresses=(address,) if address else (),
        sent=5,
        received=2 + came,
        rtt_s={"best": 0.0101 * number, "mean": 0.0102 * number, "worst": 0.0204 * number},
        syn=syn,
        probes={"icmp": (2, 2), "syn": (3, came)},
        target=target,
    )


HOPS = (
    hop(1, "192.0.2.1", "answered"),
    hop(2, "203.0.113.1", "answered"),
    hop(3, "198.51.100.10", "silent", target=True),
)
VERDICT = Verdict(
    outcome="fault",
    summary="Something after hop 2 (203.0.113.1) drops connections to port 5432.",
    causes=(
        CauseEntry(
            id="firewall-drop",
            title="A firewall drops the connection",
            layer=4,
            relation="explains",
            confidence="likely",
            where={"kind": "path", "after": {"hop": 2, "address": "203.0.113.1"}},
            explanation="The machine answers pings, and SYNs to port 5432 vanish after hop 2.",
            evidence=("e2", "e5"),
            recommendations=(
                Recommendation(
                    on="network",
                    action="Allow the port on the router behind hop 2",
                    command="nft add rule inet filter forward tcp dport 5432 accept",
                    changes_state=True,
                ),
                Recommendation(
                    on="server",
                    action="See whether SYNs arrive",
                    command="tcpdump -ni any tcp dst port 5432",
                ),
                Recommendation(on="client", action="Tell whoever runs the network"),
            ),
        ),
        CauseEntry(
            id="accept-queue-full",
            title="The listen queue is full",
            layer=4,
            relation="alternative",
            confidence="possible",
            where={"kind": "host"},
            explanation="A full queue drops SYNs as silently.",
            decide_by="on the server, ss -ltn shows Recv-Q above Send-Q",
            recommendations=(
                Recommendation(on="server", action="Look at the queue", command="ss -ltn"),
            ),
        ),
    ),
    ruled_out=(RuledOut(id="host-down", evidence=("e3",), why="it answers pings"),),
    not_checked=(
        NotChecked(id="conntrack-full", why="only root may read it", unlock="run it with sudo"),
    ),
)
HEALTHY = Verdict(outcome="healthy", summary="The connection to port 5432 is made in 15 ms.")
FIRST_STEPS = (
    BEGUN,
    started("resolve", "Name", 7, "the nameserver's answer"),
    ended("resolve", NAME),
    FOUND,
    started("syn", "SYN to the port", 4, "a SYN-ACK"),
    started("echo", "Echo", 3, "echo replies"),
    ended("echo", ECHO),
)
MORE_STEPS = (
    started("firewall", "Local rules", 4, "the kernel"),
    ended("firewall", RULES),
    started("trace", "Path", 3, "the routers' answers"),
    *(
        ev.PathSeen(at_s=count / 2, address="198.51.100.10", path=HOPS[:count])
        for count in (1, 2, 3)
    ),
    ended("trace", TRACE, 3.0),
    ended("syn", SYN, 7.2),
)
JUDGED = (ev.VerdictReached(at_s=8.4, verdict=VERDICT), ENDED)
ALL = (*FIRST_STEPS, *MORE_STEPS, *JUDGED)


def whole() -> WalkState:
    """The state at the end."""
    return folded(ALL)
