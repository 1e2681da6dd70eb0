"""When borrowing a socket would give its packets another class, from recorded files."""

from pathlib import Path

import pytest

from layerwalk.probes.process_sockets.traffic_class import keeps_class

MOUNTS = "33 25 0:29 / {at} rw,nosuid shared:15 - cgroup cgroup rw,net_cls,net_prio\n"
PART = "33 25 0:29 /docker {at} rw,nosuid - cgroup cgroup rw,net_cls,net_prio\n"
OURS, THEIRS = "/", "/docker/4711"


def machine(
    tmp_path: Path, theirs: str, classid: tuple[str, str] | None = None, mounts: str = MOUNTS
) -> Path:
    proc, at = tmp_path / "proc", tmp_path / "net_cls"
    lines = "9:cpu:/\n7:net_cls,net_prio:{}\n0::/user.slice\n"
    for name, group in (("self", OURS), ("20", theirs)):
        (proc / name).mkdir(parents=True)
        (proc / name / "cgroup").write_text(lines.format(group), encoding="utf-8")
    (proc / "self/mountinfo").write_text(f"1 1 0:1 / / rw - ext4 x rw\n{mounts.format(at=at)}")
    for group, number in zip((OURS, theirs), classid or (), strict=False):
        folder = Path(f"{at}{group}")
        folder.mkdir(parents=True)
        (folder / "net_cls.classid").write_text(f"{number}\n")
        (folder / "net_prio.ifpriomap").write_text("lo 0\neth0 0\n")
    return proc


def test_a_machine_without_classes_has_nothing_to_change(tmp_path: Path) -> None:
    for name in ("self", "20"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup").write_text("0::/whatever\n", encoding="utf-8")
    assert keeps_class(20, tmp_path)


def test_in_the_same_group_nothing_changes(tmp_path: Path) -> None:
    assert keeps_class(20, machine(tmp_path, OURS))


@pytest.mark.parametrize(("theirs", "keeps"), [("0", True), ("1048577", False)])
def test_between_groups_their_class_decides(tmp_path: Path, theirs: str, *, keeps: bool) -> None:
    assert keeps_class(20, machine(tmp_path, THEIRS, ("0", theirs))) is keeps


def test_what_can_t_be_compared_may_not_be_the_same(tmp_path: Path) -> None:
    assert not keeps_class(20, machine(tmp_path / "a", THEIRS))
    assert not keeps_class(20, machine(tmp_path / "b", THEIRS, ("0", "0"), PART))


def test_other_priorities_are_another_treatment(tmp_path: Path) -> None:
    proc = machine(tmp_path, THEIRS, ("0", "0"))
    (tmp_path / f"net_cls{THEIRS}/net_prio.ifpriomap").write_text("lo 0\neth0 5\n")
    assert not keeps_class(20, proc)


def test_a_process_that_has_gone_is_no_process(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keeps_class(21, machine(tmp_path, OURS))
