"""From judgements to a verdict: which cause explains, which competes, which is true besides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from layerwalk.diagnosis import judging, rank, samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.model import Advice, Cause, Judgement, Layer, Status, ruled_out, unknown
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.samples import limits
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Fact, Outcome, PathMtuFact, RouteKind, Target
from tests.unit.diagnosis.facts import NAME, path_mtu, resolved
from tests.unit.diagnosis.views import walk

Judge = Callable[[AddressView], Judgement]
T, OTHER = samples.TARGET, "203.0.113.99"
BOTH = (samples.links(), resolved(T, OTHER), samples.route(), samples.route(destination=OTHER))

NO_WAY = samples.route(outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface="", gateway="")
AT_AN_END = (samples.links(), NO_WAY)
"""A walk that has nothing left to measure."""


def says(status: Status, *alternatives: str, **more: Any) -> Judge:
    def judge(host: AddressView) -> Judgement:
        return Judgement(
            status=status,
            evidence=("e1",),
            explanation=f"{host.address} fails.",
            where={"kind": "host"},
            alternatives=alternatives,
            **more,
        )

    return judge


def only(address: str, judge: Judge) -> Judge:
    return lambda host: judge(host) if host.address == address else ruled_out(("e2",), "fine")


def cause(name: str, judge: Judge, *, layer: int = 4, before: tuple[str, ...] = ()) -> Cause:
    return Cause(
        id=name,
        title=name.title(),
        layer=Layer(layer),
        doc="",
        judge=judge,
        advise=lambda judgement: (Advice(on="server", action=f"Mend: {judgement.explanation}"),),
        before=before,
    )


@pytest.fixture
def concluded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Conclusion]:
    """Conclude with a catalogue of these causes alone."""

    def told(*causes: Cause, facts: tuple[Fact, ...] = AT_AN_END) -> Conclusion:
        for room in (rank, judging):
            monkeypatch.setattr(room, "causes", lambda: causes)
        name = NAME if any(hasattr(fact, "nameservers") for fact in facts) else T
        return conclude(walk(facts, name))

    return told


def relations(conclusion: Conclusion) -> list[tuple[str, str, str]]:
    return [(one.cause.id, one.relation, one.confidence) for one in conclusion.named]


Concluded = Callable[..., Conclusion]


def test_the_stronger_explains_and_the_rest_is_noticed_besides(concluded: Concluded) -> None:
    told = concluded(
        cause("weak", says(Status.POSSIBLE)),
        cause("sure", says(Status.CONFIRMED)),
        cause("fair", says(Status.LIKELY)),
    )
    assert relations(told) == [
        ("sure", "explains", "certain"),
        ("fair", "also", "likely"),
        ("weak", "also", "possible"),
    ]
    assert (told.outcome, told.summary) == ("fault", f"Sure: {T} fails.")


def test_what_goes_before_explains_though_it_is_less_sure(concluded: Concluded) -> None:
    told = concluded(
        cause("behind", says(Status.CONFIRMED)),
        cause("ahead", says(Status.LIKELY), before=("behind",)),
    )
    assert [one.cause.id for one in told.named] == ["ahead", "behind"]


def test_what_is_known_of_this_case_outweighs_what_is_said_in_general(
    concluded: Concluded,
) -> None:
    told = concluded(
        cause("usually", says(Status.CONFIRMED), before=("today",)),
        cause("today", says(Status.LIKELY, before=("usually",))),
    )
    assert [one.cause.id for one in told.named] == ["today", "usually"]


def test_what_a_named_cause_leaves_out_is_not_checked(concluded: Concluded) -> None:
    told = concluded(cause("some", says(Status.CONFIRMED, missing="the rest", unlock="try it")))
    assert [(one.id, one.why, one.unlock) for one in told.open] == [("some", "the rest", "try it")]


def test_of_two_alike_the_lower_layer_explains(concluded: Concluded) -> None:
    told = concluded(
        cause("upper", says(Status.LIKELY), layer=7), cause("lower", says(Status.LIKELY), layer=1)
    )
    assert [one.cause.id for one in told.named] == ["lower", "upper"]


def test_a_competitor_that_speaks_itself_is_an_alternative(concluded: Concluded) -> None:
    told = concluded(
        cause("first", says(Status.LIKELY, "second")), cause("second", says(Status.POSSIBLE))
    )
    assert relations(told) == [
        ("first", "explains", "likely"),
        ("second", "alternative", "possible"),
    ]


def test_a_competitor_that_stays_silent_is_one_too(concluded: Concluded) -> None:
    told = concluded(
        cause("first", says(Status.LIKELY, "second", "unbuilt")),
        cause("second", lambda _host: unknown("nothing measured")),
    )
    assert relations(told)[1:] == [("second", "alternative", "possible")]
    second = told.named[1]
    assert "would look the same" in second.judgement.explanation
    assert second.judgement.where == told.named[0].judgement.where
    assert second.advice


def test_every_cause_that_is_named_comes_with_its_advice(concluded: Concluded) -> None:
    told = concluded(cause("one", says(Status.CONFIRMED)), cause("two", says(Status.LIKELY)))
    assert all(one.advice[0].action == f"Mend: {T} fails." for one in told.named)


def test_the_first_address_goes_first_and_its_cause_says_which(concluded: Concluded) -> None:
    told = concluded(
        cause("later", only(OTHER, says(Status.CONFIRMED)), before=("early",)),
        cause("early", only(T, says(Status.LIKELY))),
        facts=(*BOTH[:3], replace(NO_WAY, destination=OTHER)),
    )
    assert relations(told) == [("early", "explains", "likely"), ("later", "also", "certain")]
    assert [one.judgement.where["address"] for one in told.named] == [T, OTHER]
    assert told.address == T


def test_one_cause_at_two_addresses_stands_once(concluded: Concluded) -> None:
    told = concluded(cause("both", says(Status.CONFIRMED)), facts=BOTH)
    assert [one.judgement.where["address"] for one in told.named] == [T]


def test_an_alternative_at_another_address_is_true_besides(concluded: Concluded) -> None:
    told = concluded(
        cause("first", only(T, says(Status.LIKELY, "second"))),
        cause("second", only(OTHER, says(Status.LIKELY))),
        facts=BOTH,
    )
    assert relations(told)[1] == ("second", "also", "likely")


def test_only_what_is_excluded_everywhere_is_ruled_out(concluded: Concluded) -> None:
    told = concluded(
        cause("half", only(OTHER, lambda _host: unknown("not tried"))),
        cause("none", lambda host: ruled_out(host.ids(Fact), "fine")),
        facts=BOTH,
    )
    assert [(name, judgement.evidence) for name, judgement in told.ruled_out] == [
        ("none", ("e1", "e3", "e4"))
    ]
    assert [(one.id, one.why) for one in told.open][:1] == [("half", "not tried")]


def test_what_rules_out_has_evidence_or_leaves_it_open(concluded: Concluded) -> None:
    told = concluded(cause("none", lambda _host: ruled_out((), "nothing speaks for it")))
    assert told.ruled_out == ()
    assert [(one.id, one.why) for one in told.open] == [("none", "nothing speaks for it")]


def test_what_does_not_concern_the_walk_is_not_left_open(concluded: Concluded) -> None:
    told = concluded(cause("elsewhere", lambda _host: unknown("")))
    assert told.open == ()
    assert (told.outcome, told.named) == ("inconclusive", ())


def test_a_cause_of_the_whole_walk_has_no_address() -> None:
    from layerwalk.probes.facts import NameserverAnswer

    denial = NameserverAnswer(server="192.0.2.53", outcome=Outcome.ANSWERED, rcode="NXDOMAIN")
    told = conclude(walk((resolved(nameservers=(denial,), outcome=Outcome.REFUSED),), NAME))
    assert (told.named[0].cause.id, told.address) == ("name-not-found", "")


@pytest.mark.parametrize("scheme", ["tcp", "tls", "http", "https"])
def test_a_healthy_connection_says_what_above_it_was_not_tried(scheme: str) -> None:
    facts = (*samples.healthy(), path_mtu())
    evidence = tuple(Evidence(id=f"e{n}", fact=fact) for n, fact in enumerate(facts, 1))
    view = WalkView(Target(T, T, samples.PORT, scheme), evidence)  # type: ignore[arg-type]
    told = conclude(view)
    assert told.outcome == "healthy"
    above = {one.id for one in told.open if "nothing above TCP" in one.why}
    assert ("tls-failure" in above) is (scheme in {"tls", "https"})
    assert ("response-slow" in above) is scheme.startswith("http")


def test_healthy_rules_out_every_cause_that_is_built() -> None:
    told = conclude(walk((*samples.healthy(), path_mtu())))
    assert {name for name, _ in told.ruled_out} | {one.id for one in told.open} >= {
        "firewall-drop",
        "firewall-reject",
        "port-closed",
        "link-down",
        "pmtu-blackhole",
    }
    assert isinstance(path_mtu(), PathMtuFact)
    assert all(judgement.evidence for _, judgement in told.ruled_out)


def test_nothing_measured_is_inconclusive() -> None:
    told = conclude(walk(()))
    assert (told.outcome, told.named, told.ruled_out) == ("inconclusive", (), ())
    assert told.open


def test_an_address_without_any_route_of_its_family_is_no_fault_beside_one_that_works() -> None:
    none = samples.route(
        destination="2001:db8::1", outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface=""
    )
    told = conclude(walk((*samples.healthy(), resolved("2001:db8::1", T), none), NAME))
    assert told.outcome == "healthy"


def test_ports_that_were_missing_when_it_failed_are_not_ruled_out() -> None:
    failed = Complaint(phase="connect", timer="none", errno="EADDRNOTAVAIL")
    counts = limits.source_ports(counted=False, sockets=5)
    found = conclude(replace(walk((*samples.healthy(), counts)), complaint=failed))
    assert found.outcome == "healthy"
    (left,) = (it for it in found.open if it.id == "ephemeral-ports-exhausted")
    assert "when it failed (EADDRNOTAVAIL); now: 64 source ports (40000-40063)" in left.why
    assert left.id not in [name for name, _ in found.ruled_out]
    gone = conclude(
        replace(walk((*limits.without_port(), limits.source_ports(taken=64))), complaint=failed)
    )
    assert gone.named[0].cause.id == left.id
    assert left.id not in [it.id for it in gone.open]
