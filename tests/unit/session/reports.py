"""Reports to try the forms on: one with everything in it, one healthy, one that means harm."""

from typing import Any

import msgspec

from layerwalk.session.report import (
    CauseEntry,
    EvidenceEntry,
    HopRow,
    Host,
    NotChecked,
    Privileges,
    Recommendation,
    Report,
    RuledOut,
    TargetEntry,
    TimerEntry,
    Tool,
    Verdict,
)

HARM = (
    "\x1b[31mred\x1b]0;title\x07 \u202eback \u2028 <script>alert(1)</script> "
    "[click](http://evil.example/) ![x](http://evil.example/y.png) <http://evil.example/> "
    "www.evil.example a@evil.example @someone #12 | ``` `x` **bold** \n# head\n\n- item\n    code"
)
PROGRAM = "The program gave up after 5 s, its own limit."


def faulty() -> Report:
    return Report(
        tool=Tool(version="0.1.0"),
        host=Host(
            name="web-3", os="Debian 12", kernel="6.1", privileges=Privileges(raw=True, admin=False)
        ),
        target=TargetEntry(
            input="db.internal:5432",
            host="db.internal",
            port=5432,
            scheme="tcp",
            addresses=("198.51.100.10",),
        ),
        started="2026-01-31T12:00:00.000Z",
        seconds=2.31,
        ended="done",
        verdict=dropped(),
        path=(hop(1, "192.0.2.1"), hop(2, "203.0.113.1"), HopRow(hop=3, sent=3, syn="silent")),
        evidence=(
            entry("e1", "resolve", 7, "answered", "db.internal is 198.51.100.10 (DNS)"),
            entry("e2", "syn", 4, "silent", "SYN to 198.51.100.10:5432: 4 sent, no answer"),
        ),
    )


def dropped() -> Verdict:
    return Verdict(
        outcome="fault",
        summary="A firewall behind 203.0.113.1 drops the SYN to port 5432.",
        timer=TimerEntry(whose="program", kernel_s=131.0, limit_s=5.0, says=PROGRAM),
        causes=(drop(), down()),
        ruled_out=(RuledOut(id="name-not-found", evidence=("e1",), why="it has an address"),),
        not_checked=(NotChecked(id="conntrack-full", why="not permitted", unlock="run as root"),),
    )


def drop() -> CauseEntry:
    return CauseEntry(
        id="firewall-drop",
        title="A firewall drops the connection",
        layer=4,
        relation="explains",
        confidence="likely",
        where={"kind": "path", "after": {"hop": 2, "address": "203.0.113.1"}},
        explanation="SYNs vanish while echoes are answered.",
        evidence=("e2",),
        recommendations=(
            Recommendation(
                on="network", action="Let the port through.", command="nft ...", changes_state=True
            ),
            Recommendation(on="server", action="Look at its rules.", command="nft list ruleset"),
        ),
    )


def down() -> CauseEntry:
    return CauseEntry(
        id="host-down",
        title="The target is down",
        layer=3,
        relation="alternative",
        confidence="possible",
        where={"kind": "host", "address": "198.51.100.10"},
        explanation="Nothing of it answers.",
        decide_by="Ask its neighbour entry on its last router.",
        evidence=("e2",),
    )


def hop(number: int, address: str) -> HopRow:
    return HopRow(
        hop=number,
        addresses=(address,),
        sent=3,
        received=3,
        rtt_s={"best": 0.0004, "mean": 0.0005, "worst": 0.0007},
        syn="answered",
    )


def entry(name: str, probe: str, layer: int, status: str, finding: str) -> EvidenceEntry:
    return EvidenceEntry(
        id=name,
        probe=probe,
        layer=layer,
        started=0.002,
        seconds=0.011,
        status=status,
        finding=finding,
        command=f"by-hand {name}",
    )


def healthy() -> Report:
    verdict = Verdict(outcome="healthy", summary="The port takes the connection.")
    return msgspec.structs.replace(faulty(), verdict=verdict)


def harmful(harm: str = HARM) -> Report:
    """Give a report in which every free text is harm."""

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poisoned(it, name) for name, it in value.items()}
        if isinstance(value, list | tuple):
            return [poisoned(it, key) for it in value]
        fixed = {"schema", "ended", "outcome", "relation", "confidence", "syn", "kind", "whose"}
        return harm if isinstance(value, str) and key not in fixed else value

    return msgspec.convert(poisoned(msgspec.to_builtins(faulty())), Report)
