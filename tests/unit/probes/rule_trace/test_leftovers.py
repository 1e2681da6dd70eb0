"""Tables that a killed process left: found by their names, and no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerwalk.probes.rule_trace import leftovers
from layerwalk.probes.rule_trace.leftovers import own_name, sweep


@pytest.fixture
def deleted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(leftovers, "delete", found.extend)
    return found


def standing(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(leftovers, "tables", lambda: tuple(("inet", name) for name in names))


def of_the_dead() -> str:
    """The name that a process gave that is gone."""
    program = "from layerwalk.probes.rule_trace.leftovers import own_name; print(own_name())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_names_are_all_different() -> None:
    assert own_name() != own_name()
    assert f"_{os.getpid()}_" in own_name()


def test_only_what_the_dead_left_is_deleted(
    monkeypatch: pytest.MonkeyPatch, deleted: list[tuple[str, str]]
) -> None:
    left, ours = of_the_dead(), own_name()
    elsewhere = left.replace(left.split("_")[2], "1", 1)
    standing(monkeypatch, left, ours, elsewhere, "filter", "layerwalk_trace", f"{left}_x", "")
    assert sweep(load=True) == 1
    assert deleted == [("inet", left)]


def test_a_number_that_is_another_process_now_is_no_owner(
    monkeypatch: pytest.MonkeyPatch, deleted: list[tuple[str, str]]
) -> None:
    *parts, began, number = own_name().split("_")
    earlier = "_".join([*parts, str(int(began) - 1), number])
    standing(monkeypatch, earlier)
    assert sweep(load=True) == 1
    assert deleted == [("inet", earlier)]


def test_a_kernel_that_has_no_rules_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
    deleted: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    modules = tmp_path / "modules"
    modules.write_text("veth 40960 0 - Live 0x0\n")
    monkeypatch.setattr(leftovers, "_MODULES", modules)
    standing(monkeypatch, of_the_dead())
    assert sweep() == 0
    modules.write_text("nf_tables 409600 7 - Live 0x0\n")
    assert sweep() == 1
    assert len(deleted) == 1


def test_who_may_not_ask_deletes_nothing(
    monkeypatch: pytest.MonkeyPatch, deleted: list[tuple[str, str]]
) -> None:
    def refused() -> tuple[tuple[str, str], ...]:
        raise PermissionError

    monkeypatch.setattr(leftovers, "tables", refused)
    assert (sweep(load=True), deleted) == (0, [])
