"""Walks with --pcap: every packet of the report is in the file, each with its evidence."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Shape
from tests.lab.walks import Walker
from tests.unit.session.pcap.packetfiles import Seen, seen_in

pytestmark = pytest.mark.netns

CASES = [
    ("healthy-by-name", Shape(3, 0)),
    ("healthy", Shape(2, 0, 6)),
    ("firewall-drop", Shape(3, 1)),
    ("firewall-reject", Shape(3, 2, 6)),
    ("gateway-unreachable", Shape(2, 0)),
    ("pmtu-blackhole", Shape(3, 2)),
    ("host-down", Shape(2, 3, 6)),
]


def answers_in(data: Any) -> Iterator[dict[str, Any]]:
    """Every answer in an evidence's data, however deep it stands."""
    if isinstance(data, dict):
        if data.get("packet"):
            yield data
        for value in data.values():
            yield from answers_in(value)
    elif isinstance(data, list):
        yield from itertools.chain.from_iterable(map(answers_in, data))


def walked(
    walker: Walker, name: str, shape: Shape, file: Path
) -> tuple[dict[str, Any], list[Seen]]:
    scenario = ALL[name].apply(shape)
    with build(scenario.network) as lab:
        words = (*scenario.args, "--pcap", str(file), scenario.target)
        found = walker.walk(lab, scenario.client, *words)
    return found.report, seen_in(file)


@pytest.mark.parametrize(
    ("name", "shape"), CASES, ids=[f"{name}-{it.family}" for name, it in CASES]
)
def test_every_packet_of_the_report_is_in_the_file(
    walker: Walker, name: str, shape: Shape, tmp_path: Path
) -> None:
    report, seen = walked(walker, name, shape, tmp_path / "a.pcapng")
    evidence = {it["id"]: it for it in report["evidence"]}
    assert seen
    assert [it.stamp_ns for it in seen] == sorted(it.stamp_ns for it in seen)
    for packet in seen:
        entry = evidence[packet.evidence]
        assert packet.comment.startswith(f"{entry['id']} {entry['probe']}: ")
    heard = [it for it in seen if it.direction == 1]
    for entry in evidence.values():
        for answer in answers_in(entry["data"]):
            data = bytes.fromhex(answer["packet"])
            assert any(it.data.startswith(data) for it in heard), (entry["id"], answer)


@pytest.mark.parametrize(
    ("name", "shape"), CASES, ids=[f"{name}-{it.family}" for name, it in CASES]
)
def test_as_many_probes_are_in_the_file_as_the_report_counts(
    walker: Walker, name: str, shape: Shape, tmp_path: Path
) -> None:
    report, seen = walked(walker, name, shape, tmp_path / "a.pcapng")
    for entry in report["evidence"]:
        mine = [it for it in seen if it.evidence == entry["id"] and it.direction == 2]
        others = ("reset, so that nothing", "from the kernel")
        probes = [it for it in mine if not any(word in it.comment for word in others)]
        data = entry["data"]
        if entry["probe"] in {"syn", "echo"}:
            assert len(probes) == data["sent"]
        if entry["probe"] == "trace":
            assert len(probes) == len(data["tries"])
        if entry["probe"] == "neighbour":
            assert len(probes) == data.get("asked", 0)


def test_what_was_gathered_until_the_budget_is_spent_is_in_the_file(
    walker: Walker, tmp_path: Path
) -> None:
    scenario = ALL["path-blackhole"].apply(Shape(3, 1))
    with build(scenario.network) as lab:
        words = ("--budget", "1.5", "--pcap", str(tmp_path / "a.pcapng"), scenario.target)
        report = walker.walk(lab, scenario.client, *words).report
    assert report["ended"] == "budget"
    known = {it["id"] for it in report["evidence"]}
    assert {it.evidence for it in seen_in(tmp_path / "a.pcapng")} <= known
    assert len(list(tmp_path.iterdir())) == 1
