"""What a service's threads do while we wait: those that begin and end meanwhile count, too."""

import shutil
from pathlib import Path

from layerwalk.probes.resources.figures import Files
from layerwalk.probes.toil import Toil

SECOND = 10**9


def doing(root: Path, pid: int, tid: int, ran: int, waited: int, *, children: str = "") -> None:
    """Write what a thread of a process has done so far, in seconds."""
    folder = root / f"proc/{pid}/task/{tid}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedstat").write_text(f"{ran * SECOND} {waited * SECOND} 3\n")
    (folder / "children").write_text(children)


def test_what_moves_between_looks_counts_and_what_is_new_from_its_beginning(tmp_path: Path) -> None:
    toil = Toil((42,), Files(tmp_path))
    doing(tmp_path, 42, 42, 100, 50)
    toil.look()
    assert (toil.ran_s, toil.waited_s) == (0.0, 0.0)
    doing(tmp_path, 42, 42, 101, 52)
    doing(tmp_path, 42, 43, 1, 3)
    toil.look()
    assert (toil.ran_s, toil.waited_s) == (2.0, 5.0)
    shutil.rmtree(tmp_path / "proc/42/task/43")
    toil.look()
    assert (toil.ran_s, toil.waited_s) == (2.0, 5.0)


def test_children_count_as_long_as_they_live(tmp_path: Path) -> None:
    toil = Toil((42,), Files(tmp_path))
    doing(tmp_path, 42, 42, 1, 1)
    toil.look()
    doing(tmp_path, 42, 42, 1, 1, children="77 ")
    doing(tmp_path, 77, 77, 0, 4, children="42 ")
    toil.look()
    assert (toil.ran_s, toil.waited_s) == (0.0, 4.0)


def test_a_service_that_is_gone_does_nothing(tmp_path: Path) -> None:
    toil = Toil((42,), Files(tmp_path))
    toil.look()
    toil.look()
    assert (toil.ran_s, toil.waited_s) == (0.0, 0.0)
