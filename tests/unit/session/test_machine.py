"""The machine that is walked from."""

import platform
from pathlib import Path

import pytest

from layerwalk.session.machine import this_host

Patch = pytest.MonkeyPatch


def test_a_machine_has_a_name_a_system_and_a_kernel() -> None:
    host = this_host(raw=True)
    assert (host.name, host.kernel) == (platform.node(), platform.release())
    assert host.os
    assert host.privileges.raw


def test_a_system_that_does_not_name_itself_is_called_by_its_kernel(monkeypatch: Patch) -> None:
    def unnamed() -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(platform, "freedesktop_os_release", unnamed)
    assert this_host(raw=False).os == "Linux"


@pytest.mark.parametrize(
    ("held", "admin"),
    [("0000000000001000", True), ("000001ffffffffff", True), ("0000000000002000", False)],
)
def test_rights_are_read_from_the_kernel(monkeypatch: Patch, held: str, *, admin: bool) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_a, **_k: f"Name:\tx\nCapEff:\t{held}\n")
    assert this_host(raw=False).privileges.admin is admin


def test_without_the_file_there_are_none(monkeypatch: Patch) -> None:
    def missing(*_a: object, **_k: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert not this_host(raw=False).privileges.admin
