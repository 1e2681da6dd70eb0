"""The catalogue: every cause has its file, its headings, its examples, and says what it should."""

import re
from pathlib import Path

import pytest

from layerwalk.diagnosis import causes as folder
from layerwalk.diagnosis.catalogue import cause as cause_of
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.model import Cause, Example, Status
from tests.unit.diagnosis.views import example_walk, judged

HEADINGS = ["Why it times out", "Evidence", "What to do", "Easily mistaken for"]

PLACES = {
    "name-not-found": (7, "resolver"),
    "resolver-unreachable": (7, "resolver"),
    "resolver-failing": (7, "resolver"),
    "resolver-degraded": (7, "resolver"),
    "resolvers-disagree": (7, "resolver"),
    "hosts-file-override": (7, "local"),
    "address-unusable": (7, "host"),
    "link-down": (1, "local"),
    "link-errors": (2, "local"),
    "duplicate-address": (2, "local"),
    "gateway-unreachable": (2, "local"),
    "no-route": (3, "local"),
    "route-rejected": (3, "local"),
    "route-missing-on-path": (3, "path"),
    "routing-loop": (3, "path"),
    "path-blackhole": (3, "path"),
    "host-down": (3, "host"),
    "reverse-path-filter": (3, "local"),
    "packet-loss": (3, "path host"),
    "high-latency": (3, "path host"),
    "pmtu-blackhole": (3, "path host"),
    "flow-dependent-path": (3, "path"),
    "port-closed": (4, "host"),
    "firewall-drop": (4, "local path host"),
    "firewall-reject": (4, "local path host"),
    "syn-option-dropped": (4, "path host"),
    "syn-rate-limited": (4, "path host"),
    "accept-queue-full": (4, "host local"),
    "ephemeral-ports-exhausted": (4, "local"),
    "conntrack-full": (4, "local"),
    "connect-timeout-too-short": (4, "local"),
    "service-hung": (5, "host"),
    "connection-reset": (5, "host path"),
    "tls-failure": (6, "host"),
    "protocol-mismatch": (7, "host"),
    "response-slow": (7, "host"),
    "gateway-timeout": (7, "host"),
    "upstream-unavailable": (7, "host"),
    "proxy-misrouted": (7, "proxy"),
    "timeouts-inverted": (7, "local"),
    "service-not-running": (7, "local"),
    "listens-elsewhere": (7, "local"),
    "cpu-saturated": (0, "local"),
    "memory-exhausted": (0, "local"),
    "disk-exhausted": (0, "local"),
    "descriptors-exhausted": (0, "local"),
    "processes-exhausted": (0, "local"),
}
"""Layer and kinds of place, as the project's catalogue has promised them."""

SHELL = re.compile(r"[`<>\x00-\x1f\x7f]|\$\(|&&|\|\||\brm\b|\bsudo\b")
"""What a command to copy must not hold: substitutions, redirections, controls, and worse."""

ALL = [pytest.param(one, id=one.id) for one in causes()]
EXAMPLES = [
    pytest.param(one, example, id=f"{one.id}: {example.name}")
    for one in causes()
    for example in one.examples
]
NAMED = [param for param in EXAMPLES if param.values[1].expect.names_it]  # type: ignore[union-attr]


def test_every_file_is_a_cause_of_its_name() -> None:
    files = {path.stem for path in Path(folder.__path__[0]).glob("*.py")} - {"__init__"}
    assert {one.id.replace("-", "_") for one in causes()} == files
    assert len({one.id for one in causes()}) == len(causes())


def test_a_cause_is_found_by_its_id() -> None:
    assert [cause_of(one.id) for one in causes()] == list(causes())
    assert cause_of("no-such-cause") is None


@pytest.mark.parametrize("one", ALL)
def test_a_cause_is_documented(one: Cause) -> None:
    first = one.doc.splitlines()[0]
    assert re.fullmatch(r"[A-Z].*\.", first)
    assert re.findall(r"^## (.*)$", one.doc, re.MULTILINE) == HEADINGS
    for part in re.split(r"^## .*$", one.doc, flags=re.MULTILINE)[1:]:
        assert part.strip()
    assert one.title
    assert not one.title.endswith(".")


@pytest.mark.parametrize("one", ALL)
def test_the_documents_links_name_causes_of_the_catalogue(one: Cause) -> None:
    named = {word for word in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", one.doc) if "-" in word}
    assert named <= set(PLACES)
    assert set(one.before) <= set(PLACES)


@pytest.mark.parametrize("one", ALL)
def test_a_cause_sits_on_its_layer(one: Cause) -> None:
    assert int(one.layer) == PLACES[one.id][0]


@pytest.mark.parametrize("one", ALL)
def test_a_cause_has_examples_of_each_kind(one: Cause) -> None:
    expected = {example.expect for example in one.examples}
    assert any(status.names_it for status in expected)
    assert {Status.RULED_OUT, Status.UNKNOWN} <= expected
    assert len({example.name for example in one.examples}) == len(one.examples)


@pytest.mark.parametrize("one", ALL)
def test_a_cause_judges_the_walk_or_each_address(one: Cause) -> None:
    assert (one.judge is None) != (one.judge_walk is None)


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_an_example_is_judged_as_it_says(one: Cause, example: Example) -> None:
    view = example_walk(example)
    for judgement in judged(one, view):
        assert judgement.status is example.expect
        assert set(judgement.evidence) <= {e.id for e in view.evidence}


@pytest.mark.parametrize(("one", "example"), NAMED)
def test_what_is_named_says_where_and_why(one: Cause, example: Example) -> None:
    for judgement in judged(one, example_walk(example)):
        assert judgement.where["kind"] in PLACES[one.id][1].split()
        assert judgement.evidence
        assert judgement.explanation.endswith(".")
        assert set(judgement.alternatives) <= set(PLACES)
        assert bool(judgement.decide_by) >= bool(judgement.alternatives)


@pytest.mark.parametrize(("one", "example"), NAMED)
def test_what_is_named_can_be_mended(one: Cause, example: Example) -> None:
    for judgement in judged(one, example_walk(example)):
        advice = one.advise(judgement)
        assert advice
        for step in advice:
            assert step.action
            assert not SHELL.search(step.command), step.command
            assert "None" not in step.action + step.command


@pytest.mark.parametrize("one", ALL)
def test_what_is_ruled_out_or_unknown_says_why(one: Cause) -> None:
    for example in one.examples:
        for judgement in judged(one, example_walk(example)):
            if judgement.status is Status.RULED_OUT:
                assert judgement.evidence
                assert judgement.explanation
            elif judgement.status is Status.UNKNOWN:
                assert judgement.missing
