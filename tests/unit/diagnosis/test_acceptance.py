"""A silent port: a filter, or a queue that is full for good; and an open one that turns silent."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Step, wanted
from layerwalk.probes.facts import (
    LINUX,
    AnswerKind,
    Certainty,
    ConnectFact,
    Fact,
    FirewallFact,
    Outcome,
    ReversePathFact,
    RuleMatch,
    TraceKind,
    Try,
)
from layerwalk.probes.facts.link_counts import LinkCounts, Rise
from tests.unit.diagnosis.facts import path_mtu
from tests.unit.diagnosis.views import walk

RESET = samples.answer(AnswerKind.RST)
SILENT = (
    samples.links(),
    samples.route(),
    samples.alive(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 3)),
)
OPEN = (*samples.healthy(), samples.loss(echo=(32, 32), syn=(0, 0)))


def named(*facts: Fact) -> list[tuple[str, str, str]]:
    told = conclude(walk(facts))
    return [(one.cause.id, one.relation, one.confidence) for one in told.named]


def ruled_out(*facts: Fact) -> set[str]:
    return {cause for cause, _ in conclude(walk(facts)).ruled_out}


def test_a_filter_comes_first_and_a_queue_beside_it() -> None:
    told = conclude(walk((*SILENT, samples.stray_ack(RESET))))
    assert [(it.cause.id, it.relation) for it in told.named] == [
        ("firewall-drop", "explains"),
        ("accept-queue-full", "alternative"),
    ]
    assert told.named[0].confidence == "likely"
    for one in told.named:
        assert "ss -ltn" in one.judgement.decide_by
    assert "ListenOverflows" in told.named[1].judgement.decide_by


def test_where_stray_acks_tell_nothing_it_may_still_be_the_queue() -> None:
    assert [it[0] for it in named(*SILENT)] == ["firewall-drop", "accept-queue-full"]
    mute = samples.stray_ack(port=0)
    assert [it[0] for it in named(*SILENT, mute)] == ["firewall-drop", "accept-queue-full"]


@pytest.mark.parametrize(
    "more",
    [
        samples.stray_ack(),
        samples.syn(samples.answer(AnswerKind.ACK)),
        samples.trace(
            samples.tries(TraceKind.ICMP, 4),
            samples.tries(TraceKind.SYN, 1),
            samples.tries(TraceKind.SYN, 1),
        ),
    ],
)
def test_what_no_queue_does_leaves_the_filter_alone(more: Fact) -> None:
    facts = [*SILENT, more]
    if more.probe == "trace":
        facts.remove(SILENT[-1])
    assert [it[0] for it in named(*facts)] == ["firewall-drop"]
    assert "accept-queue-full" in ruled_out(*facts)


def test_a_port_that_turns_silent_may_be_either() -> None:
    facts = (*OPEN, samples.paced(lambda _when: False))
    assert named(*facts) == [
        ("accept-queue-full", "explains", "possible"),
        ("syn-rate-limited", "alternative", "possible"),
    ]


def test_where_echoes_suffer_likewise_the_time_is_not_the_queues() -> None:
    windows = samples.paced(lambda when: when % 0.9 < 0.3)
    assert named(*OPEN, windows)[0][:2] == ("accept-queue-full", "explains")
    assert named(*OPEN, replace(windows, lost_beside=15)) == []


def steps(*facts: Fact) -> set[Step]:
    return {measure.step for measure in wanted(walk(facts))}


def test_the_target_is_asked_about_a_connection_once_no_other_is_open() -> None:
    assert Step.HANDSHAKE not in steps(*OPEN)
    sized = path_mtu()
    assert Step.HANDSHAKE in steps(*OPEN, sized)
    far = samples.syn(samples.answer(AnswerKind.SYN_ACK, rtt_s=0.4))
    assert Step.HANDSHAKE in steps(samples.links(), samples.route(), far, samples.connect())
    unprivileged = [samples.links(), samples.route(), samples.syn(half_open=False), sized]
    assert Step.HANDSHAKE not in steps(*unprivileged)


def test_a_stray_ack_is_sent_to_a_silent_port_of_a_live_host() -> None:
    assert Step.STRAY_ACK not in steps(*SILENT)
    assert Step.STRAY_ACK in steps(*SILENT, samples.control(RESET))
    assert Step.STRAY_ACK not in steps(*OPEN, samples.control(RESET))


def test_paces_are_tried_when_all_else_is_quiet() -> None:
    done = (
        samples.loss(echo=(32, 32), syn=(0, 0)),
        samples.syn_options(((), 1, ())),
        samples.flows(0, never=3),
        path_mtu(),
        samples.handshake(),
    )
    assert Step.SYN_PACE in steps(*samples.healthy(), *done)
    assert Step.SYN_PACE not in steps(*samples.healthy(), *done[:2], *done[3:])
    assert Step.SYN_PACE not in steps(*samples.healthy(), *done[:-1])
    lossy = (samples.loss(echo=(20, 32), syn=(0, 0)), *done[1:])
    assert Step.SYN_PACE not in steps(*samples.healthy(), *lossy)
    rises = (Rise("queue_drops", 200),)
    here = LinkCounts(interface="eth0", seconds=2.5, sent=400, rises=rises)
    lost_here = (samples.loss(echo=(0, 0), syn=(20, 32), counts=here), *done[1:])
    assert Step.SYN_PACE not in steps(*samples.healthy(), *lost_here)
    fine = (*done[:2], samples.flows(25), *done[3:])
    assert Step.SYN_PACE not in steps(*samples.healthy(), *fine)


def rule(certainty: Certainty) -> FirewallFact:
    match = RuleMatch(direction="in", verdict="drop", certainty=certainty, text="drop")
    return FirewallFact(
        outcome=Outcome.ANSWERED, address=samples.TARGET, port=443, matches=(match,)
    )


def filtered(dropped: int) -> ReversePathFact:
    return ReversePathFact(
        outcome=Outcome.ANSWERED, address=samples.TARGET, sent=8, dropped=dropped
    )


@pytest.mark.parametrize(
    ("told", "tried"),
    [
        ((), False),  # the rules are read first
        ((rule(Certainty.EXACT),), False),
        ((rule(Certainty.POSSIBLE),), True),
        ((rule(Certainty.POSSIBLE), filtered(8)), False),
        ((rule(Certainty.POSSIBLE), filtered(0)), True),
    ],
)
def test_no_pace_explains_answers_that_end_on_this_machine(
    told: tuple[Fact, ...], *, tried: bool
) -> None:
    silent = samples.connect(Outcome.SILENT, waited_s=1.3)
    start = [fact for fact in samples.healthy() if not isinstance(fact, ConnectFact)]
    quiet = (samples.loss(echo=(32, 32), syn=(0, 0)), samples.flows(25), path_mtu())
    asked = steps(*start, silent, *quiet, samples.syn_options(((), 1, ())), *told)
    assert (Step.SYN_PACE in asked) is tried


def test_a_limit_is_placed_behind_the_last_hop_that_was_asked_only_if_none_was_left_out() -> None:
    def expiring(*heard: bool) -> tuple[Try, ...]:
        gone = samples.answer(AnswerKind.TIME_EXCEEDED, samples.GATEWAY)
        return tuple(
            Try(hop=hop, kind=TraceKind.SYN, answer=gone if it else None)
            for hop, it in enumerate(heard, 1)
            for _ in range(2)
        )

    def where(*heard: bool) -> object:
        fact = replace(samples.pace(10.0, 5), hops=expiring(*heard))
        [first] = conclude(walk((*OPEN, fact))).named
        return first.judgement.where

    assert where(True, False, False) == {
        "kind": "path",
        "after": {"hop": 1, "address": samples.ROUTERS[0]},
        "before": {"hop": 2, "address": samples.ROUTERS[1]},
    }
    target = {"kind": "host", "after": {"hop": 3, "address": samples.ROUTERS[2]}}
    assert where(True, True, True) == target
    assert where(True, True) == target
    assert where() == target


def test_resets_of_a_forger_are_no_sign_of_life() -> None:
    forged = samples.syn_options((LINUX, 2, (RESET,)), ((), 2, (RESET,)))
    host = walk((*SILENT[:2], forged)).of(samples.TARGET)
    assert host.other_answers == ()
