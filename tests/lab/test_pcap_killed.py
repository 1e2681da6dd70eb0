"""Files of --pcap as Wireshark's own tools read them: of walks that ended, and of killed ones."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Scenario, Shape
from tests.lab.recorded import Walking
from tests.unit.session.pcap.packetfiles import seen_in

pytestmark = pytest.mark.netns

AS_ROOT = re.compile(r'Running as user "root" and group "root"\. This could be dangerous\.\n')
WARNING = (
    "_ws.malformed || (_ws.expert.severity >= 0x00600000 && !(_ws.expert.group == 0x02000000))"
)
"""What tshark calls a warning or worse. What it says of a connection's course (reset, or a segment
acknowledged that was not captured) is about the network, and the truth."""


def read_by_tshark(file: Path, *words: str) -> list[str]:
    """What tshark says of each packet; it must have no complaint of its own."""
    command = ["tshark", "-n", "-r", str(file), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, AS_ROOT.sub("", done.stderr)) == (0, "")
    return done.stdout.splitlines()


def is_sound(file: Path) -> list[str]:
    """Check a file as a whole; returns the comment on each packet."""
    fields = ("-T", "fields", "-e", "frame.interface_name", "-e", "frame.comment")
    assert read_by_tshark(file, "-Y", WARNING) == []
    rows = [line.split("\t") for line in read_by_tshark(file, *fields)]
    assert all(interface and comment for interface, comment in rows)
    told = subprocess.run(
        ["capinfos", "-Mc", str(file)], capture_output=True, text=True, check=True
    )
    assert re.search(rf"packets: +{len(rows)}\b", told.stdout), told
    assert len(rows) == len(seen_in(file))
    return [comment for _, comment in rows]


@pytest.fixture(scope="module", params=[4, 6])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """A silent port: the walk to it takes some seconds, in which it can be killed."""
    return ALL["firewall-drop"].apply(Shape(3, 2, request.param))


@pytest.fixture(scope="module")
def lab(scenario: Scenario) -> Iterator[Lab]:
    with build(scenario.network) as made:
        yield made


def walking(lab: Lab, scenario: Scenario, folder: Path, *targets: str) -> Walking:
    words = ("diagnose", "--pcap", str(folder / "a.pcapng"), scenario.target, *targets)
    return Walking(lab, scenario.client, words, folder / "state")


def kept_by_now(folder: Path) -> int:
    """How many packets the file holds: it can be read at any time."""
    file = folder / "a.pcapng"
    return len(seen_in(file)) if file.exists() else 0


@pytest.mark.parametrize("number", [1, 15, 60, 110])
def test_a_killed_walk_leaves_what_it_had_seen(
    number: int, lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    walk = walking(lab, scenario, tmp_path)
    walk.until_true(lambda: kept_by_now(tmp_path) >= number)
    assert walk.end(signal.SIGKILL)[0] == -signal.SIGKILL
    comments = is_sound(tmp_path / "a.pcapng")
    assert len(comments) >= number
    assert all(f"of the walk to {scenario.target}" in comment for comment in comments)
    assert [*tmp_path.glob(".layerwalk-*")] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_walk_that_is_told_to_end_leaves_the_whole_file(
    number: signal.Signals, lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    walk = walking(lab, scenario, tmp_path)
    walk.until_true(lambda: kept_by_now(tmp_path) >= 60)
    assert walk.end(number)[0] == 130
    comments = is_sound(tmp_path / "a.pcapng")
    assert len(comments) >= 60
    assert all(re.match(r"e\d+ [a-z-]+: ", comment) for comment in comments)


def test_several_targets_share_a_file(lab: Lab, scenario: Scenario, tmp_path: Path) -> None:
    other = scenario.target.replace("5432", "443")
    walk = walking(lab, scenario, tmp_path, other)
    assert walk.ended()[0] == 1
    assert len(is_sound(tmp_path / "a.pcapng")) > 100
    sections = read_by_tshark(tmp_path / "a.pcapng", "-T", "fields", "-e", "frame.section_number")
    assert {*sections} == {"1", "2"}


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("healthy-by-name", Shape(2, 0)),
        ("healthy", Shape(2, 0, 6)),
        ("firewall-drop", Shape(3, 1, 6, direction="back")),
        ("firewall-reject-reset", Shape(3, 2)),
        ("gateway-unreachable", Shape(2, 0)),
        ("pmtu-blackhole", Shape(3, 2, 6)),
        ("host-down", Shape(2, 3)),
    ],
)
def test_tshark_has_nothing_to_say_against_it(name: str, shape: Shape, tmp_path: Path) -> None:
    scenario = ALL[name].apply(shape)
    with build(scenario.network) as made:
        words = ("diagnose", *scenario.args, "--pcap", str(tmp_path / "a.pcapng"), scenario.target)
        Walking(made, scenario.client, words, tmp_path / "state").ended()
    assert len(is_sound(tmp_path / "a.pcapng")) > 5
