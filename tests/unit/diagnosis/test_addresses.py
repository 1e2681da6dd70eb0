"""A name with several addresses: which are tried, which fail, and what that amounts to."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.probes.facts import (
    AnswerKind,
    ErrorLineFact,
    Fact,
    Outcome,
    Refusal,
    RouteKind,
)
from tests.unit.diagnosis.facts import NAME, at, resolved
from tests.unit.diagnosis.sayings import RESET, said
from tests.unit.diagnosis.views import walk

T, SECOND, THIRD = samples.TARGET, "198.51.100.11", "198.51.100.12"
SIX = "2001:db8::10"
WORKS = (samples.route(), samples.open_port(), samples.connect())
CLOSED = (
    samples.route(),
    samples.alive(),
    samples.syn(RESET),
    samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
)
SILENT = (samples.route(), samples.syn(), samples.connect(Outcome.SILENT))
NO_WAY = samples.route(outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="")


def judged(*facts: Fact, port: int | None = samples.PORT) -> Judgement:
    return said("address-unusable", samples.links(), *facts, host=NAME, port=port)


def concluded(*facts: Fact) -> Conclusion:
    return conclude(walk((samples.links(), *facts), NAME))


def named(conclusion: Conclusion) -> list[tuple[str, str, str]]:
    return [
        (one.cause.id, one.relation, str(one.judgement.where.get("address")))
        for one in conclusion.named
    ]


def test_a_dead_address_explains_and_what_is_wrong_with_it_is_named_besides() -> None:
    told = concluded(resolved(SECOND, T), *at(SECOND, *CLOSED), *WORKS)
    assert named(told) == [
        ("address-unusable", "explains", SECOND),
        ("port-closed", "also", SECOND),
    ]
    assert told.address == SECOND
    assert f"{SECOND} (refused) does not take connections on port 5432" in told.summary
    assert f"while {T} does" in told.summary


@pytest.mark.parametrize(
    ("order", "words"),
    [((SECOND, T), f"programs try {SECOND} first"), ((T, SECOND), "only when that one fails")],
)
def test_it_says_what_programs_notice(order: tuple[str, ...], words: str) -> None:
    assert words in judged(resolved(*order), *at(SECOND, *SILENT), *WORKS).explanation


def test_several_dead_addresses_are_listed_in_the_systems_order() -> None:
    found = judged(resolved(THIRD, SECOND, T), *at(SECOND, *SILENT), *at(THIRD, *CLOSED), *WORKS)
    assert f"{THIRD} (refused), {SECOND} (silent) do not take" in found.explanation
    assert found.where == {"kind": "host", "address": THIRD}


def test_where_all_fail_each_has_its_own_cause_in_the_systems_order() -> None:
    unroutable = at(THIRD, samples.route(outcome=Outcome.REJECTED, kind=RouteKind.PROHIBIT))
    told = concluded(resolved(THIRD, SECOND), *at(SECOND, *CLOSED), *unroutable)
    assert named(told) == [
        ("route-rejected", "explains", THIRD),
        ("port-closed", "also", SECOND),
    ]


def test_an_address_of_a_family_without_a_route_is_no_failure() -> None:
    found = judged(resolved(SIX, T), *at(SIX, NO_WAY), *WORKS)
    assert (found.status, found.explanation) == (
        Status.RULED_OUT,
        "there is no other address to try",
    )


def test_an_address_that_this_machine_refuses_to_reach_fails() -> None:
    refusing = at(SECOND, samples.route(outcome=Outcome.REJECTED, kind=RouteKind.PROHIBIT))
    found = judged(resolved(SECOND, T), *refusing, *WORKS)
    assert (found.status, "no way there" in found.explanation) == (Status.CONFIRMED, True)


def test_a_dead_next_hop_makes_its_address_fail() -> None:
    dead = samples.neighbour(Outcome.SILENT)
    found = judged(resolved(SECOND, T), *at(SECOND, samples.route(), dead), *WORKS)
    assert found.status is Status.CONFIRMED


def test_what_was_not_tried_is_neither_dead_nor_fine() -> None:
    assert judged(resolved(SECOND, T), *WORKS).status is Status.UNKNOWN
    tried = at(SECOND, samples.route(), samples.syn(last_look=False))
    assert judged(resolved(SECOND, T), *WORKS, *tried).status is Status.UNKNOWN
    cut = at(SECOND, samples.route(), samples.connect(Outcome.CANCELLED))
    assert judged(resolved(SECOND, T), *WORKS, *cut).status is Status.UNKNOWN


def test_a_slow_address_works() -> None:
    slow = at(SECOND, samples.route(), samples.syn(last_look=False), samples.connect())
    assert judged(resolved(T, SECOND), *WORKS, *slow).status is Status.RULED_OUT


def test_a_port_that_syns_alone_show_to_be_dead_is() -> None:
    for dead in (samples.syn(), samples.syn(RESET)):
        found = judged(resolved(T, SECOND), *WORKS, *at(SECOND, samples.route(), dead))
        assert found.status is Status.CONFIRMED


def test_an_address_as_target_has_no_others() -> None:
    assert said("address-unusable", *WORKS).missing == ""


def test_without_a_port_a_sign_of_life_counts_and_silence_proves_nothing() -> None:
    life = (samples.route(), samples.alive())
    refused = (samples.route(), samples.echo(samples.refusal(Refusal.HOST, "192.0.2.1")))
    quiet = (samples.route(), samples.echo())
    names = resolved(T, SECOND)
    assert judged(names, *life, *at(SECOND, *refused), port=None).status is Status.CONFIRMED
    assert judged(names, *life, *at(SECOND, *quiet), port=None).status is Status.UNKNOWN
    other = at(SECOND, samples.route(), samples.echo(samples.answer(AnswerKind.ECHO_REPLY, SECOND)))
    assert judged(names, *life, *other, port=None).status is Status.RULED_OUT


MANY = tuple(f"203.0.113.{number}" for number in range(1, 21))


def every(*dead: str) -> tuple[Fact, ...]:
    tried = (at(address, *(SILENT if address in dead else WORKS)) for address in MANY[:16])
    return (resolved(*MANY), *(fact for each in tried for fact in each))


def test_addresses_that_were_not_tried_are_said_to_be() -> None:
    found = judged(*every())
    assert found.status is Status.UNKNOWN
    assert found.missing == (
        "of the name's 20 addresses, these were not tried: "
        "203.0.113.17, 203.0.113.18, 203.0.113.19, 203.0.113.20"
    )
    assert found.unlock == "layerwalk diagnose ADDRESS:5432"


def test_what_is_left_out_is_said_beside_what_is_found() -> None:
    told = concluded(*every(*MANY[7:10]))
    assert told.named[0].cause.id == "address-unusable"
    left = [one.why for one in told.open if one.id == "address-unusable"]
    assert len(left) == 1
    assert "203.0.113.20" in left[0]
    assert left[0].endswith("why these fail was not looked for: 203.0.113.10")


def test_what_works_first_and_hurts_goes_before_a_later_dead_address() -> None:
    """A program meets its first address; of the second it may never hear."""
    from tests.unit.diagnosis.test_partial_evidence import WORLDS

    hole = WORLDS["pmtu-blackhole"]
    dead = at(SECOND, *CLOSED)
    told = concluded(resolved(T, SECOND), *hole, *dead)
    assert [one.cause.id for one in told.named][:2] == ["pmtu-blackhole", "address-unusable"]
    told = concluded(resolved(SECOND, T), *hole, *dead)
    assert [one.cause.id for one in told.named][:2] == ["address-unusable", "port-closed"]
    assert told.named[-1].cause.id == "pmtu-blackhole"


def test_an_address_of_the_error_line_is_named_as_the_failing_programs() -> None:
    line = ErrorLineFact(text=f"dial tcp {SECOND}:5432: i/o timeout", addresses=(SECOND,))
    found = judged(line, resolved(T), *WORKS, *at(SECOND, *SILENT))
    assert found.where == {"kind": "host", "address": SECOND}
    assert f"of the 2 addresses tried for {NAME}" in found.explanation
    assert found.explanation.endswith(
        f"the program that failed had {SECOND}, by its error line, "
        "which the name does not have any more."
    )
    both = judged(line, resolved(T, SECOND), *WORKS, *at(SECOND, *SILENT))
    assert both.explanation.endswith(f"had {SECOND}, by its error line.")
