"""What is said where the kernel does not let a network be made: which setting, and what helps."""

import os

import pytest

from layerwalk.lab import permission
from layerwalk.lab.permission import explained, value_of

DENIED = "unshare: unshare failed: Operation not permitted\n"


@pytest.fixture(params=["user", "bare root", "root"])
def caller(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Stand in for an ordinary user, for root without rights, and for root with all."""
    who = str(request.param)
    monkeypatch.setattr(os, "geteuid", lambda: 1000 if who == "user" else 0)
    monkeypatch.setattr(permission, "has_rights", lambda: who == "root")
    return who


def said(complaint: str = DENIED, **settings: int) -> str:
    words = explained(complaint, lambda name: settings.get(name.partition(".")[2]))
    assert len(words.splitlines()) == 1
    return words


@pytest.mark.parametrize("caller", ["user"], indirect=True)
@pytest.mark.parametrize(
    ("name", "forbids", "allows"),
    [
        ("kernel.apparmor_restrict_unprivileged_userns", 1, 0),
        ("kernel.unprivileged_userns_clone", 0, 1),
        ("user.max_user_namespaces", 0, 10000),
    ],
)
@pytest.mark.usefixtures("caller")
def test_the_setting_that_stops_users_is_named(name: str, forbids: int, allows: int) -> None:
    words = explained(DENIED, {name: forbids}.get)
    assert words.startswith(f"{name} is {forbids}, so only root may make one")
    assert words.endswith(f"use sudo, or as root sysctl -w {name}={allows}")
    assert name not in explained(DENIED, {name: allows}.get)


@pytest.mark.usefixtures("caller")
def test_a_limit_of_none_stops_everybody() -> None:
    words = said("client: [Errno 28] unshare: No space left on device", max_net_namespaces=0)
    assert words.startswith("user.max_net_namespaces is 0, so nobody may make one")
    assert "sudo" not in words


def test_what_stops_users_does_not_stop_root(caller: str) -> None:
    named = "max_user_namespaces" in said(max_user_namespaces=0)
    assert named is (caller != "root")


def test_a_refusal_that_no_setting_explains(caller: str) -> None:
    words = said()
    assert "Operation not permitted" in words
    assert words.endswith("use sudo") is (caller == "user")
    assert ("CAP_SYS_ADMIN" in words) is (caller == "bare root")


@pytest.mark.usefixtures("caller")
def test_a_limit_that_is_reached() -> None:
    assert "user.max_*_namespaces" in said("[Errno 28] unshare: No space left on device")


def test_other_complaints_are_left_as_they_are() -> None:
    assert said("Traceback\nclient: nft -f -: syntax error\n") == "client: nft -f -: syntax error"
    assert said("") == "the process that holds the lab ended without a word"


def test_a_setting_that_this_kernel_lacks_has_no_value() -> None:
    assert value_of("kernel.layerwalk_has_none") is None
    assert value_of("kernel.pid_max") is not None
