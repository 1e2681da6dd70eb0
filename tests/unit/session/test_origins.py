"""Marks and sources as a person types them."""

import os

import pytest

from layerwalk.probes.origin import HERE, Origin
from layerwalk.session import origins
from layerwalk.session.origins import check_reach, mark_of, origin_of, pid_of
from layerwalk.session.targets import BadInput


@pytest.mark.parametrize(
    ("text", "mark"), [("5", 5), ("0x5", 5), ("0XfF", 255), ("010", 10), ("4294967295", 2**32 - 1)]
)
def test_a_mark_is_a_number(text: str, mark: int) -> None:
    assert mark_of(text) == mark


@pytest.mark.parametrize(
    "text",
    ["", "0", "0x0", "-1", "+5", " 5", "5_0", "0x", "five", "4294967296", "0x1ffffffff", "\u0665"],
)
def test_what_is_no_mark_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"is no mark; give a number from 1 to 0xffffffff"):
        mark_of(text)


@pytest.mark.parametrize("text", ["", "0", "-1", "0x10", "self", "4194304", "1 2", "9" * 30])
def test_what_is_no_process_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no process; give its number, as ps shows it"):
        pid_of(text)


def test_a_process_is_looked_at() -> None:
    asked = origin_of(5, "lo", os.getpid())
    assert asked.quarters
    assert (asked.quarters.pid, asked.interface, asked.plain) == (os.getpid(), "lo", False)
    assert origin_of(None, None, os.getpid()).plain
    assert asked.words == ("--mark", "0x5", "--source", "lo", "--pid", str(os.getpid()))


def test_a_source_is_one_of_the_process() -> None:
    with pytest.raises(BadInput, match=rf"process {os.getpid()} has no address and no interface"):
        origin_of(None, "none0", os.getpid())


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ProcessLookupError(), "there is no such process, or it has ended; see: ps -e"),
        (OSError(22, "Invalid argument"), "there is no such process"),
        (PermissionError(), "this user may not enter that process's network; say it as root"),
    ],
)
def test_a_process_out_of_reach_is_told_in_a_line(
    error: OSError, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_pid: int) -> None:
        raise error

    monkeypatch.setattr(origins, "quarters_of", refuse)
    with pytest.raises(BadInput, match=f"^--pid 7: {why}") as refused:
        origin_of(None, None, 7)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        (None, Origin(mark=5)),
        ("127.0.0.2", Origin(mark=5, address="127.0.0.2")),
        ("::ffff:127.0.0.2", Origin(mark=5, address="127.0.0.2")),
        ("lo", Origin(mark=5, interface="lo")),
    ],
)
def test_a_source_is_an_address_or_an_interface(source: str | None, origin: Origin) -> None:
    assert origin_of(5, source) == origin


def test_nothing_asked_for_is_nothing_special() -> None:
    assert origin_of(None, None) == HERE


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "no address and no interface ''"),
        ("lo:1", "no address and no interface 'lo:1'"),
        ("none0\0", "no address and no interface"),
        ("x" * 500, "no address and no interface"),
        ("203.0.113.77", "is no address of this machine; see: ip -br addr"),
        ("2001:db8::77", "is no address of this machine"),
        ("127.255.255.255", "is no address of this machine"),
        ("0.0.0.0", "nothing is sent from 0.0.0.0"),
        ("::", "nothing is sent from ::"),
        ("224.0.0.1", "nothing is sent from 224.0.0.1"),
        ("255.255.255.255", "nothing is sent from 255.255.255.255"),
        ("fe80::1", "a link-local address needs its interface: fe80::1%INTERFACE"),
        ("fe80::1%none0", "is no address of this machine"),
    ],
)
def test_another_source_is_refused_in_a_line(source: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        origin_of(None, source)
    assert "--source" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("source", "host", "why"),
    [
        ("127.0.0.2", "::1", "is IPv4, and the target ::1 is not; give an IPv6 address"),
        ("::1", "198.51.100.9", "is IPv6, and the target 198.51.100.9 is not"),
        ("127.0.0.2", "198.51.100.9", "nothing leaves this machine from it"),
    ],
)
def test_a_target_out_of_reach_is_refused(source: str, host: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        check_reach(Origin(address=source), host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (HERE, "::1"),
        (Origin(interface="lo"), "198.51.100.9"),
        (Origin(address="127.0.0.2"), "127.0.0.1"),
        (Origin(address="127.0.0.2"), "db.example.org"),
        (Origin(address="198.51.100.1"), "127.0.0.1"),
    ],
)
def test_any_other_target_is_tried(origin: Origin, host: str) -> None:
    check_reach(origin, host)
