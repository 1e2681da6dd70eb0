"""Not measured is never the same as fine: what is certain of a part stays so of the whole.

Each world here is one truth, seen by every probe. A cause that a part of its facts makes certain
must not be ruled out, or left open, by one more fact of the same world: turned round, taking a
fact away never turns "ruled out" or "unknown" into "certain".
"""

from collections.abc import Sequence
from itertools import chain, combinations

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.probes.facts import (
    AnswerKind,
    Fact,
    Outcome,
    Refusal,
    RouteKind,
    SizeMethod,
    SynFact,
    TraceFact,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.facts import firewall, path_mtu, rule
from tests.unit.diagnosis.views import judged, walk

FIRST_HOP, SECOND_HOP, LAST_HOP = samples.ROUTERS


def seen(*groups: list[Try]) -> TraceFact:
    return samples.trace(*groups)


def icmp(until: int) -> list[Try]:
    return samples.tries(TraceKind.ICMP, until)


def syns(until: int) -> list[Try]:
    return samples.tries(TraceKind.SYN, until)


def looks(*answers: object) -> tuple[SynFact, SynFact]:
    return (
        samples.syn(*answers, last_look=False),  # type: ignore[arg-type]
        samples.syn(*answers),  # type: ignore[arg-type]
    )


START = (samples.links(), samples.route())
ON_LINK = samples.neighbour(Outcome.ANSWERED)
SILENT = samples.connect(Outcome.SILENT)
NO_ROUTE = samples.refusal(Refusal.NO_ROUTE, SECOND_HOP)
NO_HOST = samples.refusal(Refusal.HOST, LAST_HOP, rtt_s=3.07)
PROHIBITED = samples.refusal(Refusal.PROHIBITED, SECOND_HOP)
RESET, FORGED = samples.answer(AnswerKind.RST), samples.answer(AnswerKind.RST, ttl=63)
UNSENT = samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED)
HERE = samples.route(kind=RouteKind.LOCAL, interface="lo", gateway="")

WORLDS: dict[str, tuple[Fact, ...]] = {
    "healthy": (*samples.healthy(), path_mtu()),
    "firewall-drop": (*START, ON_LINK, samples.alive(), *looks(), SILENT, seen(icmp(4), syns(2))),
    "firewall-reject": (
        *START,
        ON_LINK,
        samples.alive(),
        samples.syn(PROHIBITED),
        samples.connect(Outcome.REJECTED, "EACCES"),
        seen(icmp(4), syns(2)),
    ),
    "firewall-reject, forged": (
        *START,
        ON_LINK,
        samples.alive(),
        samples.syn(FORGED),
        samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
        seen(icmp(4), syns(2)),
    ),
    "own rule drops": (
        *START,
        ON_LINK,
        samples.alive(),
        UNSENT,
        SILENT,
        seen(icmp(4)),
        firewall(rule("out", "drop")),
    ),
    "own rule rejects": (
        *START,
        ON_LINK,
        samples.alive(),
        UNSENT,
        samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
        seen(icmp(4)),
        firewall(rule("out", "reject")),
    ),
    "own rule drops the answer": (
        *START,
        ON_LINK,
        samples.alive(),
        samples.open_port(),
        SILENT,
        seen(icmp(4), syns(3)),
        firewall(rule("in", "drop")),
    ),
    "port-closed": (
        *START,
        ON_LINK,
        samples.alive(),
        samples.syn(RESET),
        samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
        seen(icmp(4), syns(3)),
    ),
    "port-closed here": (
        samples.links(),
        HERE,
        samples.echo(samples.answer(AnswerKind.ECHO_REPLY, ttl=64)),
        samples.syn(samples.answer(AnswerKind.RST, ttl=64)),
        samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
    ),
    "path-blackhole": (
        *START,
        ON_LINK,
        samples.echo(),
        *looks(),
        SILENT,
        samples.control(),
        seen(icmp(2), syns(2), samples.tries(TraceKind.UDP, 0)),
    ),
    "routing-loop": (
        *START,
        ON_LINK,
        samples.echo(),
        *looks(),
        SILENT,
        samples.control(),
        *(
            fact
            for one in causes()
            if one.id == "routing-loop"
            for fact in one.examples[0].facts
            if isinstance(fact, TraceFact)
        ),
    ),
    "route-missing-on-path": (
        *START,
        ON_LINK,
        samples.echo(NO_ROUTE),
        samples.syn(NO_ROUTE),
        samples.connect(Outcome.UNREACHABLE, "ENETUNREACH"),
        samples.control(NO_ROUTE),
        seen(icmp(1), syns(1)),
    ),
    "host-down": (
        *START,
        ON_LINK,
        samples.echo(NO_HOST),
        *looks(NO_HOST),
        samples.connect(Outcome.UNREACHABLE, "EHOSTUNREACH"),
        samples.control(NO_HOST),
        seen(icmp(3), syns(3)),
    ),
    "host-down next door": (
        samples.links(),
        samples.route(gateway=""),
        samples.neighbour(Outcome.SILENT, address=samples.TARGET, gateway=False),
        samples.echo(),
        *looks(),
        SILENT,
    ),
    "gateway-unreachable": (
        *START,
        samples.neighbour(Outcome.SILENT),
        samples.echo(),
        *looks(),
        SILENT,
    ),
    "link-down": (
        samples.links(carrier=False),
        samples.route(),
        samples.neighbour(Outcome.SILENT),
    ),
    "no-route": (
        samples.links(),
        samples.route(
            outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="", errno="ENETUNREACH"
        ),
    ),
    "pmtu-blackhole": (
        *samples.healthy(),
        path_mtu(
            passes=1400,
            vanishes=1401,
            by=SizeMethod.TCP,
            segment=1500,
            segment_passes=False,
            reached=samples.answer(AnswerKind.TIME_EXCEEDED, SECOND_HOP, hop=2),
        ),
    ),
}


def told(facts: Sequence[Fact]) -> dict[str, Status]:
    view = walk(facts)
    return {one.id: said.status for one in causes() for said in judged(one, view)}


def parts(world: str) -> dict[frozenset[int], dict[str, Status]]:
    """Every part of a world, by the places of its facts, with what the causes say of it."""
    facts = WORLDS[world]
    count = range(len(facts))
    chosen = chain.from_iterable(combinations(count, size) for size in range(len(facts) + 1))
    return {frozenset(part): told([facts[place] for place in part]) for part in chosen}


def contradictions(world: str) -> list[str]:
    """Each fact whose coming takes back what was certain without it."""
    found = parts(world)
    return [
        f"{cause}: certain without {type(WORLDS[world][place]).__name__}, {found[more][cause]} with"
        for less, said in found.items()
        for place in range(len(WORLDS[world]))
        if place not in less and (more := less | {place})
        for cause, status in said.items()
        if status is Status.CONFIRMED and not found[more][cause].names_it
    ]


@pytest.mark.parametrize("world", WORLDS)
def test_less_evidence_never_makes_it_certain(world: str) -> None:
    assert sorted(set(contradictions(world))) == []


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_is_told_by_its_own_facts(world: str) -> None:
    expected = {"own rule rejects": "firewall-reject", "healthy": "healthy"}
    expected |= dict.fromkeys(["own rule drops", "own rule drops the answer"], "firewall-drop")
    verdict = conclude(walk(WORLDS[world]))
    first = verdict.named[0].cause.id if verdict.named else str(verdict.outcome)
    assert first == expected.get(world, world.split(" ", 1)[0].rstrip(","))
