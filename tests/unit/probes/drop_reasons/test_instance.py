"""A tracing instance of our own: made beside others', and taken away."""

from pathlib import Path

import pytest

from layerwalk.probes.drop_reasons import instance as room
from layerwalk.probes.drop_reasons.instance import PREFIX, Instance, sweep, tracing
from layerwalk.probes.makers import maker_name


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the tracing file system, as far as folders go."""
    monkeypatch.setattr(room, "FOLDERS", (tmp_path / "none", tmp_path))
    (tmp_path / "instances").mkdir()
    (tmp_path / "events/skb/kfree_skb").mkdir(parents=True)
    (tmp_path / "events/skb/kfree_skb/enable").write_text("0")
    return tmp_path


def test_it_is_found_where_it_is_mounted(folder: Path) -> None:
    assert tracing() == folder


def test_it_is_not_looked_for_without_the_event(folder: Path) -> None:
    (folder / "events/skb/kfree_skb/enable").unlink()
    assert tracing() is None


def test_an_instance_that_can_not_be_set_up_is_taken_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, _text: str) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(room, "_write", refused)
    with pytest.raises(PermissionError), Instance(folder, 4):
        raise AssertionError("it was refused")
    assert list((folder / "instances").iterdir()) == []


def test_only_what_the_dead_left_is_swept_away(folder: Path) -> None:
    ours = maker_name(PREFIX)
    *parts, began, number = ours.split("_")
    dead = "_".join([*parts, str(int(began) + 1), number])
    for name in (ours, dead, "another", PREFIX):
        (folder / "instances" / name).mkdir()
    sweep()
    left = {path.name for path in (folder / "instances").iterdir()}
    assert left == {ours, "another", PREFIX}
