"""What facts without raw sockets are worth: no more than they can tell."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.forged import forged_at
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.tree import Measure, Step, needless, wanted
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Fact,
    Outcome,
    PortState,
    Refusal,
    TraceKind,
)
from tests.unit.diagnosis.facts import counters
from tests.unit.diagnosis.sayings import OWN, START, said, status, tried
from tests.unit.diagnosis.views import address, walk

REFUSED = samples.connect(Outcome.REFUSED, "ECONNREFUSED")


def reset(ttl: int = 0) -> Answer:
    return samples.answer(AnswerKind.RST, ttl=ttl)


def by_us(word: Refusal) -> Answer:
    return samples.refusal(word, OWN)


def test_a_reset_of_unknown_ttl_may_be_anybodys() -> None:
    facts = (*START, samples.alive(), samples.syn(reset(), half_open=False))
    assert forged_at(address(*facts)) is None
    assert status("port-closed", *facts) is Status.LIKELY


def test_a_reset_whose_ttl_is_known_is_the_targets_own() -> None:
    facts = (*START, samples.alive(), samples.syn(reset(61), half_open=False))
    assert status("port-closed", *facts) is Status.CONFIRMED


@pytest.mark.parametrize(
    ("half_open", "expected"), [(True, Status.CONFIRMED), (False, Status.LIKELY)]
)
def test_on_our_own_link_only_this_machine_could_forge(
    *, half_open: bool, expected: Status
) -> None:
    facts = (samples.links(), samples.route(gateway=""), samples.syn(reset(), half_open=half_open))
    assert status("port-closed", *facts) is expected


@pytest.mark.parametrize("word", [Refusal.PORT, Refusal.PROHIBITED])
def test_our_own_kernels_refusal_is_a_local_rule(word: Refusal) -> None:
    syns = samples.syn(by_us(word), half_open=False, outcome=Outcome.REJECTED)
    found = said("firewall-reject", *START, syns, REFUSED)
    assert (found.status, found.where) == (Status.CONFIRMED, {"kind": "local"})
    assert status("port-closed", *START, syns, REFUSED) is Status.RULED_OUT


def test_our_own_kernels_unreachable_is_the_links() -> None:
    syns = samples.syn(by_us(Refusal.HOST), half_open=False, outcome=Outcome.UNREACHABLE)
    host = address(*START, syns)
    assert (host.refused_by_us, host.heard_nothing) == (False, True)
    assert said("firewall-reject", *START, syns, samples.connect(Outcome.UNREACHABLE)).where == {}


def test_a_reset_before_the_first_hop_is_this_machines_own() -> None:
    syns = tried(TraceKind.SYN, h1=samples.answer(AnswerKind.RST, hop=1, ttl=0))
    path = samples.trace(samples.tries(TraceKind.UDP, 4), syns)
    facts = (*START, samples.syn(reset(), half_open=False), REFUSED, path)
    assert forged_at(address(*facts)) == 0
    assert said("firewall-reject", *facts).where == {"kind": "local"}
    assert status("port-closed", *facts) is Status.RULED_OUT


def test_what_this_machine_says_itself_is_no_news_from_the_path() -> None:
    own = tried(TraceKind.UDP, h1=by_us(Refusal.HOST), h2=by_us(Refusal.HOST))
    host = address(*START, samples.trace(own))
    assert list(host.path.answered()) == []
    assert host.heard_nothing


def test_local_rules_are_read_where_silence_could_be_theirs() -> None:
    silent = (*START, samples.syn(half_open=False), samples.connect(Outcome.SILENT))
    assert Measure(Step.FIREWALL, samples.TARGET) in set(wanted(walk(silent)))
    raw = (*START, samples.syn(), samples.connect(Outcome.SILENT))
    assert Measure(Step.FIREWALL, samples.TARGET) in set(wanted(walk(raw)))
    assert address(*silent).syn_state is PortState.SILENT


UNHEARD = (*START, samples.syn(half_open=False), samples.connect(Outcome.SILENT), samples.alive())


@pytest.mark.parametrize("found", [counters(unsent=8), counters(undelivered=8)])
def test_what_the_counters_miss_is_dropped_here(found: Fact) -> None:
    drop = said("firewall-drop", *UNHEARD, found)
    assert (drop.status, drop.where) == (Status.LIKELY, {"kind": "local"})


def test_counters_that_miss_nothing_leave_the_drop_elsewhere() -> None:
    path = samples.trace(samples.tries(TraceKind.UDP, 4), samples.tries(TraceKind.SYN, 2))
    drop = said("firewall-drop", *UNHEARD, path, counters())
    assert (drop.status, drop.where["kind"]) == (Status.LIKELY, "path")


def test_a_reset_of_a_syn_that_never_left_is_this_machines_own() -> None:
    on_link = (samples.links(), samples.route(gateway=""), samples.syn(reset(), half_open=False))
    facts = (*on_link, REFUSED, counters(unsent=8))
    assert status("port-closed", *facts) is Status.RULED_OUT
    reject = said("firewall-reject", *facts)
    assert (reject.status, reject.where) == (Status.CONFIRMED, {"kind": "local"})


def test_counters_are_watched_where_silence_or_an_early_reset_could_be_ours() -> None:
    wish = Measure(Step.COUNTERS, samples.TARGET)
    early = tried(TraceKind.SYN, h1=samples.answer(AnswerKind.RST, hop=1, ttl=0))
    reset_here = (*START, samples.syn(reset(), half_open=False), samples.trace(early))
    assert wish in set(wanted(walk(UNHEARD)))
    assert wish in set(wanted(walk(reset_here)))
    assert wish not in set(wanted(walk(reset_here[:-1])))
    assert wish not in set(wanted(walk((*START, samples.syn(), samples.connect(Outcome.SILENT)))))


def test_a_connection_that_is_made_shows_that_nothing_is_held_back_here() -> None:
    """The first look may have been silent only because neighbours had to be found."""
    late = samples.syn(samples.answer(AnswerKind.SYN_ACK, rtt_s=0.6), half_open=False)
    facts = (*START, SILENT, late, TRACED)
    wish = Measure(Step.COUNTERS, samples.TARGET)
    assert wish in set(needless(walk((*facts, samples.connect()))))
    assert wish not in set(needless(walk((*facts, samples.connect(Outcome.SILENT)))))


SILENT = samples.syn(half_open=False)
TRACED = samples.trace(samples.tries(TraceKind.UDP, 4), samples.tries(TraceKind.SYN, 2))


def test_syns_that_all_carry_the_same_may_vanish_for_that() -> None:
    """No port of the target answers any of the kernel's, though echoes are answered."""
    facts = (*START, samples.alive(), SILENT, samples.connect(Outcome.SILENT), TRACED)
    found = said("firewall-drop", *facts)
    assert (found.status, found.alternatives) == (Status.LIKELY, ("syn-option-dropped",))
    assert "without options" in found.decide_by
    raw = said("firewall-drop", *(samples.syn() if it is SILENT else it for it in facts))
    assert "syn-option-dropped" not in raw.alternatives
    assert "without options" not in raw.decide_by


def test_another_port_that_answers_them_speaks_against_it() -> None:
    other = samples.control(reset())
    facts = (*START, samples.alive(), SILENT, samples.connect(Outcome.SILENT), TRACED, other)
    found = said("firewall-drop", *facts)
    assert found.status is Status.LIKELY
    assert "syn-option-dropped" not in found.alternatives
    assert "without options" not in found.decide_by
