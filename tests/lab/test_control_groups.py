"""Control groups of a lab: planned for either version, and gone with it, however it ends."""

import os
import select
import signal
from pathlib import Path

import pytest

from layerwalk.lab import control_groups
from layerwalk.lab.build import Lab, build
from layerwalk.lab.control_groups import check, groups_of, sweep
from layerwalk.lab.errors import UnavailableError
from layerwalk.lab.spec import Network
from layerwalk.lab.spec.programs import Program
from layerwalk.lab.topology import line
from layerwalk.lab.traces import namespace_of

pytestmark = pytest.mark.netns

TIGHT = Program(8080, processors=0.02, memory_mib=48)


def scene() -> Network:
    return line(0).with_host("server", services=(), programs=(TIGHT,))


def folders(lab: Lab) -> list[Path]:
    """The groups that a lab's program is in, of those that a lab has made."""
    children = Path(f"/proc/{lab.pid('server')}/task/{lab.pid('server')}/children").read_text()
    (program,) = children.split()
    paths = {row.rsplit(":", 1)[1] for row in Path(f"/proc/{program}/cgroup").read_text().split()}
    names = {Path(path).name for path in paths if "layerwalk-lab-" in path}
    return [one for name in names for one in control_groups.MOUNTED.rglob(name)]


def test_a_program_is_in_its_groups_and_they_go_with_the_lab() -> None:
    with build(scene()) as lab:
        made = folders(lab)
        assert made
    assert not [folder for folder in made if folder.exists()]


def test_they_go_with_a_lab_that_is_killed() -> None:
    lab = build(scene())
    made = folders(lab)
    keeper = lab._keeper
    sweepers = [os.pidfd_open(pid) for pid in sweepers_of(keeper.pid)]
    keeper.send_signal(signal.SIGKILL)
    keeper.communicate()
    assert select.select(sweepers, [], [], 30)[0] == sweepers
    assert made
    assert not [folder for folder in made if folder.exists()]


def sweepers_of(keeper: int) -> list[int]:
    """The keeper's children that are in no namespace of a lab's: they outlive it."""
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    return [int(pid) for pid in children if namespace_of(int(pid)) == namespace_of(keeper)]


def mounted(folder: Path, monkeypatch: pytest.MonkeyPatch, handed_down: str = "") -> None:
    monkeypatch.setattr(control_groups, "MOUNTED", folder)
    if handed_down:
        (folder / "cgroup.subtree_control").write_text(handed_down)


def test_the_second_version_is_used_where_it_hands_the_controllers_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted(tmp_path, monkeypatch, "cpu memory pids\n")
    cpu, memory = groups_of(TIGHT, "box")
    assert (cpu.folder, dict(cpu.figures)) == (tmp_path / "box", {"cpu.max": 2000})
    assert dict(memory.figures) == {"memory.max": 48 << 20}
    assert dict(memory.others) == {"memory.swap.max": 0}


def test_the_first_version_is_used_where_it_is_mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted(tmp_path, monkeypatch, "memory\n")
    for name in ("cpu", "memory"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").touch()
    cpu, memory = groups_of(TIGHT, "box")
    assert cpu.folder == tmp_path / "cpu" / "box"
    assert cpu.figures["cpu.cfs_quota_us"] == 2000
    assert memory.figures["memory.limit_in_bytes"] == 48 << 20


@pytest.mark.parametrize("handed_down", ["", "pids\n", "memory\n"])
def test_a_machine_without_them_is_told_what_it_lacks(
    handed_down: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted(tmp_path, monkeypatch, handed_down)
    with pytest.raises(UnavailableError, match=r"can't be built here: .* controller cpu"):
        check(scene())
    check(line(0))


def test_a_folder_that_was_never_made_is_none_to_take_away(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    sweep([made, tmp_path / "planned"])
    assert list(tmp_path.iterdir()) == []
