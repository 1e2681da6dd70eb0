"""What holds for all dialects: what is put together, what is left out, what is refused."""

import pytest

from layerwalk.probes.facts import Target
from layerwalk.session.error_lines import read_errors
from layerwalk.session.error_lines.durations import seconds
from layerwalk.session.targets import BadInput


def only(text: str) -> Target:
    (found,) = read_errors(text)
    assert found.target is not None
    return found.target


def test_the_name_is_walked_and_the_address_is_tried() -> None:
    found = only('Get "https://api.internal/x": dial tcp 192.0.2.5:443: i/o timeout')
    assert found == Target(
        "https://api.internal/x", "api.internal", 443, "https", addresses=("192.0.2.5",)
    )


def test_an_address_of_another_port_is_another_machine() -> None:
    found = only('Get "https://api.internal/x": dial tcp 192.0.2.9:3128: i/o timeout')
    assert (found.host, found.port, found.scheme) == ("192.0.2.9", 3128, "tcp")


def test_several_attempts_are_one_target() -> None:
    found = only(
        'connection to server at "db" (2001:db8::5), port 5432 failed: Connection refused\n'
        'connection to server at "db" (192.0.2.5), port 5432 failed: Connection refused'
    )
    assert (found.host, found.addresses) == ("db", ("2001:db8::5", "192.0.2.5"))


def test_the_last_of_several_is_the_latest() -> None:
    found = read_errors(
        "dial tcp 192.0.2.5:80: i/o timeout\ndial tcp 192.0.2.6:80: i/o timeout\n"
        "dial tcp 192.0.2.5:80: connect: connection refused"
    )
    assert [it.target and it.target.host for it in found] == ["192.0.2.6", "192.0.2.5"]
    assert found[-1].entry.errno == "ECONNREFUSED"


def test_the_family_asked_for_chooses_the_addresses() -> None:
    line = 'connection to server at "db" ({}), port 5432 failed: timeout expired'
    both = f"{line.format('2001:db8::5')}\n{line.format('192.0.2.5')}"
    assert read_errors(both, 4)[0].target == Target(
        "db:5432", "db", 5432, family=4, addresses=("192.0.2.5",)
    )


def test_an_address_of_the_other_family_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="IPv6 address, and -4 asks"):
        read_errors("dial tcp [2001:db8::5]:80: i/o timeout", 4)


@pytest.mark.parametrize(
    "text",
    [
        "dial tcp 0.0.0.0:80: i/o timeout",
        "dial tcp 192.0.2.5:99999: i/o timeout",
        "dial tcp 999.0.2.5:80: i/o timeout",
        "dial tcp 224.0.0.1:80: i/o timeout",
    ],
)
def test_what_can_be_no_target_is_none(text: str) -> None:
    assert [found.target for found in read_errors(text)] == [None]


@pytest.mark.parametrize("text", ["", " ", "\n", "error", "192.0.2.5:80", "http://x/", "\0", "it"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no error line that is understood"):
        read_errors(text)


def test_what_a_terminal_would_obey_is_gone() -> None:
    (found,) = read_errors(
        "\x1b]0;title\x07\x1b[31mdial tcp \x9b1m192.0.2.5:80\x1b[0m: i/o timeout"
    )
    assert found.entry.text == "dial tcp 192.0.2.5:80: i/o timeout"


def test_a_log_is_read_from_its_end() -> None:
    old = "dial tcp 192.0.2.6:80: i/o timeout\n"
    text = old + "nothing of note\n" * 400_000 + "dial tcp 192.0.2.5:80: i/o timeout"
    assert only(text).host == "192.0.2.5"


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("5", None, 5.0),
        ("2", "minutes", 120.0),
        ("250", "ms", 0.25),
        ("0", "s", None),
        ("", "s", None),
        ("9e9", "s", None),
        ("5", "parsec", None),
    ],
)
def test_a_limit_in_seconds(number: str, unit: str | None, expected: float | None) -> None:
    assert seconds(number, unit) == expected


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("5001", "milliseconds", 5.0),
        ("1501", "ms", 1.5),
        ("10010", "ms", 10.0),
        ("1054", "ms", 1.0),
        ("1203", "ms", 1.2),
        ("251", "ms", 0.25),
        ("4.999", "s", 5.0),
        ("7", "ms", 0.007),
    ],
)
def test_the_limit_behind_a_measured_time(number: str, unit: str, expected: float) -> None:
    assert seconds(number, unit, measured=True) == expected
