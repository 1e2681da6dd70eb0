"""Walks while a neighbour sends 10,000 packets a second: foreign ones, and forged answers."""

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Shape
from layerwalk.lab.topology import line
from layerwalk.probes.facts import AnswerKind, Target
from layerwalk.probes.wire import packets, tap
from layerwalk.session.state import report_of
from layerwalk.session.walk import Walk
from tests.lab.client import peer, wire_of, wired
from tests.lab.flood import flooded
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

CASES = [
    ("healthy", Shape(3, 0)),
    ("healthy", Shape(2, 0, 6)),
    ("firewall-drop", Shape(3, 2, 6)),
    ("firewall-reject-reset", Shape(3, 2)),
    ("path-blackhole", Shape(3, 1)),
    ("port-closed", Shape(2, 3, 6)),
]


@pytest.mark.parametrize("args", [(), ("--unprivileged",)], ids=["root", "unprivileged"])
@pytest.mark.parametrize(("name", "shape"), CASES, ids=[f"{n}-v{s.family}" for n, s in CASES])
def test_the_verdict_is_the_same(
    walker: Walker, name: str, shape: Shape, args: tuple[str, ...]
) -> None:
    scenario = ALL[name].apply(shape)
    with build(scenario.network) as lab, flooded(lab):
        walked = walker.walk(lab, scenario.client, *args, *scenario.args, scenario.target)
    verdict = walked.report["verdict"]
    assert (walked.first.get("id"), verdict["outcome"]) == (
        scenario.cause,
        "fault" if scenario.cause else "healthy",
    ), verdict
    if scenario.cause:
        assert scenario.place_fits(walked.first["where"]), walked.first
    dropped = [it for it in walked.report["evidence"] if it["probe"] == "receive"]
    assert len(dropped) <= 1


def test_what_finds_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A buffer that holds two packets, read by a thread that does not get to run."""
    monkeypatch.setattr(tap, "_BUFFER", 1)
    network = line(1)
    with wired(network) as (lab, ctx):
        wire, to = wire_of(ctx), peer(network, 4)
        assert wire.means.dropped() == 0
        with flooded(lab):
            wire.wait(lambda: wire.means.dropped() > 100, 30, ctx.cancel)
        assert wire.means.dropped() > 100
        probe = packets.echo(to, 7, wire.number(15))
        wire.send(probe)
        assert wire.wait(lambda: bool(wire.answers(probe)), 10, ctx.cancel)
        assert [it.kind for it in wire.answers(probe)] == [AnswerKind.ECHO_REPLY]
        wire.close()
        assert wire.means.dropped() > 100


def test_drops_are_said_and_what_rests_on_silence_is_less_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tap, "_BUFFER", 1)
    scenario = ALL["firewall-drop"].apply(Shape(3, 2))
    target = Target(scenario.target, scenario.target.partition(":")[0], 5432)
    with build(scenario.network) as lab, flooded(lab), lab.inside(scenario.client):
        report = report_of(Walk(target).run())
    (said,) = [it for it in report.evidence if it.probe == "receive"]
    assert said.data["dropped"] > 0
    assert said.data["during"]
    assert "silence may be its own" in said.finding
    if report.verdict.causes:
        first = report.verdict.causes[0]
        assert first.confidence == "possible"
        assert said.finding in first.explanation
        assert said.id in first.evidence
