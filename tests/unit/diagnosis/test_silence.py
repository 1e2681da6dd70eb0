"""A silent port: dropped on the way, or is everything gone?"""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    AnswerKind,
    Outcome,
    TraceKind,
)
from tests.unit.diagnosis.facts import firewall
from tests.unit.diagnosis.sayings import (
    LAST,
    NEXT_DOOR,
    ON_LINK,
    OWN,
    RESET,
    SECOND,
    SILENT,
    START,
    said,
    status,
    traced,
)


def test_silence_with_life_elsewhere_is_a_drop() -> None:
    drop = said("firewall-drop", *START, samples.alive(), samples.syn(), traced(4, 2))
    assert (drop.status, drop.where["after"]) == (Status.LIKELY, {"hop": 2, "address": SECOND})
    assert drop.where["before"] == {"hop": 3, "address": LAST}
    assert "after hop 2" in drop.explanation
    assert "echoes are answered" in drop.explanation


def test_a_drop_behind_the_last_router_may_be_a_full_queue() -> None:
    drop = said("firewall-drop", *START, samples.alive(), samples.syn(), traced(4, 3))
    assert (drop.where["kind"], drop.alternatives) == ("host", ("accept-queue-full",))
    assert "Recv-Q" in drop.decide_by
    assert "at the target" in drop.explanation


def test_a_drop_before_the_first_router_says_so() -> None:
    drop = said("firewall-drop", *START, samples.echo(), samples.syn(), traced(2, 0))
    assert "before the first hop" in drop.explanation
    assert "answered by nobody; ICMP up to hop 2" in drop.explanation
    assert drop.where["after"] == {"hop": 0, "address": OWN}


def test_a_target_that_answers_another_port_is_alive() -> None:
    other = samples.control(RESET)
    drop = said("firewall-drop", *START, samples.echo(), samples.syn(), other, traced(3, 3))
    assert "port 443 resets" in drop.explanation


def test_a_target_that_holds_the_syn_lost_its_answer() -> None:
    held = samples.syn(samples.answer(AnswerKind.ACK), outcome=Outcome.SILENT)
    drop = said("firewall-drop", *START, samples.alive(), held, traced(4, 3))
    assert "the SYN-ACKs vanish" in drop.explanation


def test_next_door_the_links_own_answer_tells_a_drop() -> None:
    path = samples.trace(samples.tries(TraceKind.SYN, 0))
    facts = (samples.links(), ON_LINK, NEXT_DOOR, samples.echo(), samples.syn(), path)
    assert status("firewall-drop", *facts) is Status.LIKELY
    assert status("path-blackhole", *facts) is Status.RULED_OUT


def test_where_nothing_gets_further_it_is_the_path() -> None:
    facts = (*START, samples.echo(), samples.syn(), samples.control(), traced(2, 2))
    assert status("firewall-drop", *facts) is Status.UNKNOWN
    hole = said("path-blackhole", *facts)
    assert (hole.status, hole.where["after"]) == (Status.LIKELY, {"hop": 2, "address": SECOND})
    assert hole.alternatives == ("firewall-drop",)


def test_where_others_get_further_it_is_not_the_path() -> None:
    facts = (*START, samples.echo(), samples.syn(), samples.control(), traced(3, 2))
    assert status("path-blackhole", *facts) is Status.RULED_OUT
    assert status("firewall-drop", *facts) is Status.LIKELY


def test_a_path_that_vanishes_at_once_is_placed_at_this_machine() -> None:
    hole = said("path-blackhole", *START, samples.echo(), samples.syn(), traced(0, 0))
    assert "vanishes after this machine" in hole.explanation


def test_without_a_port_the_host_alone_must_be_silent() -> None:
    facts = (*START, samples.echo(), traced(2))
    assert status("path-blackhole", *facts, port=None) is Status.UNKNOWN
    assert status("path-blackhole", *facts, samples.control(), port=None) is Status.LIKELY
    for name in ("firewall-drop", "firewall-reject", "port-closed"):
        assert status(name, *facts, port=None) is Status.UNKNOWN


def test_without_raw_sockets_silence_has_no_culprit() -> None:
    drop = said("firewall-drop", *START, SILENT)
    assert drop.status is Status.UNKNOWN
    assert "no SYN was sent" in drop.missing


def test_a_first_look_is_not_enough() -> None:
    early = samples.syn(last_look=False)
    assert status("firewall-drop", *START, samples.alive(), early, traced(4, 2)) is Status.UNKNOWN


def test_an_open_port_that_does_not_connect_is_not_explained_away() -> None:
    facts = (*START, samples.open_port(), SILENT, firewall())
    assert status("firewall-drop", *facts) is Status.UNKNOWN
