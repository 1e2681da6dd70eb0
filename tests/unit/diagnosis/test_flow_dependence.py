"""What depends on the flow: told as such, and as nothing else."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.causes.flow_dependent_path import CAUSE
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import wanted
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Fact,
    Outcome,
    Refusal,
    TraceFact,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.views import walk

FIRST, SECOND, THIRD = samples.ROUTERS
SPLIT = samples.flows(13, never=12)
F, W, ICMP, SYN = TraceKind.FAILING, TraceKind.WORKING, TraceKind.ICMP, TraceKind.SYN
PATH = samples.trace(samples.tries(ICMP, 4), samples.tries(SYN, 2))
SILENT = (
    samples.links(),
    samples.route(),
    samples.neighbour(Outcome.ANSWERED),
    samples.alive(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    PATH,
)


def expiry(responder: str, hop: int) -> Answer:
    return samples.answer(AnswerKind.TIME_EXCEEDED, responder, hop=hop)


def failing(*responders: str) -> TraceFact:
    """The failing flow's reports hop by hop, silent beyond; the working one arrives."""
    tries = [Try(hop=hop, kind=F, answer=expiry(who, hop)) for hop, who in enumerate(responders, 1)]
    tries.append(Try(hop=len(tries) + 1, kind=F))
    return samples.trace(tries, samples.tries(W, 4))


def where(*facts: Fact) -> dict[str, object]:
    assert CAUSE.judge
    return dict(CAUSE.judge(walk(facts).hosts[0]).where)


def named(*facts: Fact) -> list[str]:
    return [it.cause.id for it in conclude(walk(facts)).named]


def test_where_the_looks_fall_on_the_broken_path_no_firewall_is_blamed() -> None:
    assert named(*SILENT) == ["firewall-drop"]
    assert named(*SILENT, SPLIT) == ["flow-dependent-path"]


def test_loss_of_certain_flows_is_no_loss() -> None:
    lossy = samples.loss(echo=(0, 21), syn=(15, 31))
    assert named(*samples.healthy(), lossy) == ["packet-loss"]
    assert named(*samples.healthy(), lossy, SPLIT) == ["flow-dependent-path"]
    assert "hop-loss" not in steps(*samples.healthy(), lossy, SPLIT)


def test_loss_of_one_flow_besides_is_true_as_well() -> None:
    lossy = samples.loss(echo=(80, 120), syn=(20, 80))
    assert named(*samples.healthy(), lossy, SPLIT) == ["flow-dependent-path", "packet-loss"]


def test_a_refusal_on_one_path_is_that_paths_fault() -> None:
    refusal = samples.refusal(Refusal.NO_ROUTE, SECOND)
    facts = (samples.route(), samples.syn(refusal), samples.echo(refusal))
    assert named(*facts) == ["route-missing-on-path"]
    assert named(*facts, SPLIT) == ["flow-dependent-path"]


def steps(*facts: Fact) -> set[str]:
    return {str(measure.step) for measure in wanted(walk(facts))}


def test_flows_are_followed_where_they_differ() -> None:
    assert "flow-trace" in steps(*samples.healthy(), SPLIT)
    assert "flow-trace" not in steps(*samples.healthy(), samples.flows(25))
    assert "flow-trace" not in steps(*samples.healthy(), samples.flows(5, sometimes=20))


def test_the_place_is_the_last_hop_that_the_failing_flow_reached() -> None:
    assert where(*SILENT, SPLIT, failing(FIRST, "203.0.113.77")) == {
        "kind": "path",
        "after": {"hop": 2, "address": "203.0.113.77"},
        "before": {"hop": 3, "address": THIRD},
    }
    assert where(*SILENT, SPLIT, failing())["after"] == {"hop": 0, "address": samples.OWN}
    assert where(*SILENT, SPLIT) == {"kind": "path"}


def test_a_router_that_refuses_is_the_place_itself() -> None:
    refusing = samples.refusal(Refusal.PROHIBITED, "203.0.113.77", hop=3)
    tries = [
        Try(hop=1, kind=F, answer=expiry(FIRST, 1)),
        Try(hop=2, kind=F, answer=expiry("203.0.113.77", 2)),
        Try(hop=3, kind=F, answer=refusing),
    ]
    found = where(*SILENT, SPLIT, samples.trace(tries))
    assert found["after"] == {"hop": 2, "address": "203.0.113.77"}


def test_of_a_circle_the_first_router_is_the_place() -> None:
    around = failing(FIRST, SECOND, "203.0.113.77", SECOND, "203.0.113.77")
    assert where(*SILENT, SPLIT, around)["after"] == {"hop": 2, "address": SECOND}


def test_hops_of_paths_that_are_not_equally_long_are_no_loop() -> None:
    """A router stands at hop 2 for one flow and at hop 4 for another."""
    tries = [
        Try(hop=hop, kind=kind, answer=expiry(who, hop))
        for kind, addresses in {
            ICMP: (FIRST, SECOND, THIRD, "203.0.113.9"),
            SYN: (FIRST, "203.0.113.77", "203.0.113.78", SECOND, THIRD),
        }.items()
        for hop, who in enumerate(addresses, 1)
    ]
    path = walk((samples.route(), samples.trace(tries))).hosts[0].path
    assert path.reporters()[2] == (SECOND, "203.0.113.77")
    assert path.hop_of(SECOND) == 2
    assert path.loop == ()


def test_the_hop_is_named_as_the_flow_saw_it() -> None:
    tries = [
        Try(hop=1, kind=SYN, answer=expiry("203.0.113.77", 1)),
        Try(hop=1, kind=ICMP, answer=expiry(FIRST, 1)),
    ]
    path = walk((samples.route(), samples.trace(tries))).hosts[0].path
    assert path.hop(1).address == FIRST
    assert path.hop(1, SYN).address == "203.0.113.77"
